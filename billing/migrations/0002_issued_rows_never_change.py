from django.db import migrations

from billing import immutability


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial")]
    operations = [migrations.RunPython(immutability.install, migrations.RunPython.noop)]
