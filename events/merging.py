"""What of a person's bookings stands in the way when two accounts become one."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from events.editions import edition
from events.models import Booking
from members.merging import stands_in_the_way
from members.models import User

State = Booking.State
_TAKEN = [State.HELD, State.WAITING, State.OFFERED, State.CONFIRMED, State.ATTENDED]


@stands_in_the_way
def booked_twice(kept: User, gone: User) -> Iterator[str]:
    """One account, one seat."""
    taken = Booking.objects.filter(state__in=_TAKEN).select_related("event")
    theirs = set(taken.filter(user=gone).values_list("event", flat=True))
    for booking in taken.filter(user=kept, event__in=theirs):
        yield _("Both are booked on %(event)s. Cancel one of the two.") % {
            "event": edition(booking.event).title
        }
