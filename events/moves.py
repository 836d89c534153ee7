"""The one function that moves a booking from state to state."""

from datetime import datetime
from typing import Any

from events.models import Booking
from events.refusals import WrongState

State = Booking.State
STAMPS: dict[str, str] = {
    State.CONFIRMED: "confirmed_at",
    State.ATTENDED: "attended_at",
    State.CANCELLED: "cancelled_at",
}


def move(booking: Booking, to: str, *, now: datetime, by: Any = None, **fields: Any) -> Booking:
    """Write the new state with what belongs to it. The event is locked by the caller.

    A move to a seated state needs a seat in `fields` unless the booking has one; one to a state
    for a while needs `held_until`.
    """
    if to not in Booking.MOVES[booking.state]:
        raise WrongState
    if to not in Booking.SEATED:
        booking.seat = None
    if to not in Booking.FOR_A_WHILE:
        booking.held_until = None
    if booking.state == State.ATTENDED:
        booking.attended_at = None
    elif to in STAMPS:
        setattr(booking, STAMPS[to], now)
    for name, value in fields.items():
        setattr(booking, name, value)
    booking.state = to
    booking._history_user = by
    booking.save()
    return booking
