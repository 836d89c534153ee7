"""What time does to seats, written down every minute."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from events import allocation, waiting_list
from events.models import Booking, Event


def sweep_seats(*, now: datetime | None = None) -> int:
    """Take back lapsed seats and offer free ones, one event at a time. Returns how many events.

    Nothing depends on it: whoever wants a seat does the same first. It lets those who wait hear
    of a free seat although nobody else asks for one.
    """
    now = now or timezone.now()
    events = list(_to_settle(now))
    for event_id in events:
        settle_event(event=event_id, now=now)
    return len(events)


@transaction.atomic
def settle_event(*, event: Event | int, now: datetime | None = None) -> list[Booking]:
    """The same for one event, as when its capacity was raised. Returns the new offers."""
    event_id = event.pk if isinstance(event, Event) else event
    return waiting_list.settle(allocation.locked(event_id), now or timezone.now())


def _to_settle(now: datetime) -> set[int]:
    lapsed = Booking.objects.lapsed(now).values_list("event", flat=True)
    return {*lapsed, *_with_free_seats_and_a_line(now)}


def _with_free_seats_and_a_line(now: datetime) -> list[int]:
    with_line = Booking.objects.waiting().order_by().values("event")
    coming = Event.objects.not_called_off().filter(starts_at__gt=now, pk__in=with_line)
    return [e.pk for e in coming.with_fill(now) if any(e.seats_free(mode) for mode in e.modes)]
