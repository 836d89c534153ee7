"""What the night does for events. Each job asks what should be and writes the difference."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from events import emails
from events.models import Booking
from mail.models import Mail

REMINDED_AT = time(8)
"""The mail is written in the night and leaves in the morning."""


def remind_day_before(now: datetime, *, dry_run: bool = False) -> list[Booking]:
    """Remind those who have a seat tomorrow, or today if the job is late. Returns whom.

    Safe to run again: one mail for each booking and time of the event.
    """
    to_remind = _not_reminded(_coming_soon(now))
    if not dry_run:
        emails.reminders((booking, _morning_before(booking, now)) for booking in to_remind)
    return to_remind


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


def _not_reminded(bookings: list[Booking]) -> list[Booking]:
    keys = {booking.pk: emails.reminder_key(booking) for booking in bookings}
    written = set(Mail.objects.filter(key__in=keys.values()).values_list("key", flat=True))
    return [booking for booking in bookings if keys[booking.pk] not in written]


def _morning_before(booking: Booking, now: datetime) -> datetime:
    day = timezone.localdate(booking.event.starts_at) - timedelta(days=1)
    return max(now, timezone.make_aware(datetime.combine(day, REMINDED_AT)))
