"""The nightly renewal: a thousand people's next year, with its invoice and its mail."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from members.models import Membership, User
from members.operations import issue_renewals
from members.periods import year_number
from tests.benchmarks.conftest import WORK
from tests.factories import members

pytestmark = pytest.mark.benchmark(group=WORK)

PEOPLE = 1_000
JOINED = date(2025, 3, 16)


def bench_membership_renewed(
    benchmark: BenchmarkFixture, count_queries: Callable[..., None]
) -> None:
    thousand_people_join()
    count_queries(lambda: renew_after(0), of=PEOPLE)
    benchmark.extra_info["items"] = PEOPLE
    years = iter((1, 2))
    benchmark.pedantic(renew_after, setup=lambda: ((next(years),), {}), rounds=2)


def thousand_people_join() -> None:
    people = User.objects.bulk_create(
        User(email=f"member{number}@example.org", name=f"Medlem {number}")
        for number in range(PEOPLE)
    )
    first, kind = year_number(JOINED, 0), members.kind()
    Membership.objects.bulk_create(
        Membership(user=person, kind=kind, starts_on=first.first, ends_on=first.last)
        for person in people
    )


def renew_after(year: int) -> None:
    """A fortnight before that year of theirs ends."""
    last_day = year_number(JOINED, year).last
    assert len(issue_renewals(today=last_day - timedelta(days=14))) == PEOPLE
