"""Nightly work on many: what goes wrong with one does not stop the others."""

import gc
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from django.db.models import Model

log = logging.getLogger(__name__)
Row = TypeVar("Row", bound=Model)
Result = TypeVar("Result")
Item = TypeVar("Item")

SIZE = 500


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


def in_batches(
    do: Callable[[Sequence[Item]], Result], items: Sequence[Item], *, size: int = SIZE
) -> Iterator[Result]:
    """What `do` returned for each batch; it does all of a batch or nothing.

    A batch that fails is tried again by halves, down to the one that is at fault: a failure is
    logged and left for the next night.
    """
    for start in range(0, len(items), size):
        yield from _by_halves(do, items[start : start + size])


def _by_halves(do: Callable[[Sequence[Item]], Result], batch: Sequence[Item]) -> Iterator[Result]:
    try:
        with _collector_at_rest():
            done = do(batch)
    except Exception:  # whatever it is, the others are waiting
        if len(batch) == 1:
            log.exception("%s could not be handled", batch[0])
            return
        log.warning("%d could not be handled together", len(batch), exc_info=True)
        half = len(batch) // 2
        yield from _by_halves(do, batch[:half])
        yield from _by_halves(do, batch[half:])
    else:
        yield done


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Python looks for unused cycles as rows are made, and goes through all that is loaded to find
    none: a sixth of a batch's time. Between two batches it may.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
