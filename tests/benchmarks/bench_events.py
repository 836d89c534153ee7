"""Seats: one after the other at the same event, as the lock lets them through."""

from collections.abc import Callable

import pytest

from tests.benchmarks.conftest import WORK
from tests.factories import events

pytestmark = [pytest.mark.usefixtures("site"), pytest.mark.benchmark(group=WORK)]

SEATS = 400


def bench_seat_held(work: Callable[..., None]) -> None:
    """Lock, count again, decide the price, take the lowest free number; a conference fills up."""
    conference = events.conference(capacity=SEATS)
    work(lambda: events.hold(conference), times=SEATS)
