"""The waiting list: a free seat goes to the first in line, held for a while, then to the next.

Everything that can free a seat (a cancellation, a hold or an offer that lapsed, a raised capacity)
calls `settle`, and so does whoever wants a seat, so that nobody gets one past those who wait.
"""

from datetime import datetime, timedelta

from django.db.models import Q

from events import allocation, emails
from events.models import Booking, Event
from events.moves import move

LONGEST_OFFER = timedelta(hours=48)


def settle(event: Event, now: datetime) -> list[Booking]:
    """Take back lapsed seats and offer free ones to those who wait. Returns the new offers.

    The event is locked by the caller. One query when there is nothing to do.
    """
    if not Booking.objects.filter(event=event).unsettled(now).exists():
        return []
    for booking in allocation.release_lapsed(event, now):
        emails.offer_lapsed(booking)
    return offer_next(event, now)


def offer_next(event: Event, now: datetime) -> list[Booking]:
    """Offer every free seat to the next in line. The event is locked by the caller."""
    if event.cancelled_at is not None or now >= event.starts_at:
        return []
    offers = []
    for mode in event.modes:
        line = Booking.objects.filter(event=event, mode=mode).waiting().select_related("user")
        free = max(0, allocation.seats_left(event, mode)) if line.exists() else 0
        offers += [offer(event, booking, now=now) for booking in line[:free]]
    return offers


def offer(
    event: Event, booking: Booking, *, now: datetime, beyond_capacity: bool = False
) -> Booking:
    """Hold a seat for one who waits and tell them. The event is locked by the caller."""
    move(
        booking,
        Booking.State.OFFERED,
        now=now,
        seat=allocation.free_seat(event, booking.mode, beyond_capacity=beyond_capacity),
        held_until=offer_until(event, now),
    )
    emails.offer(booking, now)
    return booking


def offer_until(event: Event, now: datetime) -> datetime:
    """48 hours, but never more than half of what is left until the event begins."""
    return now + min(LONGEST_OFFER, (event.starts_at - now) / 2)


def place_in_line(booking: Booking) -> int:
    """1 for whoever gets the next free seat."""
    ahead = Q(priority__gt=booking.priority) | Q(
        priority=booking.priority, created_at__lt=booking.created_at
    )
    ahead |= Q(priority=booking.priority, created_at=booking.created_at, pk__lt=booking.pk)
    line = Booking.objects.filter(event=booking.event_id, mode=booking.mode).waiting()
    return line.filter(ahead).count() + 1
