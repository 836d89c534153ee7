"""Where a seat is taken: lock the event, count again, take the lowest free number, write.

Whoever changes how many seats are taken holds the lock of that event for the whole transaction.
On SQLite there are no row locks; there every transaction is IMMEDIATE, which is one lock for all.
Behind it stands a constraint: a seat has a number, and a number is taken once. Never talk to
another company while holding the lock.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Max

from events.models import Booking, Event
from events.models.bookings import BookingQuerySet
from events.moves import move
from events.refusals import EventFull


def locked(event_id: int) -> Event:
    """The event's row as it is now, locked until the transaction ends."""
    return Event.objects.select_for_update().get(pk=event_id)


def all_locked(event_ids: Iterable[int]) -> dict[int, Event]:
    """Several events, always in the same order, so that two carts cannot wait for each other."""
    return {event_id: locked(event_id) for event_id in sorted(set(event_ids))}


def seats_left(event: Event, mode: str) -> int:
    """Negative when staff has gone above the capacity."""
    return event.capacity_of(mode) - _seated(event, mode).count()


def free_seat(event: Event, mode: str, *, beyond_capacity: bool = False) -> int:
    """The lowest free number. Staff may go beyond the capacity, knowingly."""
    seated = _seated(event, mode)
    taken = seated.aggregate(count=Count("pk"), last=Max("seat"))
    if taken["count"] >= event.capacity_of(mode) and not beyond_capacity:
        raise EventFull
    if taken["count"] == (taken["last"] or 0):  # no gap: the numbers are taken once each
        return int(taken["count"]) + 1
    numbers = set(seated.values_list("seat", flat=True))
    return next(number for number in range(1, len(numbers) + 2) if number not in numbers)


def _seated(event: Event, mode: str) -> BookingQuerySet:
    return Booking.objects.filter(event=event, mode=mode).seated()


def release_lapsed(event: Event, now: datetime) -> list[Booking]:
    """Take back the seats whose time has run out. Returns those that had been offered.

    Also those that were taken and then never checked out. Other seats in a cart have no address.
    """
    lapsed = list(Booking.objects.filter(event=event).lapsed(now).select_related("user"))
    offered = [booking for booking in lapsed if booking.email]
    for booking in lapsed:
        move(booking, Booking.State.LAPSED, now=now)
    return offered
