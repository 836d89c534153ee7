from django.db import migrations

from billing.immutability import InstallTriggers


class Migration(migrations.Migration):
    dependencies = [("billing", "0002_initial")]
    operations = [InstallTriggers()]
