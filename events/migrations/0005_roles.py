from django.db import migrations

from members import roles


class Migration(migrations.Migration):
    """Whoever runs events may also work with what belongs to them since the last migration."""

    dependencies = [
        ("events", "0004_the_day_and_after"),
        ("members", "0004_roles"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.RunPython(lambda apps, _editor: roles.grant(apps), migrations.RunPython.noop)
    ]
