"""The copy of everything stored of a person: for machines (`data.json`) and for reading."""

import datetime as dt
import io
import json
import zipfile
from dataclasses import asdict
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Field, FileField
from django.template.loader import render_to_string
from django.utils.translation import get_language

from privacy.collection import Row, Table, collect
from privacy.controller import AUTHORITY, controller
from privacy.declarations import Data, Subject, column
from privacy.export_schema import FORMAT, SCHEMA
from privacy.my_data import sections
from privacy.processing import Processing, all_processing
from privacy.register import register
from privacy.values import shown


def archive(subject: Subject, *, now: dt.datetime) -> bytes:
    """A zip with both, the schema of the first, and documents such as invoices.

    It names nothing outside itself, so it can be read without the net.
    """
    tables = collect(subject)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as folder:
        folder.writestr("schema.json", json.dumps(SCHEMA, indent=2))
        folder.writestr("data.json", as_json(tables, now=now))
        folder.writestr("index.html", as_page(tables, now=now))
        for papers in register.papers:
            for name, content in papers(subject):
                folder.writestr(f"papers/{name}", content)
    return packed.getvalue()


def as_page(tables: list[Table], *, now: dt.datetime) -> str:
    context = {"sections": sections(tables), "controller": controller(), "now": now}
    return render_to_string("privacy/export.html", context)


def as_json(tables: list[Table], *, now: dt.datetime) -> str:
    content = {
        "format": FORMAT,
        "language": get_language(),
        "made_at": now,
        "controller": asdict(controller()),
        "supervisory_authority": str(AUTHORITY.name),
        "purposes": [_purpose(one) for one in all_processing()],
        "tables": [_table(table) for table in tables],
    }
    return json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)


def _purpose(one: Processing) -> dict[str, Any]:
    return {
        "key": one.purpose.key,
        "title": str(one.purpose.title),
        "why": str(one.purpose.why),
        "basis": str(one.purpose.basis.title),
        "article": one.purpose.basis.article,
        "law_or_interest": str(one.interest),
        "source": str(one.purpose.source),
        "recipients": [
            {"kind": str(r.recipient.title), "companies": [c.name for c in r.companies]}
            for r in one.receivers
        ],
        "rights": one.rights,
    }


def _table(table: Table) -> dict[str, Any]:
    fields = [(column(table.model, name), held) for name, held in table.personal()]
    given = [(field, held) for field, held in fields if held.exported is None]
    return {
        "table": table.model._meta.label,
        "title": table.declared.heading,
        "columns": {
            field.name: {
                "title": table.declared.label_of(field.name),
                "purpose": table.declared.purpose_of(held).key,
                "provided_by_you": held.provided,
            }
            for field, held in given
        },
        "withheld": {
            field.name: str(held.exported.reason) for field, held in fields if held.exported
        },
        "rows": [_row(row, given) for row in table.rows],
    }


def _row(row: Row, given: list[tuple[Field, Data]]) -> dict[str, Any]:
    return {
        "values": {field.name: plain(row.instance, field) for field, _held in given},
        "kept_until": row.kept_until,
    }


def plain(instance: Any, field: Field) -> Any:
    """The value as JSON knows it; what points at another row in words."""
    if field.is_relation or isinstance(field, FileField):
        return shown(instance, field)
    return field.value_from_object(instance)
