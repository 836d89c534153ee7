"""Many rows like one, for lists: past the operations, and only as true as a list needs it."""

import copy
import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from typing import Any

from django.db import models

# What the rules of a table want besides a value of its own in each unique column.
_OTHERWISE: dict[str, Callable[[int], dict[str, Any]]] = {
    "events.Booking": lambda n: {"user": None},
    "members.Application": lambda n: {
        "state": "approved",
        "decided_at": dt.datetime(2026, 3, 2, tzinfo=dt.UTC),
    },
    "members.Membership": lambda n: {
        "starts_on": dt.date(1000 + n, 1, 1),
        "ends_on": dt.date(1000 + n, 12, 31),
        "ended_on": None,
        "ended_why": "",
    },
    "billing.InvoiceVat": lambda n: {"category": "S", "rate": 30 + n},
    "events.Certificate": lambda n: {"revoked_at": dt.datetime(2026, 3, 2, tzinfo=dt.UTC)},
    "privacy.Protection": lambda n: {
        "email": "",
        "ended_at": dt.datetime(2026, 3, 2, tzinfo=dt.UTC),
    },
    # Below the one with movements, which is to stay on the first page.
    "billing.StripePayout": lambda n: {"arrived_on": dt.date(2000, 1, 1)},
}


def copies(row: models.Model, number: int, *, start: int = 1, **changes: Any) -> None:
    model = type(row)
    model._base_manager.bulk_create(
        _copy(row, number, changes) for number in range(start, start + number)
    )


def _copy(row: models.Model, number: int, changes: dict[str, Any]) -> models.Model:
    made = copy.copy(row)
    made._state = models.base.ModelState()
    different = {field.name: _another(field, number) for field in _own(type(row))}
    more = _OTHERWISE.get(row._meta.label, lambda _n: {})(number)
    for name, value in {"pk": None, **different, **more, **changes}.items():
        setattr(made, name, value)
    return made


def _own(model: type[models.Model]) -> Iterator[models.Field]:
    """The columns in which two rows must differ: of each constraint, one that is not a relation."""
    fields = {field.name: field for field in model._meta.concrete_fields}
    yield from (field for field in fields.values() if field.unique and not field.primary_key)
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            names = constraint.fields or ("email",)
            plain = [fields[name] for name in names if not fields[name].is_relation]
            yield from [field for field in plain if not field.choices][:1]


def _another(field: models.Field, number: int) -> Any:
    if field.one_to_one:
        return None
    if isinstance(field, models.UUIDField):
        return uuid.uuid4()
    if isinstance(field, models.EmailField):
        return f"copy{number}@example.org"
    if isinstance(field, models.DateField):
        return dt.date(1900, 1, 1) + dt.timedelta(days=number)
    if isinstance(field, models.SmallIntegerField):
        return 10_000 + number
    if isinstance(field, models.IntegerField):
        return 1_000_000 + number
    return f"c{number:05}"
