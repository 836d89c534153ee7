"""The day itself: who came."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from events import allocation
from events.models import Booking
from events.moves import move
from events.refusals import TooEarly, WrongState
from members.models import User

State = Booking.State


@transaction.atomic
def check_in(*, booking: Booking, by: User, now: datetime | None = None) -> Booking:
    """Staff notes that the person is there. Twice is once, with the first time kept."""
    now = now or timezone.now()
    event = allocation.locked(booking.event_id)
    booking = Booking.objects.get(pk=booking.pk)
    if booking.state == State.ATTENDED:
        return booking
    if booking.state != State.CONFIRMED:
        raise WrongState
    if timezone.localdate(now) < timezone.localdate(event.starts_at):
        raise TooEarly
    return move(booking, State.ATTENDED, now=now, by=by)


@transaction.atomic
def undo_check_in(*, booking: Booking, by: User, now: datetime | None = None) -> Booking:
    """The wrong person was checked in. Twice is once."""
    now = now or timezone.now()
    allocation.locked(booking.event_id)
    booking = Booking.objects.get(pk=booking.pk)
    if booking.state == State.CONFIRMED:
        return booking
    if booking.state != State.ATTENDED:
        raise WrongState
    return move(booking, State.CONFIRMED, now=now, by=by)
