"""What the night does for events. Each job asks what should be and writes the difference."""

from datetime import datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from events import emails, operations
from events.differences import at_members_price, difference_of, without_standing
from events.joining import TIME_TO_CONFIRM
from events.models import Booking
from mail.models import Mail
from members.models import Application

REMINDED_AT = time(8)
"""The mail is written in the night and leaves in the morning."""


def remind_day_before(now: datetime, *, dry_run: bool = False) -> list[Booking]:
    """Remind those who have a seat tomorrow, or today if the job is late. Returns whom.

    Safe to run again: one mail for each booking and time of the event.
    """
    soon = _coming_soon(now)
    to_remind = _not_written({emails.reminder_key(booking): booking for booking in soon})
    if not dry_run:
        emails.reminders((booking, _morning_before(booking, now)) for booking in to_remind)
    return to_remind


ASKED_BEFORE = timedelta(days=2)
LOOKED_AT_BEFORE = timedelta(days=14)


def ask_who_still_comes(now: datetime, *, dry_run: bool = False) -> list[Booking]:
    """Two days before, those who have a free seat: it costs nothing to keep, so it is forgotten."""
    soon = Booking.objects.filter(
        state=Booking.State.CONFIRMED,
        amount=0,
        event__starts_at__gt=now + timedelta(days=1),
        event__starts_at__lte=now + ASKED_BEFORE + timedelta(days=1),
        event__cancelled_at__isnull=True,
    )
    rows = soon.select_related("event", "user").order_by("pk")
    to_ask = _not_written({emails.still_coming_key(booking): booking for booking in rows})
    if not dry_run:
        emails.still_coming(to_ask)
    return to_ask


def look_at_prices_again(now: datetime, *, dry_run: bool = False) -> list[Booking]:
    """Tell those whose membership has lapsed since they booked. Returns whom; each once."""
    soon = at_members_price().filter(
        state=Booking.State.CONFIRMED,
        application=None,
        event__starts_at__gt=now,
        event__starts_at__lte=now + LOOKED_AT_BEFORE,
        event__cancelled_at__isnull=True,
    )
    lapsed = without_standing(soon.order_by("pk"), timezone.localdate(now))
    dearer = [booking for booking in lapsed if difference_of(booking) != 0]
    to_tell = _not_written({emails.lapsed_price_key(booking): booking for booking in dearer})
    if not dry_run:
        emails.lapsed_prices(to_tell)
    return to_tell


def charge_who_did_not_join(now: datetime, *, dry_run: bool = False) -> list[Booking]:
    """Seats booked together with a membership that has come to nothing. Returns them."""
    failed = Q(application__state=Application.State.REJECTED) | Q(
        application__state=Application.State.UNCONFIRMED,
        application__created_at__lte=now - TIME_TO_CONFIRM,
    )
    rows = at_members_price().filter(failed).order_by("pk")
    to_charge = [
        booking
        for booking in without_standing(rows, timezone.localdate(now))
        if difference_of(booking)
    ]
    if not dry_run:
        for booking in to_charge:
            operations.charge_who_did_not_join(booking=booking, now=now)
    return to_charge


def _not_written(by_key: dict[str, Booking]) -> list[Booking]:
    written = set(Mail.objects.filter(key__in=by_key).values_list("key", flat=True))
    return [booking for key, booking in by_key.items() if key not in written]


def _coming_soon(now: datetime) -> list[Booking]:
    tomorrow = timezone.localdate(now) + timedelta(days=1)
    end_of_tomorrow = timezone.make_aware(datetime.combine(tomorrow, time.max))
    seats = Booking.objects.filter(
        state=Booking.State.CONFIRMED,
        event__starts_at__gt=now,
        event__starts_at__lte=end_of_tomorrow,
        event__cancelled_at__isnull=True,
    )
    return list(seats.select_related("event", "user").order_by("event__starts_at", "pk"))


def _morning_before(booking: Booking, now: datetime) -> datetime:
    day = timezone.localdate(booking.event.starts_at) - timedelta(days=1)
    return max(now, timezone.make_aware(datetime.combine(day, REMINDED_AT)))
