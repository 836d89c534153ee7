"""Standing in line for a full event, and answering the offer of a seat."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from events import allocation, emails, waiting_list
from events import cart as carts
from events.models import Booking, Event
from events.moves import move
from events.operations.booking import Attendee, confirm, terms_on
from events.operations.holding import HOLD, decide, own_booking
from events.refusals import (
    AlreadyBooked,
    NoPriceForYou,
    NotBookable,
    NotHeldThere,
    OfferIsOver,
    ReasonMissing,
    SeatsAreLeft,
    WrongState,
)
from members.models import User

State = Booking.State


@transaction.atomic
def join_waiting_list(
    *,
    event: Event,
    mode: str,
    by: User | None,
    person: Attendee | None = None,
    language: str = "sv",
    now: datetime | None = None,
) -> Booking:
    """Stand in line: an account for itself, a visitor (`person`) by name and address.

    Nobody in line is asked to pay. Asked twice, the same place. Raises SeatsAreLeft, NotBookable,
    NoPriceForYou or AlreadyBooked.
    """
    now = now or timezone.now()
    event = allocation.locked(event.pk)
    if mode not in event.modes:
        raise NotHeldThere
    if not event.is_bookable(now):
        raise NotBookable
    waiting_list.settle(event, now)
    there = own_booking(event, by) if by else _visitor_in_line(event, person)
    if there is not None and there.state != State.HELD:
        return _same_place(there)
    if allocation.seats_left(event, mode) > 0:
        raise SeatsAreLeft
    amount, audience = decide(event, by, now)
    booking = Booking(
        event=event,
        mode=mode,
        state=State.WAITING,
        created_at=now,
        amount=amount,
        audience=audience,
        **_in_person(by, person, language),
    )
    booking._history_user = by
    booking.save()
    emails.in_line(booking, waiting_list.place_in_line(booking))
    return booking


def _visitor_in_line(event: Event, person: Attendee | None) -> Booking | None:
    """Only a place in line: who has a seat is not told to strangers."""
    assert person is not None  # noqa: S101  a visitor gives a name
    line = Booking.objects.filter(event=event, user=None, email__iexact=person.email)
    return line.filter(state__in=[State.WAITING, State.OFFERED]).first()


def _same_place(booking: Booking) -> Booking:
    if booking.state in Booking.COMING:
        raise AlreadyBooked
    return booking


def _in_person(by: User | None, person: Attendee | None, language: str) -> dict[str, object]:
    if by is not None:
        name = by.name or by.email
        own = {"name": name, "email": by.email, "employer": by.employer, "language": by.language}
        return {**own, "user": by, "booked_by": by}
    assert person is not None  # noqa: S101  as above
    own = {"name": person.name, "email": person.email.lower(), "employer": person.employer}
    return {**own, "language": language}


@transaction.atomic
def accept_offer(
    *, booking: Booking, cart: uuid.UUID, by: User | None, now: datetime | None = None
) -> Booking:
    """Take the seat: confirmed at once when it is free, otherwise into the cart to be paid for.

    Accepted twice, the same booking: in the cart of the browser that asked last, since a first
    click may have been answered with another cart, or on another device. Raises OfferIsOver.
    """
    now = now or timezone.now()
    event = allocation.locked(booking.event_id)
    booking = _fresh(booking)
    if booking.state in Booking.COMING:
        return booking
    if booking.state == State.HELD:
        booking.cart, booking._history_user = cart, by
        booking.save()
        return booking
    if booking.state != State.OFFERED or event.cancelled_at is not None:
        raise OfferIsOver
    assert booking.held_until is not None  # noqa: S101  the database demands it
    (seat,) = carts.priced([booking], None, timezone.localdate(now))
    if seat.decision.amount is None:
        raise NoPriceForYou
    if seat.decision.is_free:
        confirm(seat, now=now, by=by, terms=terms_on(now))
        emails.confirmed(booking)
        return booking
    until = max(booking.held_until, now + HOLD)
    fields = {"amount": seat.amount, "audience": seat.decision.audience}
    return move(booking, State.HELD, now=now, by=by, cart=cart, held_until=until, **fields)


@transaction.atomic
def decline_offer(*, booking: Booking, by: User | None, now: datetime | None = None) -> Booking:
    """Leave the seat, or the place in line, to the next. Twice is the same."""
    now = now or timezone.now()
    event = allocation.locked(booking.event_id)
    booking = _fresh(booking)
    if booking.state in (State.CANCELLED, State.LAPSED):
        return booking
    if booking.state not in (State.OFFERED, State.WAITING):
        raise WrongState
    move(booking, State.CANCELLED, now=now, by=by)
    waiting_list.settle(event, now)
    return booking


@transaction.atomic
def go_first(*, booking: Booking, reason: str, by: User, now: datetime | None = None) -> Booking:
    """Staff puts somebody at the head of the line, and says why."""
    now = now or timezone.now()
    event = allocation.locked(booking.event_id)
    booking = _fresh(booking)
    if not reason.strip():
        raise ReasonMissing
    if booking.state != State.WAITING:
        raise WrongState
    booking.priority, booking.priority_reason = 1, reason.strip()
    booking._history_user = by
    booking.save()
    waiting_list.settle(event, now)
    return _fresh(booking)


@transaction.atomic
def offer_beyond_capacity(
    *, booking: Booking, reason: str, by: User, now: datetime | None = None
) -> Booking:
    """Staff offers a seat above the capacity, knowingly, and says why. Twice is the same."""
    now = now or timezone.now()
    event = allocation.locked(booking.event_id)
    booking = _fresh(booking)
    if booking.state == State.OFFERED:
        return booking
    if not reason.strip():
        raise ReasonMissing
    if booking.state != State.WAITING or event.cancelled_at or now >= event.starts_at:
        raise WrongState
    booking.priority_reason = reason.strip()
    booking._history_user = by
    return waiting_list.offer(event, booking, now=now, beyond_capacity=True)


def _fresh(booking: Booking) -> Booking:
    return Booking.objects.select_related("event__product", "user").get(pk=booking.pk)
