from django.db import migrations

from members import roles


def grant(apps, schema_editor):
    roles.grant(apps)


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0009_ordinary_stands_first"),
        ("billing", "0009_late_charges_and_openings"),
    ]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
