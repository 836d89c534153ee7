"""A seat that goes to somebody else, to another date, or to its full price."""

import uuid
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from billing.models import Invoice, InvoiceLine
from billing.operations import Customer, Line, issue_invoice
from events import allocation, emails, waiting_list
from events.cancelling import cancel_terms
from events.differences import at_members_price, difference_of
from events.editions import day, edition, local
from events.models import Booking, Event, Needs, Price
from events.operations.booking import Attendee
from events.operations.holding import decide, own_booking
from events.refusals import (
    AlreadyBooked,
    EventFull,
    MembersSeat,
    NoDifference,
    NotBookable,
    OtherPrice,
    SameAddressTwice,
    TooLateToCancel,
    WrongState,
)
from members.models import Application, User

State = Booking.State


@transaction.atomic
def swap_attendee(
    *, booking: Booking, person: Attendee, by: User | None, now: datetime | None = None
) -> Booking:
    """Somebody else comes instead. The old link is dead, and the new person gets one by mail.

    The price stays, so a seat at the members' price cannot be handed on: MembersSeat. Raises
    WrongState once the event has begun, and SameAddressTwice for an address of the same cart. Of
    other people's seats it says nothing: that would tell who is coming.
    """
    now = now or timezone.now()
    event = allocation.locked(booking.event_id)
    booking = _fresh(booking)
    if booking.state != State.CONFIRMED or now >= event.starts_at:
        raise WrongState
    if booking.audience != Price.Audience.PUBLIC and difference_of(booking) != 0:
        raise MembersSeat
    rows = Booking.objects.filter(event=event, cart=booking.cart, email__iexact=person.email).live()
    if booking.cart and rows.exclude(pk=booking.pk).exists():
        raise SameAddressTwice
    before = booking.name
    emails.swapped_out(booking)
    Needs.objects.filter(booking=booking).delete()
    booking.booked_by = booking.booked_by or booking.user
    booking.user, booking.public_id = None, uuid.uuid4()
    booking.name, booking.email = person.name, person.email.lower()
    booking.employer, booking.badge = person.employer, Booking.Badge.NAME
    booking._history_user = by
    booking.save()
    emails.confirmed(booking, by_another=before)
    return booking


@transaction.atomic
def move_booking(
    *, booking: Booking, to: Event, by: User | None, now: datetime | None = None
) -> Booking:
    """The same seat on another date of the same kind, as long as it can be cancelled.

    Raises TooLateToCancel, NotBookable, EventFull, AlreadyBooked, or OtherPrice where it would
    not cost the same.
    """
    now = now or timezone.now()
    events = allocation.all_locked([booking.event_id, to.pk])
    booking, left = _fresh(booking), events[booking.event_id]
    if booking.event_id == to.pk:
        return booking
    target = events[to.pk]
    if not cancel_terms(booking, now).is_open:
        raise TooLateToCancel
    _refuse_target(booking, target, now)
    booking.event, booking.seat = target, allocation.free_seat(target, booking.mode)
    booking._history_user = by
    booking.save()
    Needs.objects.filter(booking=booking).delete()
    emails.moved(booking, left, now)
    waiting_list.settle(left, now)
    return booking


def _refuse_target(booking: Booking, to: Event, now: datetime) -> None:
    is_alike = (to.kind, to.product_id) == (booking.event.kind, booking.event.product_id)
    if not is_alike or booking.mode not in to.modes or not to.is_bookable(now):
        raise NotBookable
    waiting_list.settle(to, now)
    if Booking.objects.filter(event=to, mode=booking.mode).waiting().exists():
        raise EventFull
    there = Booking.objects.filter(event=to, email__iexact=booking.email).live()
    if there.exists() or (booking.user and own_booking(to, booking.user)):
        raise AlreadyBooked
    if decide(to, booking.user, now)[0] != booking.amount:
        raise OtherPrice


def dates_to_move_to(booking: Booking, now: datetime) -> list[Event]:
    """Coming dates of the same kind with a seat left. The price is compared when one is chosen."""
    event = booking.event
    rows = Event.objects.published(now).coming(now).not_called_off().exclude(pk=event.pk)
    alike = rows.filter(kind=event.kind, product=event.product_id).with_fill(now)
    return [
        other
        for other in alike
        if other.is_bookable(now) and booking.mode in other.modes and other.seats_free(booking.mode)
    ]


# --- The full price -------------------------------------------------------------------------


@transaction.atomic
def charge_difference(*, booking: Booking, by: User | None, now: datetime | None = None) -> Invoice:
    """Invoice what is missing to the price for everyone. Twice is once. Raises NoDifference."""
    now = now or timezone.now()
    allocation.locked(booking.event_id)
    charged = Invoice.objects.filter(source=_source(booking)).first()
    if charged is not None:
        return charged
    found = at_members_price().filter(pk=booking.pk).first()
    difference = difference_of(found) if found else None
    if found is None or not difference:
        raise NoDifference
    customer = _customer(found)
    invoice = issue_invoice(
        source=_source(found),
        customer=customer,
        lines=[_line(found, difference, customer.language)],
        buyer=found.user,
        by=by,
        today=timezone.localdate(now),
    )
    found.difference_line = invoice.lines.get()
    found.amount += difference
    found.audience = Price.Audience.PUBLIC
    found._history_user = by
    found.save()
    return invoice


def _source(booking: Booking) -> str:
    return f"difference:{booking.pk}"


def _line(booking: Booking, difference: Decimal, language: str) -> Line:
    with translation.override(language):
        title = edition(booking.event, language).title
        return Line(
            product=booking.event.product,
            text=_("Difference to the price for everyone: %(event)s") % {"event": title},
            detail=f"{day(local(booking.event.starts_at))}, {booking.name}",
            unit_price=difference,
        )


def _customer(booking: Booking) -> Customer:
    """Whoever paid for the seat, or was to pay for the membership; else the person."""
    line: InvoiceLine | None = booking.invoice_line
    if line is not None:
        invoice = line.invoice
        return Customer(
            name=invoice.customer_name,
            email=invoice.customer_email,
            language=invoice.language,
            address=invoice.customer_address,
            organisation_number=invoice.customer_organisation_number,
            reference=invoice.customer_reference,
            order_number=invoice.order_number,
            cost_centre=invoice.cost_centre,
        )
    if booking.application is not None:
        return _customer_of(booking.application)
    return Customer(name=booking.name, email=booking.email, language=booking.language)


def _customer_of(application: Application) -> Customer:
    return Customer(
        name=application.payer_name or application.name,
        email=application.invoice_email or application.email,
        language=application.language,
        address=f"{application.street}\n{application.postcode} {application.city}",
        organisation_number=application.organisation_number,
        reference=application.reference,
        order_number=application.order_number,
        cost_centre=application.cost_centre,
        peppol_id=application.peppol_id,
    )


@transaction.atomic
def charge_who_did_not_join(*, booking: Booking, now: datetime | None = None) -> Invoice:
    """The membership of the same check-out came to nothing: the rule that was told holds."""
    invoice = charge_difference(booking=booking, by=None, now=now)
    emails.did_not_join(_fresh(booking), invoice)
    return invoice


def _fresh(booking: Booking) -> Booking:
    rows = Booking.objects.select_related("event__product", "user", "invoice_line")
    return rows.prefetch_related("event__prices").get(pk=booking.pk)
