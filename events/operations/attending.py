"""The day itself and what follows from it: who came, and the proof of it."""

import uuid
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from events import allocation, emails
from events.models import Booking, Certificate, Event
from events.moves import move
from events.operations.booking import Attendee
from events.refusals import NotBookable, NotOverYet, ReasonMissing, TooEarly, WrongState
from members.models import User

State = Booking.State


@transaction.atomic
def check_in(*, booking: Booking, by: User, now: datetime | None = None) -> Booking:
    """Staff notes that the person is there. Twice is once, with the first time kept."""
    now = now or timezone.now()
    event = allocation.locked(booking.event_id)
    booking = _fresh(booking)
    if booking.state == State.ATTENDED:
        return booking
    if booking.state != State.CONFIRMED:
        raise WrongState
    _refuse_early(event, now)
    move(booking, State.ATTENDED, now=now, by=by)
    if event.attendance_noted_at is not None:
        _certify(booking, by=by)
    return booking


@transaction.atomic
def undo_check_in(*, booking: Booking, by: User, now: datetime | None = None) -> Booking:
    """The wrong person was checked in; a certificate is revoked. Twice is once."""
    now = now or timezone.now()
    allocation.locked(booking.event_id)
    booking = _fresh(booking)
    if booking.state == State.CONFIRMED:
        return booking
    if booking.state != State.ATTENDED:
        raise WrongState
    _revoke(booking, because=_("Was not there after all"), now=now)
    return move(booking, State.CONFIRMED, now=now, by=by)


@transaction.atomic
def walk_in(
    *,
    event: Event,
    key: uuid.UUID,
    person: Attendee,
    by: User,
    now: datetime | None = None,
) -> Booking:
    """Let somebody in who has no seat, above the capacity if need be.

    `key` is made where it was typed: sent again after a gap in the network, the same booking.
    Whoever does have a seat by that address is checked in on it.
    """
    now = now or timezone.now()
    event = allocation.locked(event.pk)
    there = Booking.objects.filter(public_id=key).first()
    if there is not None:
        return there
    if event.cancelled_at is not None:
        raise NotBookable
    _refuse_early(event, now)
    rows = Booking.objects.filter(event=event, email__iexact=person.email).coming_to()
    seated = rows.order_by("pk").first()
    if seated is not None:
        return check_in(booking=seated, by=by, now=now)
    mode = event.modes[0]
    booking = Booking(
        public_id=key,
        event=event,
        mode=mode,
        state=State.ATTENDED,
        seat=allocation.free_seat(event, mode, beyond_capacity=True),
        name=person.name,
        email=person.email.lower(),
        employer=person.employer,
        booked_by=by,
        is_walk_in=True,
        created_at=now,
        confirmed_at=now,
        attended_at=now,
    )
    booking._history_user = by
    booking.save()
    return booking


def _refuse_early(event: Event, now: datetime) -> None:
    if timezone.localdate(now) < timezone.localdate(event.starts_at):
        raise TooEarly


# --- Afterwards -----------------------------------------------------------------------------


@transaction.atomic
def note_attendance(*, event: Event, by: User, now: datetime | None = None) -> Event:
    """Everyone who came is checked in: certify them and thank them. Twice is once.

    Who has a seat and is not checked in did not come; nothing more is made of it.
    """
    now = now or timezone.now()
    event = allocation.locked(event.pk)
    if event.attendance_noted_at is not None:
        return event
    if now < event.ends_at:
        raise NotOverYet
    event.attendance_noted_at = now
    event._history_user = by
    event.save()
    came = event.bookings.filter(state=State.ATTENDED).select_related("event", "user")
    for booking in came:
        _certify(booking, by=by)
    emails.thanks(came)
    return event


def _certify(booking: Booking, *, by: User | None) -> Certificate | None:
    """Nothing where the event gives no hours, and never a second valid one."""
    hours = booking.event.education_hours
    if not hours:
        return None
    made, _created = Certificate.objects.get_or_create(
        booking=booking,
        revoked_at=None,
        defaults={"name": booking.name, "hours": hours, "issued_by": by},
    )
    return made


@transaction.atomic
def correct_certificate(
    *,
    certificate: Certificate,
    name: str,
    hours: Decimal,
    reason: str,
    by: User,
    now: datetime | None = None,
) -> Certificate:
    """Revoke a certificate and issue another with a code of its own. Returns the valid one."""
    now = now or timezone.now()
    allocation.locked(certificate.booking.event_id)
    certificate = Certificate.objects.select_related("booking").get(pk=certificate.pk)
    if not reason.strip():
        raise ReasonMissing
    if not certificate.is_valid:
        raise WrongState
    _revoke(certificate.booking, because=reason.strip(), now=now)
    return Certificate.objects.create(
        booking=certificate.booking,
        name=name.strip(),
        hours=hours,
        shows_name=certificate.shows_name,
        issued_by=by,
    )


def _revoke(booking: Booking, *, because: str, now: datetime) -> None:
    valid = Certificate.objects.filter(booking=booking, revoked_at=None)
    valid.update(revoked_at=now, revoked_because=because)


@transaction.atomic
def show_name(*, certificate: Certificate, is_shown: bool) -> Certificate:
    """The holder decides what a stranger with the code may read."""
    certificate.shows_name = is_shown
    certificate.save(update_fields=["shows_name"])
    return certificate


def _fresh(booking: Booking) -> Booking:
    return Booking.objects.select_related("event", "user").get(pk=booking.pk)
