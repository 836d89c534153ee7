"""Nightly work on many: what goes wrong with one does not stop the others."""

import gc
import logging
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db.models import QuerySet

log = logging.getLogger(__name__)
Result = TypeVar("Result")
Item = TypeVar("Item")
Part = TypeVar("Part", bound=Sized)

SIZE = 500


def keys_of(rows: QuerySet[Any]) -> Sequence[int]:
    """Eight bytes each: however many are due, a run holds their keys and one batch of rows."""
    return array("q", rows.values_list("pk", flat=True).iterator())


def tell_nobody(_part: Sequence[Any]) -> None:
    """Nobody wants to know."""


def counted(parts: Iterable[Part], told: Callable[[Part], object]) -> int:
    """How much was done. `told` hears of it batch by batch, and nothing of it is kept."""
    count = 0
    for part in parts:
        told(part)
        count += len(part)
    return count


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
