"""What is shown at the door: a square to scan, and a short code to type where that fails."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString, mark_safe

from billing.documents import squares
from events.models import Booking

SIGNS = 8
"""Of the booking's random number; enough to tell apart those of one event."""


@dataclass(frozen=True)
class Ticket:
    svg: SafeString
    code: str


def ticket(booking: Booking, now: datetime) -> Ticket | None:
    """For a seat on site that is yet to be used."""
    is_coming = booking.state == Booking.State.CONFIRMED and booking.event.ends_at > now
    if not is_coming or booking.mode == Booking.Mode.ONLINE:
        return None
    # Only the number: whoever reads the square over a shoulder cannot cancel the seat with it.
    square = squares.svg(booking.public_id.hex.upper(), border=2, scale=5)
    return Ticket(mark_safe(square), short_code(booking.public_id))  # noqa: S308 - a number


def short_code(public_id: uuid.UUID) -> str:
    signs = public_id.hex[:SIGNS].upper()
    return f"{signs[:4]}-{signs[4:]}"
