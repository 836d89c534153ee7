"""No network of visitors fills an event with carts: a held seat costs nothing and asks for no name.

Without it a program with a new cart for every seat could keep an event full for as long as it
liked. Whoever has logged in is one person with one cart, and is not counted.
"""

import uuid

from django.http import HttpRequest

from events import cart as carts
from events.models import Booking, Event
from events.operations.holding import HOLD
from events.refusals import TooManyFromHere
from privacy.rate_limits import Limit, network_of


def demand(request: HttpRequest, event: Event, mode: str, cart: uuid.UUID, seats: int) -> None:
    """Raises TooManyFromHere if a visitor's cart must not grow to so many seats of the event."""
    held = Booking.objects.in_cart(cart, None).filter(event=event, mode=mode)
    already = held.count() if carts.key_of(request) == cart else 0
    demand_more(request, event, mode, min(seats, carts.MOST_SEATS) - already)


def demand_more(request: HttpRequest, event: Event, mode: str, more: int = 1) -> None:
    if more <= 0 or carts.person_of(request) is not None:
        return
    where = f"{event.pk}:{mode}:{network_of(request).address}"
    if not _limit(event, mode).allows(where, more):
        raise TooManyFromHere


def _limit(event: Event, mode: str) -> Limit:
    """Half of the seats within the time that a seat is held, or one full cart of a small event."""
    most = max(carts.MOST_SEATS, event.capacity_of(mode) // 2)
    return Limit("seats-in-carts", most=most, seconds=int(HOLD.total_seconds()))
