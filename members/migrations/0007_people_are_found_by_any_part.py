from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from members.search import TEXTS, phone_digits, text_of

# Not in Meta.indexes: Django would try to make them on SQLite too, which has no such thing.
NAMES = ("person_says", "person_before_says", "payer_says", "application_says")
INDEXES = [
    *(
        (model.__name__, GinIndex(OpClass(text_of(model), "gin_trgm_ops"), name=name))
        for name, model in zip(NAMES, TEXTS, strict=True)
    ),
    ("User", GinIndex(OpClass(phone_digits(), "gin_trgm_ops"), name="person_phone")),
]


def add(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for model, index in INDEXES:
            schema_editor.add_index(apps.get_model("members", model), index)


def remove(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for model, index in INDEXES:
            schema_editor.remove_index(apps.get_model("members", model), index)


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0006_rights_of_the_treasurer"),
        ("billing", "0007_invoices_are_found_by_any_part"),
    ]

    operations = [migrations.RunPython(add, remove)]
