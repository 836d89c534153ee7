from django.db import migrations

from news import first_rows


class Migration(migrations.Migration):
    dependencies = [("news", "0002_full_text_index")]
    operations = [
        migrations.RunPython(
            lambda apps, _editor: first_rows.create(apps), migrations.RunPython.noop
        )
    ]
