"""Nightly work, one person at a time: what goes wrong with one does not stop the others."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from django.db.models import Model

log = logging.getLogger(__name__)
Row = TypeVar("Row", bound=Model)
Result = TypeVar("Result")


def one_by_one(do: Callable[[Row], Result | None], rows: Iterable[Row]) -> list[Result]:
    """What was done. A failure is logged and left for the next night, which asks anew."""
    done = []
    for row in rows:
        try:
            result = do(row)
        except Exception:  # whatever it is, 800 others are waiting
            log.exception("%s %s could not be handled", row._meta.label, row.pk)
            continue
        if result is not None:
            done.append(result)
    return done
