import datetime as dt

import pytest
from django.contrib.auth import get_user_model
from django.db.models import F, Max

from privacy.models import AccessLog
from privacy.periods import annotated, overdue
from privacy.purposes import Keep
from tests.privacy.people import NOW, browser_of, look_at, person

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)

KEEPS = [
    Keep(after="x", days=7),
    Keep(after="x", months=6),
    Keep(after="x", months=24),
    Keep(after="x", years=7, end_of_year=True),
    Keep(after="x"),
]


@pytest.mark.parametrize("keep", KEEPS)
def test_kept_one_second_before_and_gone_one_second_after(keep):
    row = look_at(person())
    over = keep.until(NOW)

    def gone(now: dt.datetime) -> list[int]:
        return list(overdue(AccessLog.objects.all(), start="at", keep=keep, now=now))

    assert gone(over - SECOND) == []
    assert gone(over + SECOND) == [row.pk]


@pytest.mark.parametrize("keep", KEEPS)
def test_a_day_is_kept_to_its_end(keep):
    user = person(details_confirmed_on=dt.date(2026, 3, 31))
    over = keep.until(dt.date(2026, 3, 31))

    def gone(now: dt.datetime) -> list[int]:
        people = get_user_model().objects.all()
        return list(overdue(people, start="details_confirmed_on", keep=keep, now=now))

    assert gone(over - SECOND) == []
    assert gone(over + SECOND) == [user.pk]


def test_what_has_not_happened_is_kept():
    person(details_confirmed_on=None)
    keep = Keep(after="x")

    rows = get_user_model().objects.all()

    assert list(overdue(rows, start="details_confirmed_on", keep=keep, now=NOW)) == []


def test_of_several_rows_the_last_one_counts():
    user = person()
    browser_of(user, key="old", seen_at=NOW - dt.timedelta(days=30))
    browser_of(user, key="new", seen_at=NOW)

    rows = annotated(get_user_model().objects.all(), start="usersession__last_seen_at")

    assert [row.counted_from for row in rows] == [NOW]


@pytest.mark.parametrize("start", [F("at"), Max("at")])
def test_any_expression_will_do(start):
    look_at(person())

    assert [row.counted_from for row in annotated(AccessLog.objects.all(), start=start)] == [NOW]
