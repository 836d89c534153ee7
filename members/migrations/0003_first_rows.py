from django.db import migrations

from members import first_rows


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0002_periods_never_overlap"),
        ("billing", "0004_first_rows"),
    ]
    operations = [
        migrations.RunPython(
            lambda apps, _editor: first_rows.create(apps), migrations.RunPython.noop
        )
    ]
