"""From held to booked: a member's one click, and the check-out of a cart."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone, translation

import members.operations
from billing.models import Invoice
from billing.operations import Customer, Line, issue_invoice
from events import allocation, emails
from events import cart as carts
from events.cart import Seat
from events.editions import day, edition, local
from events.models import Booking, BookingTerms, Event
from events.moves import move
from events.operations.holding import hold_seat, own_booking
from events.refusals import (
    CartChanged,
    CartIsEmpty,
    NoPriceForYou,
    NotFree,
    PayerMissing,
    PriceChanged,
    SameAddressTwice,
    SeatLapsed,
    TermsNotAccepted,
)
from members.models import Application, User
from members.offers import ordinary_fee_now

State = Booking.State


@dataclass(frozen=True, kw_only=True)
class Attendee:
    """Who is to have a seat, for those without an account here."""

    name: str
    email: str
    employer: str = ""


@dataclass(frozen=True)
class CheckedOut:
    """What a check-out came to. Without an invoice there was nothing to pay."""

    cart: uuid.UUID
    bookings: Sequence[Booking]
    invoice: Invoice | None


@transaction.atomic
def book_free(*, event: Event, mode: str, by: User, now: datetime | None = None) -> Booking:
    """A free seat in one click, confirmed at once. Clicked twice, the same booking.

    Raises NotFree when it costs something, and what `hold_seat` raises.
    """
    now = now or timezone.now()
    allocation.locked(event.pk)
    booked = own_booking(event, by)
    if booked is not None and booked.state in Booking.COMING:
        return booked
    held = hold_seat(event=event, mode=mode, cart=uuid.uuid4(), by=by, now=now)
    (seat,) = carts.priced([held], by, timezone.localdate(now))
    if not seat.decision.is_free:
        raise NotFree
    # No cart: what else lies in it is still to be checked out.
    confirm(seat, now=now, by=by, cart=None, terms=terms_on(now))
    emails.confirmed(held)
    return held


def terms_on(now: datetime) -> BookingTerms | None:
    """What one click agrees to: the page beside the button leads to them."""
    return BookingTerms.objects.in_force(timezone.localdate(now)).first()


@transaction.atomic
def check_out(
    *,
    cart: uuid.UUID,
    by: User | None,
    attendees: Mapping[uuid.UUID, Attendee],
    payer: Customer | None,
    seen: Mapping[uuid.UUID, Decimal],
    terms: BookingTerms | None,
    application: Application | None = None,
    seen_fee: Decimal | None = None,
    language: str = "sv",
    now: datetime | None = None,
) -> CheckedOut:
    """Turn the cart into bookings and, if it costs anything, one invoice to the payer.

    Both by the bookings' `public_id`: `attendees` of the seats that are not an account's own, and
    `seen`, the seats and prices that the person had before them. A cart is checked out once: sent
    again, by a second click, the back button or another tab, the same bookings and the same
    invoice come back. Raises CartIsEmpty, CartChanged, SeatLapsed, PriceChanged, NoPriceForYou,
    SameAddressTwice, PayerMissing or TermsNotAccepted; then nothing has been changed.

    `application`: for an ordinary membership, applied for at the same time, whose yearly fee the
    person saw as `seen_fee`. Its own seats have the members' price; what becomes of them if there
    is no membership in the end: `joining`.
    """
    now = now or timezone.now()
    in_cart = Booking.objects.filter(cart=cart) | Booking.objects.in_cart(cart, by)
    allocation.all_locked(in_cart.values_list("event", flat=True))
    done = checked_out(cart)
    if done is not None:
        return done
    seats = _seats(cart, by, now, seen=seen, joins=application is not None)
    _refuse_changes(seats, seen)
    if application and seen_fee != ordinary_fee_now(timezone.localdate(now)):
        raise PriceChanged
    _refuse_attendees(seats, attendees)
    if terms is None:
        raise TermsNotAccepted
    costs = carts.total(seats) > 0
    if costs and payer is None:
        raise PayerMissing
    applied = _apply(application, by, now) if application else None
    for seat in seats:
        who = _who(attendees.get(seat.booking.public_id), language)
        joined = {"application": applied} if seat.joins else {}
        confirm(seat, now=now, by=by, cart=cart, terms=terms, booked_by=by, **who, **joined)
    invoice = _invoice(cart, seats, payer, by, now) if payer and costs else None
    for seat in seats:
        emails.confirmed(seat.booking, by_another=_booker(seat, by, payer))
    return CheckedOut(cart, [seat.booking for seat in seats], invoice)


def _apply(application: Application, by: User | None, now: datetime) -> Application:
    """Whoever is logged in has proven the address: the membership begins at once."""
    today = timezone.localdate(now)
    applied = members.operations.apply(application=application, by=by, today=today)
    if by is not None:
        members.operations.confirm_application(application=applied, now=now, today=today)
        applied.refresh_from_db()
    return applied


def checked_out(cart: uuid.UUID) -> CheckedOut | None:
    """What the cart came to, if it has been checked out."""
    rows = Booking.objects.filter(cart=cart, confirmed_at__isnull=False)
    bookings = list(rows.select_related("event__product", "user", "invoice_line").order_by("pk"))
    if not bookings:
        return None
    return CheckedOut(cart, bookings, Invoice.objects.filter(source=_source(cart)).first())


@transaction.atomic
def checked_out_by_now(cart: uuid.UUID) -> CheckedOut | None:
    """The same, after waiting for a check-out that is still being written."""
    allocation.all_locked(Booking.objects.filter(cart=cart).values_list("event", flat=True))
    return checked_out(cart)


def confirm(seat: Seat, *, now: datetime, by: User | None, **fields: Any) -> Booking:
    """The price is frozen here. The event is locked by the caller."""
    person = seat.person
    if person is not None:
        name = person.name or person.email
        fields |= {"name": name, "email": person.email, "employer": person.employer}
        fields |= {"language": person.language, "user": person}
    fields |= {"amount": seat.amount, "audience": seat.decision.audience}
    return move(seat.booking, State.CONFIRMED, now=now, by=by, **fields)


def _seats(
    cart: uuid.UUID,
    by: User | None,
    now: datetime,
    *,
    seen: Mapping[uuid.UUID, Decimal],
    joins: bool,
) -> list[Seat]:
    """Held seats as they are under the lock. A late one that nobody took is still one's own.

    Unless the page did not show it any more: then it is lost, whether or not the sweep came.
    """
    held = carts.in_cart(cart, by)
    bookings = [row for row in held if row.public_id in seen or not row.has_lapsed(now)]
    if not bookings:
        raise SeatLapsed if held or carts.lapsed(cart) else CartIsEmpty
    return carts.priced(bookings, by, timezone.localdate(now), joins=joins)


def _refuse_changes(seats: Sequence[Seat], seen: Mapping[uuid.UUID, Decimal]) -> None:
    """The person must have seen what they agree to."""
    now_there = {seat.booking.public_id: seat for seat in seats}
    if seen.keys() - now_there.keys():
        raise SeatLapsed
    if now_there.keys() - seen.keys():
        raise CartChanged
    if any(seat.decision.amount is None for seat in seats):
        raise NoPriceForYou
    if any(seat.amount != seen[seat.booking.public_id] for seat in seats):
        raise PriceChanged


def _refuse_attendees(seats: Sequence[Seat], attendees: Mapping[uuid.UUID, Attendee]) -> None:
    nameless = {seat.booking.public_id for seat in seats if seat.person is None}
    if nameless != attendees.keys():
        raise CartChanged
    taken = set()
    for seat in seats:
        who = seat.person or attendees[seat.booking.public_id]
        if (seat.booking.event_id, who.email.lower()) in taken:
            raise SameAddressTwice
        taken.add((seat.booking.event_id, who.email.lower()))


def _who(attendee: Attendee | None, language: str) -> dict[str, str]:
    if attendee is None:
        return {}
    return {
        "name": attendee.name,
        "email": attendee.email.lower(),
        "employer": attendee.employer,
        "language": language,
    }


def _invoice(
    cart: uuid.UUID, seats: Sequence[Seat], payer: Customer, by: User | None, now: datetime
) -> Invoice:
    """One line for each seat that costs something; the booking remembers its line."""
    sold = [seat for seat in seats if seat.amount]
    invoice = issue_invoice(
        source=_source(cart),
        customer=payer,
        lines=[line_of(seat, payer.language) for seat in sold],
        buyer=by,
        by=by,
        today=timezone.localdate(now),
    )
    for seat, line in zip(sold, invoice.lines.order_by("position"), strict=True):
        # Not `save()`: the row was written in this transaction, one version of it is enough.
        Booking.objects.filter(pk=seat.booking.pk).update(invoice_line=line)
        seat.booking.invoice_line = line
    return invoice


def _source(cart: uuid.UUID) -> str:
    return f"cart:{cart}"


def line_of(seat: Seat, language: str) -> Line:
    event = seat.booking.event
    with translation.override(language):
        date = day(local(event.starts_at))
    return Line(
        product=event.product,
        text=str(edition(event, language).title),
        detail=f"{date}, {seat.booking.name}",
        unit_price=seat.amount,
    )


def _booker(seat: Seat, by: User | None, payer: Customer | None) -> str:
    """Whom to name as having booked for them; empty for whoever booked their own seat."""
    if seat.person is not None and seat.person == by:
        return ""
    if by is not None:
        return by.name
    return payer.name if payer and payer.email.lower() != seat.booking.email else ""
