"""An association that has grown: of whatever there is, so many times as many rows.

A copy of an event has seats of its own, of the same people; a copy of an invoice is the same
buyer's. So every list grows, also those of one person.
"""

import uuid
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Model, UniqueConstraint, UUIDField

from members.models import Membership, User

TEN_YEARS = timedelta(days=3653)

# In the order in which they lean on each other.
GROWING = (
    ("members", ("User", "Application", "Consent")),
    ("news", ("Article", "Source", "Newsletter", "Subscriber")),
    ("events", ("Event", "Price", "Speaker", "Session", "Document", "Message")),
    ("billing", ("BankFile", "BankTransaction", "Invoice", "InvoiceLine", "InvoiceVat")),
    ("billing", ("Payment", "Reminder")),
    ("members", ("Membership",)),
    ("events", ("Booking", "Needs", "Certificate")),
    ("mail", ("Mail",)),
    ("privacy", ("AccessLog",)),
    ("admin", ("LogEntry",)),
    ("events", ("HistoricalEvent", "HistoricalBooking")),
    ("members", ("HistoricalUser", "HistoricalMembership")),
    ("news", ("HistoricalArticle",)),
)
# Unique together with others, or whatever its case.
ALSO_UNIQUE = {"sequence", "email", "name"}

Copies = dict[type[Model], dict[Any, Any]]


def grow(times: int) -> None:
    """Each row `times` times, itself included."""
    _copy_all(times)
    if connection.vendor == "postgresql":  # by itself within a minute, where rows are committed
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _copy_all(times: int) -> None:
    models = [apps.get_model(app, name) for app, names in GROWING for name in names]
    originals = {model: list(model._base_manager.order_by("pk")) for model in models}
    for number in range(1, times):
        copies: Copies = {}
        for model, rows in originals.items():
            copies[model] = {}
            for some in _before_those_that_lean_on_them(rows):
                _copy(model, some, number, copies)


def _before_those_that_lean_on_them(rows: list[Any]) -> list[list[Any]]:
    """A credit note after what it credits."""
    leaning = [row for row in rows if getattr(row, "credits_id", None)]
    return [[row for row in rows if row not in leaning], leaning]


def _copy(model: type[Model], rows: list[Any], number: int, copies: Copies) -> None:
    made = [
        model(**{field.attname: _value(field, row, number, copies) for field in _columns(model)})
        for row in rows
    ]
    for row, copy in zip(rows, model._base_manager.bulk_create(made), strict=True):
        copies[model][row.pk] = copy.pk


def _columns(model: type[Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if not field.primary_key]


def _value(field: Any, row: Any, number: int, copies: Copies) -> Any:
    value = getattr(row, field.attname)
    if value in (None, ""):
        return value
    if field.is_relation:
        return _copy_or_the_same(field, value, copies)
    if isinstance(row, Membership) and field.name in {"starts_on", "ends_on", "ended_on"}:
        return value - number * TEN_YEARS  # years of one person never overlap
    return _another(field, value, number) if _is_unique(field) else value


def _copy_or_the_same(field: Any, value: Any, copies: Copies) -> Any:
    """People keep their own, unless they can have but one."""
    if field.related_model is User and not _is_unique(field):
        return value
    return copies.get(field.related_model, {}).get(value, value)


def _is_unique(field: Any) -> bool:
    alone = [
        constraint.fields
        for constraint in field.model._meta.constraints
        if isinstance(constraint, UniqueConstraint)
    ]
    return field.unique or (field.name,) in alone or field.name in ALSO_UNIQUE


def _another(field: Any, value: Any, number: int) -> Any:
    if isinstance(field, UUIDField):
        return uuid.uuid4()
    if isinstance(value, int):
        return value + 1_000_000 * number
    return f"{number}{value}"[: field.max_length]
