from django.db import migrations

from members import roles


def grant(apps, schema_editor):
    roles.grant(apps)


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0004_roles"),
        ("privacy", "0002_requests_erasures_and_evidence"),
    ]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
