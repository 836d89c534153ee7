from django.db import migrations

from billing.immutability import InstallTriggers


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial")]
    operations = [InstallTriggers()]
