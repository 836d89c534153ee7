from django.db import migrations

from billing import first_rows


class Migration(migrations.Migration):
    dependencies = [("billing", "0002_issued_rows_never_change")]
    operations = [
        migrations.RunPython(
            lambda apps, _editor: first_rows.create(apps), migrations.RunPython.noop
        )
    ]
