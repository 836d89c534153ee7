"""The cart: the held seats of one browser or person, and what they cost today.

The session knows nothing but the cart's key, and only once something was put in. The key stays
through a log-in. A cart is checked out once; the next one has a new key.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from billing.money import ZERO
from events import links
from events.joining import NEW_MEMBER, as_new_member
from events.models import Booking
from events.prices import Asker, PriceDecision, asker_for, price_for
from members.models import User
from members.standing import standings_of

SESSION_KEY = "cart"
MOST_SEATS = 20
"""Of one event in one cart."""


# --- The browser ----------------------------------------------------------------------------


def count(request: HttpRequest) -> int:
    """Seats in the cart, for the header. Visitors without a session are not looked at."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return 0
    key, user = key_of(request), person_of(request)
    if key is None and user is None:
        return 0
    held = Booking.objects.in_cart(key, user)
    return held.filter(held_until__gt=timezone.now()).count()


def key_of(request: HttpRequest) -> uuid.UUID | None:
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    key = request.session.get(SESSION_KEY)
    return uuid.UUID(key) if key else None


def key_for_more(request: HttpRequest) -> uuid.UUID:
    """Where the next seat goes: this browser's cart, or a new one when that is checked out.

    A browser without one takes the one that the page proposes, so that two clicks fill one cart.
    """
    key = key_of(request) or links.cart_id(request.POST.get("cart", ""))
    if key is None or Booking.objects.filter(cart=key, confirmed_at__isnull=False).exists():
        return uuid.uuid4()
    return key


def keep(request: HttpRequest, key: uuid.UUID) -> None:
    """Something was put in, so now the browser gets the session's cookie."""
    if key_of(request) != key:
        request.session[SESSION_KEY] = str(key)


def forget(request: HttpRequest, cart: uuid.UUID) -> None:
    """After a check-out: what is put in from now on is another cart."""
    if key_of(request) == cart:
        del request.session[SESSION_KEY]


def person_of(request: HttpRequest) -> User | None:
    return request.user if request.user.is_authenticated else None


def signed_in_person(request: HttpRequest) -> User:
    """In views that are for people with an account."""
    assert request.user.is_authenticated  # noqa: S101  the decorator sees to it
    return request.user


# --- What is in it --------------------------------------------------------------------------


@dataclass(frozen=True)
class Seat:
    """One held seat, whose it is to be and what it costs today."""

    booking: Booking
    person: User | None
    """The account it is for. None: somebody without an account here, at everybody's price."""
    decision: PriceDecision
    joins: bool = False
    """Whether it is the seat of who becomes a member in the same check-out."""

    @property
    def amount(self) -> Decimal:
        return self.decision.amount if self.decision.amount is not None else ZERO

    @property
    def has_new_price(self) -> bool:
        return self.decision.amount != self.booking.amount


def in_cart(cart: uuid.UUID | None, user: User | None) -> list[Booking]:
    """The held seats in the order in which they were put in. Two queries."""
    held = Booking.objects.in_cart(cart, user).select_related("event__product", "user")
    return list(held.prefetch_related("event__prices").order_by("created_at", "pk"))


def lapsed(cart: uuid.UUID | None) -> list[Booking]:
    """Seats of this browser's cart that were lost to the clock, and may still be free."""
    if cart is None:
        return []
    lost = Booking.objects.filter(cart=cart, state=Booking.State.LAPSED)
    return list(lost.select_related("event", "user").order_by("created_at", "pk"))


def priced(
    bookings: Sequence[Booking], user: User | None, today: date, *, joins: bool = False
) -> list[Seat]:
    """Each seat with its price, decided by the account that the seat is for.

    `joins`: whoever checks out becomes a member at the same time.
    """
    people = whose(bookings, user)
    askers = _askers(people.values(), user, today)
    joining = _seats_of_joiner(bookings, people, user) if joins else set()
    return [_seat(booking, people[booking.pk], askers, joining, today) for booking in bookings]


def _seat(
    booking: Booking,
    person: User | None,
    askers: Mapping[int | None, Asker],
    joining: set[int],
    today: date,
) -> Seat:
    prices = booking.event.prices.all()
    if booking.pk in joining:
        decision = as_new_member(price_for(prices, NEW_MEMBER, today))
        return Seat(booking, person, decision, joins=True)
    asker = askers[person.pk if person else None]
    return Seat(booking, person, price_for(prices, asker, today))


def _seats_of_joiner(
    bookings: Iterable[Booking], people: Mapping[int, User | None], user: User | None
) -> set[int]:
    """One's own seats; of a visitor, the first at each event."""
    first: dict[int, int] = {}
    for booking in bookings:
        person = people[booking.pk]
        is_own = person == user if user else person is None
        if is_own:
            first.setdefault(booking.event_id, booking.pk)
    return set(first.values())


def whose(bookings: Iterable[Booking], user: User | None) -> dict[int, User | None]:
    """The account each seat is for, by the booking's number.

    Who logs in with seats in the cart gets the first of each event, unless they have one already:
    nobody shall lose the members' price for having logged in late.
    """
    people = {booking.pk: booking.user for booking in bookings}
    if user is None:
        return people
    unclaimed = [booking for booking in bookings if _may_claim(booking, user)]
    if not unclaimed:
        return people
    has_seat = _events_with_seat_of(user, unclaimed)
    for booking in unclaimed:
        if booking.event_id not in has_seat:
            people[booking.pk] = user
            has_seat.add(booking.event_id)
    return people


def _may_claim(booking: Booking, user: User) -> bool:
    """Put in before the log-in, and not for somebody whose address is known to be another."""
    nobodys = booking.user is None and booking.booked_by_id is None
    return nobodys and booking.email.lower() in {"", user.email}


def _events_with_seat_of(user: User, bookings: Iterable[Booking]) -> set[int]:
    events = {booking.event_id for booking in bookings}
    others = Booking.objects.live().of_person(user).filter(event__in=events)
    # A seat of this cart that carries no account yet is what is being handed out.
    return set(others.exclude(Q(user__isnull=True, state="held")).values_list("event", flat=True))


def _askers(
    people: Iterable[User | None], user: User | None, today: date
) -> dict[int | None, Asker]:
    askers: dict[int | None, Asker] = {None: Asker()}
    others = {person.pk for person in people if person is not None}
    if user is not None and user.pk in others:
        askers[user.pk] = asker_for(user, today)
        others.discard(user.pk)
    for pk, standing in standings_of(others, today).items() if others else ():
        askers[pk] = Asker(standing, is_logged_in=True)
    return askers


def held_until(bookings: Iterable[Booking]) -> datetime | None:
    """When the first of the seats is lost."""
    moments = [booking.held_until for booking in bookings if booking.held_until]
    return min(moments, default=None)


def total(seats: Iterable[Seat]) -> Decimal:
    return sum((seat.amount for seat in seats), ZERO)
