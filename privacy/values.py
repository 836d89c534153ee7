"""How one column of one row reads to the person it is about."""

import datetime as dt
from typing import Any

from django.db.models import Field, FileField, JSONField
from django.utils import formats, timezone
from django.utils.translation import gettext


def shown(instance: Any, field: Field) -> str:
    """The value in the reader's language; empty text for nothing."""
    if field.many_to_many:
        return ", ".join(str(other) for other in getattr(instance, field.name).all())
    if field.choices:
        return str(getattr(instance, f"get_{field.name}_display")() or "")
    return as_text(getattr(instance, field.name), field)


def as_text(value: Any, field: Field) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, dt.datetime):
        return formats.date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, dt.date):
        return formats.date_format(value)
    if isinstance(field, JSONField):
        return _flat(value)
    if isinstance(field, FileField):
        return str(value.name or "")
    return str(value)


def _flat(value: Any) -> str:
    """What is empty in it is left out."""
    if isinstance(value, dict):
        told = {key: _flat(inner) for key, inner in value.items()}
        return ", ".join(f"{key}: {inner}" for key, inner in told.items() if inner)
    if isinstance(value, list):
        return ", ".join(filter(None, map(_flat, value)))
    return "" if value is None else str(value)
