from django.db import migrations

from members import first_rows


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0003_terms_exemptions_questions"),
        ("billing", "0004_first_rows"),
    ]
    operations = [
        migrations.RunPython(
            lambda apps, _editor: first_rows.create(apps), migrations.RunPython.noop
        )
    ]
