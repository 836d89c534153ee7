"""Staff books a seat for somebody who rang or wrote."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from billing.money import ZERO
from billing.operations import Customer, issue_invoice
from events import allocation, cart, emails, waiting_list
from events.models import Booking, Event
from events.operations.booking import Attendee, line_of
from events.operations.holding import decide, own_booking
from events.refusals import AlreadyBooked, EventFull, NoSuchAccount, NotHeldThere, PayerMissing
from members.models import User

State = Booking.State


@dataclass(frozen=True, kw_only=True)
class Registration:
    """`payer` of the price; none for a guest of the association's.

    `has_account`: the seat is of the account with that address, at the price that is theirs.
    """

    person: Attendee
    mode: str
    language: str
    has_account: bool = False
    is_guest_of_ours: bool = False
    payer: Customer | None = None
    beyond_capacity: bool = False


@transaction.atomic
def register(
    *, event: Event, registration: Registration, by: User, now: datetime | None = None
) -> Booking:
    """Confirmed at once. Twice for the same address is refused: AlreadyBooked.

    Raises NoSuchAccount, and EventFull unless staff goes beyond the capacity knowingly; also where
    seats are free but others wait for them.
    """
    now = now or timezone.now()
    event = allocation.locked(event.pk)
    if registration.mode not in event.modes:
        raise NotHeldThere
    person = _account(registration) if registration.has_account else None
    rows = Booking.objects.filter(event=event, email__iexact=registration.person.email)
    is_there = rows.live().exclude(state=State.HELD).exists()
    if is_there or (person and own_booking(event, person)):
        raise AlreadyBooked
    waiting_list.settle(event, now)
    amount, audience = (
        (ZERO, "public") if registration.is_guest_of_ours else decide(event, person, now)
    )
    if amount and registration.payer is None:
        raise PayerMissing
    booking = Booking(
        event=event,
        mode=registration.mode,
        state=State.CONFIRMED,
        seat=_seat(event, registration),
        user=person,
        name=registration.person.name,
        email=registration.person.email.lower(),
        employer=registration.person.employer,
        language=registration.language,
        booked_by=by,
        amount=amount,
        audience=audience,
        created_at=now,
        confirmed_at=now,
    )
    booking._history_user = by
    booking.save()
    if amount and registration.payer:
        _invoice(booking, registration.payer, by=by, now=now)
    emails.confirmed(booking, by_another=by.name)
    return booking


def _account(registration: Registration) -> User:
    person = User.objects.filter(email__iexact=registration.person.email, is_active=True).first()
    if person is None:
        raise NoSuchAccount
    return person


def _seat(event: Event, registration: Registration) -> int:
    """Whoever is registered goes before nobody who waits."""
    beyond = registration.beyond_capacity
    is_waited_for = Booking.objects.filter(event=event, mode=registration.mode).waiting().exists()
    if is_waited_for and not beyond:
        raise EventFull
    return allocation.free_seat(event, registration.mode, beyond_capacity=beyond)


def _invoice(booking: Booking, payer: Customer, *, by: User, now: datetime) -> None:
    (seat,) = cart.priced([booking], None, timezone.localdate(now))
    invoice = issue_invoice(
        source=f"booking:{booking.pk}",
        customer=payer,
        lines=[line_of(seat, payer.language)],
        buyer=booking.user,
        by=by,
        today=timezone.localdate(now),
    )
    booking.invoice_line = invoice.lines.get()
    Booking.objects.filter(pk=booking.pk).update(invoice_line=booking.invoice_line)
