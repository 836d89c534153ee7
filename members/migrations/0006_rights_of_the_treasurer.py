from django.db import migrations

from members import roles


def grant(apps, schema_editor):
    roles.grant(apps)


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0005_ordinary_stands_first"),
        ("billing", "0005_late_charges_and_openings"),
    ]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
