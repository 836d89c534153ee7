from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from events.search import text

# Not in Meta.indexes: Django would try to make it on SQLite too, which has no such thing.
INDEX = GinIndex(OpClass(text(), "gin_trgm_ops"), name="booking_says")


def add(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.add_index(apps.get_model("events", "Booking"), INDEX)


def remove(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.remove_index(apps.get_model("events", "Booking"), INDEX)


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0004_picture"),
        ("billing", "0007_invoices_are_found_by_any_part"),  # brings the trigrams
    ]

    operations = [migrations.RunPython(add, remove)]
