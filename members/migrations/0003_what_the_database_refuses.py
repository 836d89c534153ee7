from django.db import migrations

from members import consent_chain, overlap


class Migration(migrations.Migration):
    dependencies = [("members", "0002_memberships")]
    operations = [
        migrations.RunPython(overlap.install, migrations.RunPython.noop),
        migrations.RunPython(consent_chain.install, migrations.RunPython.noop),
    ]
