from typing import Any

from django.db import migrations

from members import first_rows, roles


def create(apps: Any, _editor: Any) -> None:
    first_rows.create(apps)
    roles.grant(apps)


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0003_what_the_database_refuses"),
        ("billing", "0003_first_rows"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
