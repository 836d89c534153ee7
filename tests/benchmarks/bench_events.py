"""Seats: one after the other at the same event, as the lock lets them through."""

from collections.abc import Callable

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from tests.benchmarks.conftest import WORK
from tests.factories import events

pytestmark = pytest.mark.benchmark(group=WORK)

SEATS = 400


def bench_seat_held(benchmark: BenchmarkFixture, count_queries: Callable[..., None]) -> None:
    """Lock, count again, decide the price, take the lowest free number; a conference fills up."""
    conference = events.conference(capacity=SEATS)
    count_queries(lambda: events.hold(conference))
    benchmark.pedantic(events.hold, args=(conference,), rounds=SEATS - 1)
