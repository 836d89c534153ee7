"""The door on the day: who is expected, who is in, and what a telephone sends after a gap."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from events import operations
from events.editions import clock
from events.forms.room import WalkInForm
from events.models import Booking, Event
from events.refusals import BookingRefused
from events.ticket import short_code
from members.models import User
from privacy.protected import without_hidden


@dataclass(frozen=True)
class Guest:
    """One line of the list at the door."""

    id: str
    code: str
    name: str
    employer: str
    where: str
    is_in: bool
    at: str
    """When they came in, `09:12`; empty for those who have not."""


@dataclass(frozen=True)
class Outcome:
    """What became of one thing that the telephone sent. `how` is in, again, out or refused."""

    key: str
    how: str
    text: str


def guests(event: Event) -> list[Guest]:
    """By name, without protected people: those show their ticket. One query."""
    rows = without_hidden(Booking.objects.filter(event=event).coming_to())
    return [_guest(booking) for booking in rows.order_by("name", "pk")]


def _guest(booking: Booking) -> Guest:
    return Guest(
        id=booking.public_id.hex,
        code=short_code(booking.public_id),
        name=booking.name,
        employer=booking.employer,
        where=str(booking.get_mode_display()),
        is_in=booking.attended_at is not None,
        at=_clock(booking.attended_at),
    )


def _clock(moment: datetime | None) -> str:
    return clock(timezone.localtime(moment)) if moment else ""


def as_data(people: Sequence[Guest]) -> list[dict[str, Any]]:
    return [asdict(guest) for guest in people]


def take_in(
    event: Event, entries: Sequence[Mapping[str, Any]], *, by: User, now: datetime
) -> list[Outcome]:
    """Each entry by itself: one that is refused does not keep the others from being written."""
    return [_take_in(event, entry, by=by, now=now) for entry in entries]


def _take_in(event: Event, entry: Mapping[str, Any], *, by: User, now: datetime) -> Outcome:
    key = str(entry.get("key", ""))[:64]
    try:
        if entry.get("kind") == "walk-in":
            return _walk_in(event, entry, key, by=by, now=_moment(entry, now))
        return _check(event, entry, key, by=by, now=now)
    except BookingRefused as refusal:
        return Outcome(key, "refused", str(refusal))


def _moment(entry: Mapping[str, Any], now: datetime) -> datetime:
    """When it happened at the door, to the second; a clock that goes ahead is not believed."""
    try:
        moment = parse_datetime(str(entry.get("at", "")))
    except ValueError:
        moment = None
    if moment is None or timezone.is_naive(moment):
        return now
    return min(moment.replace(microsecond=0), now)


def _check(event: Event, entry: Mapping[str, Any], key: str, *, by: User, now: datetime) -> Outcome:
    booking = find(event, str(entry.get("booking", "")))
    if booking is None:
        return Outcome(key, "refused", _("No seat at this event has that code."))
    if entry.get("kind") == "out":
        operations.undo_check_in(booking=booking, by=by, now=now)
        return Outcome(key, "out", _("%(name)s is taken back.") % {"name": booking.name})
    if booking.state not in Booking.COMING:
        words = {"name": booking.name, "state": booking.get_state_display()}
        return Outcome(key, "refused", _("%(name)s: the booking is %(state)s.") % words)
    moment = _moment(entry, now)
    checked = operations.check_in(booking=booking, by=by, now=moment)
    words = {"name": checked.name, "time": _clock(checked.attended_at)}
    if checked.attended_at != moment:
        return Outcome(key, "again", _("%(name)s came in already, at %(time)s.") % words)
    return Outcome(key, "in", _("Welcome, %(name)s!") % words)


def _walk_in(
    event: Event, entry: Mapping[str, Any], key: str, *, by: User, now: datetime
) -> Outcome:
    form = WalkInForm({name: str(entry.get(name, "")) for name in WalkInForm.base_fields})
    try:
        number = uuid.UUID(key)
    except ValueError:
        number = None
    if number is None or not form.is_valid():
        return Outcome(key, "refused", _("A name and an e-mail address are needed."))
    booking = operations.walk_in(event=event, key=number, person=form.attendee(), by=by, now=now)
    return Outcome(key, "in", _("Welcome, %(name)s!") % {"name": booking.name})


def find(event: Event, typed: str) -> Booking | None:
    """By the number in the square, or its first signs as they stand under it."""
    signs = typed.replace("-", "").strip().lower()
    if len(signs) < 8 or any(sign not in "0123456789abcdef" for sign in signs):
        return None
    rows = Booking.objects.filter(event=event)
    # In Python: databases store the number each in their way.
    wanted = [
        pk for pk, number in rows.values_list("pk", "public_id") if number.hex.startswith(signs)
    ]
    return rows.get(pk=wanted[0]) if len(wanted) == 1 else None
