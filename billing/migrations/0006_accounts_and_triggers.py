from django.db import migrations

from billing import first_rows
from billing.immutability import TABLES, InstallTriggers


class Migration(migrations.Migration):
    dependencies = [("billing", "0005_the_books")]
    operations = [
        InstallTriggers(TABLES),
        migrations.RunPython(
            lambda apps, _editor: first_rows.create_accounts(apps), migrations.RunPython.noop
        ),
    ]
