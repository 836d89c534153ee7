"""From a keep rule to a moment: until when a row is kept, and which rows are past it."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import DateTimeField, F, Max, Model, QuerySet

from privacy.declarations import KeptFrom
from privacy.purposes import Keep

COUNTED_FROM = "counted_from"


def annotated(rows: QuerySet[Any], *, start: KeptFrom, name: str = COUNTED_FROM) -> QuerySet[Any]:
    """The rows with the point in time that their period is counted from."""
    if isinstance(start, str):
        return rows.annotate(**{name: Max(start) if _is_manifold(rows.model, start) else F(start)})
    return rows.annotate(**{name: start})


def _is_manifold(model: type[Model], path: str) -> bool:
    """Whether the path leads to several rows, of which the last one counts."""
    current: Any = model
    for step in path.split("__"):
        field = current._meta.get_field(step)
        if field.one_to_many or field.many_to_many:
            return True
        current = field.related_model
    return False


def until(keep: Keep, start: dt.date | dt.datetime | None) -> dt.datetime | None:
    """When the period is over; None as long as what it is counted from has not happened."""
    return keep.until(start) if start is not None else None


def overdue(rows: QuerySet[Any], *, start: KeptFrom, keep: Keep, now: dt.datetime) -> Iterator[Any]:
    """Primary keys of the rows whose period was over at `now`."""
    counted = annotated(rows, start=start)
    # No period is shorter than this in days, so the database leaves out most rows;
    # ends of months and of years are for Python to judge.
    at_least = dt.timedelta(days=keep.days + 28 * keep.months + 365 * keep.years)
    latest: dt.date | dt.datetime = now - at_least
    if not isinstance(counted.query.annotations[COUNTED_FROM].output_field, DateTimeField):
        latest = (now - at_least).date() + dt.timedelta(days=1)
    candidates = counted.filter(**{f"{COUNTED_FROM}__lte": latest}).order_by()
    for pk, begun in candidates.values_list("pk", COUNTED_FROM).iterator(chunk_size=2000):
        if keep.until(begun) <= now:
            yield pk
