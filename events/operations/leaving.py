"""Giving a seat back, and calling an event off: with the money put right."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing.models import Invoice, InvoiceLine
from billing.operations import CreditLine, credit_invoice
from events import allocation, emails, waiting_list
from events.cancelling import cancel_terms
from events.differences import has_lapsed_price
from events.models import Booking, Event
from events.models.bookings import BookingQuerySet
from events.moves import move
from events.refusals import NotYours, ReasonMissing, TooLateToCancel, WrongState
from members.models import User

State = Booking.State


@transaction.atomic
def cancel(
    *,
    booking: Booking,
    by: User | None,
    by_staff: bool = False,
    credit: bool = True,
    now: datetime | None = None,
) -> Booking:
    """Give the seat back; the invoice is credited for it, and the seat goes to the next in line.

    `by` is the person, whoever booked for them, or nobody when the signed link was used. Staff may
    cancel after the last day, and without crediting. Cancelled twice, once. Raises NotYours,
    TooLateToCancel or WrongState.
    """
    now = now or timezone.now()
    event = allocation.locked(booking.event_id)
    booking = _fresh(booking)
    if by is not None and not by_staff and not _may_cancel(booking, by):
        raise NotYours
    if booking.state == State.CANCELLED:
        return booking
    if booking.state != State.CONFIRMED:
        raise WrongState
    may_give_back = has_lapsed_price(booking, now)
    if not by_staff and not cancel_terms(booking, now, may_give_back=may_give_back).is_open:
        raise TooLateToCancel
    move(booking, State.CANCELLED, now=now, by=by)
    credited = _credit([booking] if credit else [], _("Cancelled booking"), by=by, now=now)
    emails.cancelled(booking, is_credited=booking.pk in credited)
    waiting_list.settle(event, now)
    return booking


def _may_cancel(booking: Booking, person: User) -> bool:
    own = person.pk in {booking.user_id, booking.booked_by_id}
    return own or (booking.user_id is None and booking.email.lower() == person.email)


@transaction.atomic
def call_off(*, event: Event, reason: str, by: User, now: datetime | None = None) -> Event:
    """The event is not held: everybody is told, and every invoice is credited for it.

    Called off twice, once. Raises ReasonMissing.
    """
    now = now or timezone.now()
    event = allocation.locked(event.pk)
    if event.cancelled_at is not None:
        return event
    if not reason.strip():
        raise ReasonMissing
    event.cancelled_at, event.cancelled_reason = now, reason.strip()
    event._history_user = by
    event.save()
    live = list(_whole().filter(event=event).live())
    for booking in live:
        to = State.LAPSED if booking.state == State.HELD else State.CANCELLED
        if booking.state != State.ATTENDED:
            move(booking, to, now=now, by=by)
    cancelled = [booking for booking in live if booking.state == State.CANCELLED]
    credited = _credit(cancelled, _("The event was called off"), by=by, now=now)
    # Of what lies in a cart an address is known where the seat had been offered.
    for booking in live:
        if booking.state != State.ATTENDED and booking.email:
            emails.called_off(booking, is_credited=booking.pk in credited)
    return event


def _credit(
    bookings: Iterable[Booking], reason: Promise, *, by: User | None, now: datetime
) -> set[int]:
    """One credit note an invoice. Returns the numbers of the bookings that were credited."""
    by_invoice: dict[int, list[InvoiceLine]] = defaultdict(list)
    credited = set()
    for booking in bookings:
        for line in filter(None, [booking.invoice_line, booking.difference_line]):
            by_invoice[line.invoice_id].append(line)
            credited.add(booking.pk)
    for invoice in Invoice.objects.filter(pk__in=by_invoice).order_by("pk"):
        with translation.override(invoice.language):
            why = str(reason)
        credit_invoice(
            invoice=invoice,
            reason=why,
            by=by,
            lines=[CreditLine(line) for line in by_invoice[invoice.pk]],
            today=timezone.localdate(now),
        )
    return credited


def _fresh(booking: Booking) -> Booking:
    return _whole().get(pk=booking.pk)


def _whole() -> BookingQuerySet:
    return Booking.objects.select_related("event", "user", "invoice_line", "difference_line")
