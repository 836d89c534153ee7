"""A person's seats, for my pages."""

from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from events import afterwards, links
from events.editions import Edition, edition
from events.models import Booking, CalendarFeed
from members.models import User

State = Booking.State
PAST_SHOWN = 10


@dataclass(frozen=True)
class Row:
    text: Edition
    starts_at: datetime
    status: str
    tone: str
    """`ok`, `warn`, `bad` or `muted`."""
    url: str
    for_whom: str
    """Empty for one's own seat."""


@dataclass(frozen=True)
class Overview:
    offers: list[Row] = field(default_factory=list)
    coming: list[Row] = field(default_factory=list)
    waiting: list[Row] = field(default_factory=list)
    past: list[Row] = field(default_factory=list)
    feed_url: str = ""
    """Of the person's own calendar, once they have asked for one."""
    years: list[int] = field(default_factory=list)
    """In which there are certificates, the newest first."""


def for_person(user: User, now: datetime) -> Overview:
    """Own seats and those booked for others; what lies in the cart is not booked.

    What staff registered or let in at the door came out of no cart, and is not theirs.
    """
    for_others = Booking.objects.filter(booked_by=user, cart__isnull=False)
    own = Booking.objects.of_person(user) | for_others
    shown = own.filter(state__in=[State.OFFERED, State.WAITING, *Booking.COMING])
    bookings = list(shown.select_related("event", "user").order_by("event__starts_at", "pk"))
    coming = [b for b in bookings if b.state == State.CONFIRMED and b.event.ends_at > now]
    past = [b for b in reversed(bookings) if b.state in Booking.COMING and b.event.ends_at <= now]
    return Overview(
        offers=_rows([b for b in bookings if b.state == State.OFFERED], user, now),
        coming=_rows(coming, user, now),
        waiting=_rows([b for b in bookings if _waits(b, now)], user, now),
        feed_url=_feed_url(user),
        past=_rows(past[:PAST_SHOWN], user, now),
        years=afterwards.years(afterwards.certificates_of(user)) if past else [],
    )


def _feed_url(user: User) -> str:
    feed = CalendarFeed.objects.filter(user=user).first()
    return f"{settings.SITE_URL}{reverse('events:own-feed', args=[feed.key])}" if feed else ""


def _waits(booking: Booking, now: datetime) -> bool:
    return booking.state == State.WAITING and booking.event.starts_at > now


def _rows(bookings: list[Booking], user: User, now: datetime) -> list[Row]:
    return [_row(booking, user, now) for booking in bookings]


def _row(booking: Booking, user: User, now: datetime) -> Row:
    status, tone = _status(booking, now)
    is_own = booking.user_id == user.pk or booking.email.lower() == user.email
    return Row(
        text=edition(booking.event),
        starts_at=booking.event.starts_at,
        status=status,
        tone=tone,
        url=links.booking_path(booking) if is_own else links.booked_for_path(booking),
        for_whom="" if is_own else booking.name,
    )


def _status(booking: Booking, now: datetime) -> tuple[str, str]:
    if booking.state == State.OFFERED:
        return _("A seat is held for you"), "warn"
    if booking.state == State.WAITING:
        return _("On the waiting list"), "muted"
    if booking.state == State.ATTENDED:
        return _("Attended"), "ok"
    return (_("Booked"), "ok") if booking.event.ends_at > now else (_("Over"), "muted")
