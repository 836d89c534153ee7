from django.db import migrations

from events import first_rows


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]
    operations = [
        migrations.RunPython(
            lambda apps, _editor: first_rows.create(apps), migrations.RunPython.noop
        )
    ]
