"""What an event's page says to this reader: the price and why, the seats left, what can be done."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from billing.money import format_percent, format_price
from events import cards, links
from events.models import Booking, Event, Price
from events.operations import own_booking
from events.prices import Asker, PriceDecision, Step, Way, asker_for, price_for
from members.models import User


@dataclass(frozen=True)
class WayOut:
    """The next step to a better price, with where it is taken."""

    text: str
    url: str
    link_label: str


@dataclass(frozen=True)
class PriceRow:
    audience_label: str
    amount_label: str
    until_label: str
    is_yours: bool


@dataclass(frozen=True)
class Choice:
    """One way to attend, and what can be done about it now."""

    mode: str
    label: str
    seats: str
    url: str
    action: str
    is_post: bool
    colleagues_url: str


@dataclass(frozen=True)
class BookingBox:
    amount: str
    vat: str
    why: str
    better: list[WayOut]
    rows: list[PriceRow]
    closed: str
    choices: list[Choice]
    own_url: str
    own_says: str
    cancel_until: datetime
    new_cart: str
    """For a browser that has no cart yet."""


def booking_box(event: Event, user: User | None, now: datetime) -> BookingBox:
    """`event` comes `with_fill()` and its prices."""
    today = timezone.localdate(now)
    asker = asker_for(user, today)
    decision = price_for(event.prices.all(), asker, today)
    own = own_booking(event, user) if user else None
    closed = str(cards.closed_because(event, now))
    return BookingBox(
        amount=_amount(decision),
        vat=_vat(event, decision),
        why=decision.why,
        better=[] if closed or own else [_way_out(s, event, asker) for s in decision.better],
        rows=_rows(event.prices.all(), decision, today),
        closed=closed,
        choices=[] if closed else _choices(event, decision, own, user),
        own_url=_own_url(own),
        own_says=_own_says(own),
        cancel_until=event.cancel_until or event.starts_at,
        new_cart=links.token_of_cart(uuid.uuid4()),
    )


def _amount(decision: PriceDecision) -> str:
    if decision.amount is None:
        return ""
    return _in_words(decision.amount)


def _in_words(amount: Decimal) -> str:
    return format_price(amount) if amount else _("Free of charge")


def _vat(event: Event, decision: PriceDecision) -> str:
    if not decision.amount:
        return ""
    rate = event.product.vat.rate
    return _("including %(rate)s VAT") % {"rate": format_percent(rate)} if rate else _("no VAT")


def _way_out(step: Step, event: Event, asker: Asker) -> WayOut:
    if step.way is Way.LOG_IN:
        here = reverse("events:event", args=[event.slug])
        return WayOut(step.text, f"{reverse('account_login')}?next={here}", _("Log in"))
    if step.way is Way.JOIN:
        return WayOut(step.text, reverse("members:join"), _("Become a member"))
    membership = asker.standing.membership
    invoice = membership.invoice if membership else None
    url = invoice.get_absolute_url() if invoice else reverse("my-pages")
    return WayOut(step.text, url, _("Pay the fee"))


def _rows(prices: Iterable[Price], decision: PriceDecision, today: date) -> list[PriceRow]:
    """Every price that can be had today: members, students, everyone."""
    audiences = Price.Audience.values
    in_force = [p for p in prices if p.until is None or today <= p.until]
    in_order = sorted(in_force, key=lambda p: (audiences.index(p.audience), p.amount))
    return [
        PriceRow(
            audience_label=str(price.get_audience_display()),
            amount_label=_in_words(price.amount),
            until_label=_until(price.until),
            is_yours=(price.audience, price.amount) == (decision.audience, decision.amount),
        )
        for price in in_order
    ]


def _until(day: date | None) -> str:
    return _("until %(day)s") % {"day": formats.date_format(day)} if day else ""


def _choices(
    event: Event, decision: PriceDecision, own: Booking | None, user: User | None
) -> list[Choice]:
    if decision.amount is None:
        return []
    is_settled = own is not None and own.state != Booking.State.HELD
    return [_choice(event, mode, decision, user, is_settled=is_settled) for mode in event.modes]


def _choice(
    event: Event, mode: str, decision: PriceDecision, user: User | None, *, is_settled: bool
) -> Choice:
    free = event.seats_free(mode)
    view, action = _action(decision, user) if free else ("events:wait", _("Join the waiting list"))
    sells_to_others = any(p.audience == Price.Audience.PUBLIC for p in event.prices.all())
    for_others = bool(free and user and sells_to_others)
    return Choice(
        mode=mode,
        label=str(Booking.Mode(mode).label),
        seats=cards.seats_label(free) if free else _("Fully booked"),
        url="" if is_settled else reverse(view, args=[event.slug, mode]),
        action=action,
        is_post=bool(free),
        colleagues_url=reverse("events:colleagues", args=[event.slug, mode]) if for_others else "",
    )


def _action(decision: PriceDecision, user: User | None) -> tuple[str, str]:
    if decision.is_free and user is not None:
        return "events:book", pgettext("event", "Book my seat")
    return "events:hold", _("Put into the cart")


def _own_url(own: Booking | None) -> str:
    if own is None:
        return ""
    held = own.state == Booking.State.HELD
    return reverse("events:cart") if held else links.booking_path(own)


def _own_says(own: Booking | None) -> str:
    if own is None:
        return ""
    return {
        Booking.State.HELD: _("A seat for you is in the cart."),
        Booking.State.WAITING: _("You are on the waiting list."),
        Booking.State.OFFERED: _("A seat is being held for you. Answer the offer."),
        Booking.State.CONFIRMED: _("You have a seat."),
        Booking.State.ATTENDED: _("You were there."),
    }[Booking.State(own.state)]
