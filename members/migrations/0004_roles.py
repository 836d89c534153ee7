from django.db import migrations

from members import roles


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0003_first_rows"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.RunPython(lambda apps, _editor: roles.grant(apps), migrations.RunPython.noop)
    ]
