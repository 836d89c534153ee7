from django.db import migrations

from members.consent_chain import RefuseChange
from members.overlap import RefuseOverlap


class Migration(migrations.Migration):
    dependencies = [("members", "0002_memberships")]
    operations = [RefuseOverlap(), RefuseChange()]
