from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from billing.search import text

# Not in Meta.indexes: Django would try to make it on SQLite too, which has no such thing.
INDEX = GinIndex(OpClass(text(), "gin_trgm_ops"), name="invoice_says")


def add(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.add_index(apps.get_model("billing", "Invoice"), INDEX)


def remove(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.remove_index(apps.get_model("billing", "Invoice"), INDEX)


class Migration(migrations.Migration):
    dependencies = [("billing", "0006_product_accounts")]

    operations = [TrigramExtension(), migrations.RunPython(add, remove)]
