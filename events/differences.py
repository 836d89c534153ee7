"""Seats at the members' price whose holder is no member in good standing, and what that costs.

The price is decided on the day of booking and looked at once more before the event.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db.models import QuerySet
from django.utils import timezone

from events.models import Booking, Price
from events.prices import Asker, price_for
from members.models import User
from members.standing import Standing, standings_of

Audience = Price.Audience


def at_members_price() -> QuerySet[Booking]:
    """Of those who come, with what the questions below need."""
    rows = Booking.objects.coming_to().filter(difference_line=None)
    rows = rows.filter(audience__in=[Audience.MEMBER, Audience.STUDENT])
    rows = rows.select_related("event__product", "user", "application", "invoice_line__invoice")
    return rows.prefetch_related("event__prices")


def without_standing(bookings: Iterable[Booking], today: date) -> list[Booking]:
    """Those whose holder is not in good standing. Two queries, however many there are."""
    rows = list(bookings)
    people = _people(rows)
    standings = standings_of({user.pk for user in people.values()}, today)
    return [booking for booking in rows if not _is_good(booking, people, standings)]


def _people(bookings: Iterable[Booking]) -> Mapping[str, User]:
    """By address: whoever joined in the check-out has an account only since then."""
    addresses = {booking.email.lower() for booking in bookings}
    return {user.email: user for user in User.objects.filter(email__in=addresses)}


def _is_good(
    booking: Booking, people: Mapping[str, User], standings: Mapping[int, Standing]
) -> bool:
    person = booking.user or people.get(booking.email.lower())
    standing = standings.get(person.pk) if person else None
    return standing is not None and standing.in_good_standing


def difference_of(booking: Booking) -> Decimal | None:
    """To the price for everyone on the day it was booked; None where others cannot book at all."""
    booked_on = timezone.localdate(booking.confirmed_at or booking.created_at)
    everybody = price_for(booking.event.prices.all(), Asker(), booked_on)
    return None if everybody.amount is None else max(Decimal(0), everybody.amount - booking.amount)


def has_lapsed_price(booking: Booking, now: datetime) -> bool:
    """Whether the holder may choose: renew, pay the difference, or give the seat back free."""
    if booking.state != Booking.State.CONFIRMED or now >= booking.event.starts_at:
        return False
    seat = at_members_price().filter(pk=booking.pk)
    if not without_standing(seat, timezone.localdate(now)):
        return False
    return difference_of(booking) != 0
