"""What the cart, its check-out and the page of thanks show."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from billing.models import Invoice
from billing.money import ZERO, format_price
from events import cart as carts
from events import joining, links
from events.cart import MOST_SEATS, Seat
from events.editions import Edition, edition
from events.models import Booking, Price
from events.prices import Way
from members.models import User


@dataclass(frozen=True)
class SeatLine:
    """One held seat."""

    public_id: uuid.UUID
    whose: str
    is_mine: bool
    can_be_mine: bool
    amount: str
    why: str
    changed: str
    """Said when the price is another than when the seat was put in."""


@dataclass(frozen=True)
class Group:
    """The seats at one event, in one way."""

    text: Edition
    slug: str
    mode: str
    mode_label: str
    seats: list[SeatLine]
    others: int
    most: int
    sells_to_others: bool


@dataclass(frozen=True)
class LostSeat:
    public_id: uuid.UUID
    text: Edition
    mode_label: str


@dataclass(frozen=True)
class CartPage:
    seats: Sequence[Seat]
    groups: list[Group]
    lost: list[LostSeat]
    held_until: datetime | None
    total: str
    is_free: bool
    log_in: str
    """Said to a visitor to whom logging in would bring a better price."""
    joining: joining.Offer | None
    """Becoming a member in the same check-out, where that brings a better price."""


def cart_page(
    cart: uuid.UUID | None, user: User | None, now: datetime, *, joins: bool = False
) -> CartPage:
    bookings = carts.in_cart(cart, user)
    held = [booking for booking in bookings if not booking.has_lapsed(now)]
    lost = [booking for booking in bookings if booking.has_lapsed(now)] + carts.lapsed(cart)
    today = timezone.localdate(now)
    may_join = bool(held) and joining.may_join(user, today)
    joins = joins and may_join
    seats = carts.priced(held, user, today, joins=joins)
    total = carts.total(seats)
    return CartPage(
        seats=seats,
        groups=_groups(seats, user),
        lost=[_lost(booking) for booking in lost],
        held_until=carts.held_until(held),
        total=format_price(total),
        is_free=total == ZERO,
        log_in="" if user else _log_in(seats),
        joining=_joining(held, user, today, joins=joins) if may_join else None,
    )


def _joining(
    held: Sequence[Booking], user: User | None, today: date, *, joins: bool
) -> joining.Offer | None:
    dear, cheap = (carts.priced(held, user, today, joins=so) for so in (False, True))
    if any(seat.decision.amount is None for seat in dear):
        saving = max((seat.booking.amount for seat in dear), default=ZERO)
    else:
        saving = carts.total(dear) - carts.total(cheap)
    return joining.offer(saving, today, is_taken=joins)


def seen(seats: Iterable[Seat]) -> str:
    """The seats and prices on the page, to come back with the form."""
    return " ".join(f"{seat.booking.public_id.hex}={seat.amount}" for seat in seats)


def _groups(seats: Sequence[Seat], user: User | None) -> list[Group]:
    grouped: dict[tuple[int, str], list[Seat]] = {}
    for seat in seats:
        grouped.setdefault((seat.booking.event_id, seat.booking.mode), []).append(seat)
    return [_group(rows, user) for rows in grouped.values()]


def _group(seats: Sequence[Seat], user: User | None) -> Group:
    first = seats[0].booking
    others = [s for s in seats if s.person is None and not s.booking.email]
    has_own = any(seat.person == user for seat in seats)
    prices = first.event.prices.all()
    return Group(
        text=edition(first.event),
        slug=first.event.slug,
        mode=first.mode,
        mode_label=str(first.get_mode_display()),
        seats=[_seat_line(seat, n, user, has_own) for n, seat in enumerate(seats, start=1)],
        others=len(others),
        most=MOST_SEATS,
        sells_to_others=any(price.audience == Price.Audience.PUBLIC for price in prices),
    )


def _seat_line(seat: Seat, number: int, user: User | None, has_own: bool) -> SeatLine:
    booking, is_mine = seat.booking, user is not None and seat.person == user
    return SeatLine(
        public_id=booking.public_id,
        whose=_whose(seat, number, user),
        is_mine=is_mine,
        can_be_mine=user is not None and not has_own and seat.person is None,
        amount=_amount(seat),
        why=seat.decision.why if seat.person or user is None else "",
        changed=_changed(seat),
    )


def _whose(seat: Seat, number: int, user: User | None) -> str:
    if seat.person is not None:
        return _("Your seat") if seat.person == user else seat.person.name
    if seat.booking.name:
        return seat.booking.name
    if user is not None:
        return _("Seat for a colleague")
    return _("Seat %(number)d") % {"number": number}


def _amount(seat: Seat) -> str:
    if seat.decision.amount is None:
        return _("For members only")
    return _("Free of charge") if seat.decision.is_free else format_price(seat.amount)


def _changed(seat: Seat) -> str:
    if not seat.has_new_price or seat.joins:
        return ""
    before = format_price(seat.booking.amount)
    return _("The price was %(before)s when you put it into the cart.") % {"before": before}


def _log_in(seats: Iterable[Seat]) -> str:
    steps = [step for seat in seats for step in seat.decision.better if step.way is Way.LOG_IN]
    return _("Are you a member? Log in before you check out, for the members' price.") * bool(steps)


def _lost(booking: Booking) -> LostSeat:
    return LostSeat(booking.public_id, edition(booking.event), str(booking.get_mode_display()))


# --- Afterwards -----------------------------------------------------------------------------


@dataclass(frozen=True)
class BookedSeat:
    text: Edition
    name: str
    email: str
    amount: str
    url: str
    """Only for whoever booked a seat for themselves; others get the link by mail."""


@dataclass(frozen=True)
class Payable:
    number: str
    total: str
    due_on: date | None
    email: str
    url: str
    token: str
    is_open: bool


def booked(bookings: Iterable[Booking]) -> list[BookedSeat]:
    return [
        BookedSeat(
            text=edition(booking.event),
            name=booking.name,
            email=booking.email,
            amount=format_price(booking.amount) if booking.amount else _("Free of charge"),
            url=links.booking_path(booking) if _is_own(booking) else "",
        )
        for booking in bookings
    ]


def _is_own(booking: Booking) -> bool:
    return booking.user_id is not None and booking.user_id == booking.booked_by_id


def payable(invoice: Invoice | None) -> Payable | None:
    if invoice is None:
        return None
    balance: Any = Invoice.objects.with_balance().get(pk=invoice.pk)
    return Payable(
        number=invoice.number,
        total=format_price(invoice.total),
        due_on=invoice.due_on,
        email=invoice.customer_email,
        url=invoice.get_absolute_url(),
        token=invoice.link_token,
        is_open=balance.balance > 0,
    )
