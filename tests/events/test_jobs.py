"""The reminder of the day before: once, in the morning, and not for nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from events import jobs, operations
from events.models import Event
from mail import makers
from mail.models import Mail
from tests.factories import events as factory

pytestmark = pytest.mark.django_db
NIGHT = datetime(2026, 3, 10, 2, 15, tzinfo=UTC)
"""A quarter past three in Sweden."""
TOMORROW = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)


def tomorrow(**changes: object) -> Event:
    return factory.event(**{"starts_at": TOMORROW, **changes})


def reminded() -> list[str]:
    return list(Mail.objects.filter(key__startswith="event-reminder").values_list("to", flat=True))


def test_who_has_a_seat_tomorrow_is_reminded_at_eight() -> None:
    booking = factory.confirmed(tomorrow())
    assert jobs.remind_day_before(NIGHT) == [booking]
    mail = Mail.objects.get()
    assert mail.to == booking.email
    assert mail.not_before == datetime(2026, 3, 10, 7, 0, tzinfo=UTC)
    assert [name for name, _arguments in mail.attachments] == ["booking-calendar"]


def test_run_again_nobody_is_reminded_twice() -> None:
    factory.confirmed(tomorrow())
    jobs.remind_day_before(NIGHT)
    assert jobs.remind_day_before(NIGHT + timedelta(hours=1)) == []
    assert len(reminded()) == 1


def test_a_dry_run_names_them_and_writes_nothing() -> None:
    booking = factory.confirmed(tomorrow())
    assert jobs.remind_day_before(NIGHT, dry_run=True) == [booking]
    assert reminded() == []


@pytest.mark.parametrize("people", [2, 40])
def test_however_many_are_reminded_it_takes_the_same_queries(
    people: int, django_assert_max_num_queries: Any
) -> None:
    event = tomorrow(capacity=people)
    factory.fill(event)
    # The seats, the mails already written, and the new ones: by COPY, with keys and a savepoint.
    with django_assert_max_num_queries(6):
        jobs.remind_day_before(NIGHT)
    assert len(reminded()) == people


def test_late_on_the_day_itself_it_catches_up_at_once() -> None:
    factory.confirmed(tomorrow())
    late = TOMORROW - timedelta(hours=2)
    jobs.remind_day_before(late)
    assert Mail.objects.get().not_before == late


@pytest.mark.parametrize(
    ("event", "booking"),
    [
        ({"starts_at": TOMORROW + timedelta(days=1)}, {}),
        ({"starts_at": NIGHT - timedelta(minutes=1)}, {}),
        ({"cancelled_at": NIGHT}, {}),
        ({}, {"state": "cancelled", "seat": None, "cancelled_at": NIGHT}),
        ({}, {"state": "waiting", "seat": None}),
    ],
)
def test_nobody_else_is_reminded(event: dict[str, object], booking: dict[str, object]) -> None:
    factory.confirmed(tomorrow(**event), **booking)
    assert jobs.remind_day_before(NIGHT) == []


@pytest.mark.parametrize("change", ["cancelled", "called off", "moved"])
def test_a_reminder_that_has_become_wrong_does_not_leave(change: str) -> None:
    event = tomorrow()
    booking = factory.confirmed(event)
    jobs.remind_day_before(NIGHT)
    guard = Mail.objects.get().guard
    assert makers.still_wanted(guard)
    if change == "cancelled":
        operations.cancel(booking=booking, by=None, now=NIGHT)
    elif change == "called off":
        Event.objects.filter(pk=event.pk).update(cancelled_at=NIGHT)
    else:
        Event.objects.filter(pk=event.pk).update(
            starts_at=TOMORROW + timedelta(days=7), ends_at=TOMORROW + timedelta(days=8)
        )
    assert not makers.still_wanted(guard)


def test_a_moved_event_is_reminded_of_again() -> None:
    event = tomorrow()
    factory.confirmed(event)
    jobs.remind_day_before(NIGHT)
    week = timedelta(days=7)
    Event.objects.filter(pk=event.pk).update(starts_at=TOMORROW + week, ends_at=TOMORROW + 2 * week)
    assert len(jobs.remind_day_before(NIGHT + week)) == 1


def test_on_the_night_when_the_clock_is_changed() -> None:
    """29 March 2026 has 23 hours; an event on its evening is tomorrow seen from the 28th."""
    event = factory.event(starts_at=datetime(2026, 3, 29, 20, 0, tzinfo=UTC))
    booking = factory.confirmed(event)
    assert jobs.remind_day_before(datetime(2026, 3, 28, 2, 15, tzinfo=UTC)) == [booking]
    assert Mail.objects.get().not_before == datetime(2026, 3, 28, 7, 0, tzinfo=UTC)
