"""PostgreSQL uses an index over an expression only where it is asked for the very same one."""

import re

import pytest
from django.db import connection

from events.models import Booking
from events.search import bookings
from members import search
from members.models import Membership, User

OF_PEOPLE = {"person_says", "person_before_says", "payer_says", "application_says", "invoice_says"}


@pytest.fixture
def _never_reading_all(db) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")  # a small index is read as a whole


def indexes(rows) -> set[str]:
    return set(re.findall(r"Bitmap Index Scan on (\w+_(?:says|phone))", rows.explain()))


@pytest.mark.postgres
@pytest.mark.usefixtures("_never_reading_all")
@pytest.mark.parametrize(
    ("typed", "used"), [("Åström", OF_PEOPLE), ("070-123 45", OF_PEOPLE | {"person_phone"})]
)
def test_people_are_looked_for_in_every_index(typed: str, used: set[str]) -> None:
    assert indexes(search.people(User.objects.all(), typed)) == used


@pytest.mark.postgres
@pytest.mark.usefixtures("_never_reading_all")
def test_memberships_are_looked_for_in_two() -> None:
    found = indexes(search.memberships(Membership.objects.all(), "Åström"))
    assert found == {"person_says", "invoice_says"}


@pytest.mark.postgres
@pytest.mark.usefixtures("_never_reading_all")
def test_seats_are_looked_for_in_theirs() -> None:
    assert indexes(bookings(Booking.objects.all(), "Åström")) == {"booking_says"}


@pytest.mark.postgres
@pytest.mark.usefixtures("_never_reading_all")
def test_another_expression_finds_no_index() -> None:
    """The control: the same columns in another order."""
    rows = User.objects.alias(says=search.Joined("email", "name")).filter(says__contains="X")
    assert indexes(rows) == set()
