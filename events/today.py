"""What waits for the event manager, for the front page of the admin."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from events.models import Booking, Event
from members.models import User

Waiting = tuple[str | Promise, int, str]
LOOK_BACK = timedelta(days=30)


def waiting(user: User, today: date) -> Iterator[Waiting]:
    """Title, count and address of each list that `user` may see. A query for each."""
    now = timezone.now()
    if user.has_perm("events.view_event"):
        yield (
            _("Past events whose attendance is to be noted"),
            Event.objects.attendance_open(now).filter(ends_at__gt=now - LOOK_BACK).count(),
            f"{reverse('admin:events_event_changelist')}?when=to-note",
        )
    if user.has_perm("events.view_booking"):
        yield (
            _("People on waiting lists"),
            Booking.objects.waiting().filter(event__starts_at__gt=now).count(),
            f"{reverse('admin:events_booking_changelist')}?state__exact=waiting",
        )
