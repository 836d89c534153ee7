"""The nightly renewal: a thousand people's next year, with its invoice and its mail."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from members.models import Membership, User
from members.operations import issue_renewals
from members.periods import year_number
from tests.benchmarks.conftest import WORK
from tests.factories import members

pytestmark = [pytest.mark.usefixtures("site"), pytest.mark.benchmark(group=WORK)]

PEOPLE = 1_000
YEAR = year_number(date(2025, 3, 16), 0)


def bench_membership_renewed(work: Callable[..., None]) -> None:
    """A fortnight before their year ends."""
    thousand_people_join()
    work(lambda: renew(YEAR.last - timedelta(days=14)), items=PEOPLE)


def thousand_people_join() -> None:
    people = User.objects.bulk_create(
        User(email=f"member{number}@example.org", name=f"Medlem {number}")
        for number in range(PEOPLE)
    )
    kind = members.kind()
    Membership.objects.bulk_create(
        Membership(user=person, kind=kind, starts_on=YEAR.first, ends_on=YEAR.last)
        for person in people
    )


def renew(today: date) -> None:
    assert issue_renewals(today=today) == PEOPLE
