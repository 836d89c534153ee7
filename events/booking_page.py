"""What a booking's own page says, whatever state it is in."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from billing.money import format_price
from events import waiting_list
from events.cancelling import CancelTerms, cancel_terms
from events.differences import difference_of, has_lapsed_price
from events.models import Booking, Event
from members.models import User


@dataclass(frozen=True)
class BookingPage:
    name: str
    mode_label: str
    status: str
    tone: str
    says: str
    is_holder: bool
    """Whoever booked for somebody else sees what they arranged, and nothing of the other's."""
    is_coming: bool
    is_offered: bool
    is_waiting: bool
    is_in_cart: bool
    is_online: bool
    until: datetime | None
    online_url: str
    price: str
    invoice_url: str
    """For the payer alone: whoever the seat is for has not paid for it."""
    cancel: CancelTerms
    has_lapsed_price: bool
    difference: str
    """What who is no member any more would have to add; empty where others cannot book at all."""
    may_change: bool
    asks_needs: bool
    badges: list[tuple[str, str]]
    """The choices, with the chosen one as `badge`; none where nobody wears one."""
    badge: str


_TONES = {
    Booking.State.CONFIRMED: "ok",
    Booking.State.ATTENDED: "ok",
    Booking.State.OFFERED: "warn",
    Booking.State.CANCELLED: "bad",
}


def booking_page(
    booking: Booking, user: User | None, now: datetime, *, is_holder: bool = True
) -> BookingPage:
    """`booking` comes with its event, person and invoice line."""
    state = booking.state
    is_coming = state == Booking.State.CONFIRMED and booking.event.ends_at > now
    is_lapsed = is_coming and has_lapsed_price(booking, now)
    missing = difference_of(booking) if is_lapsed else None
    is_payer = user is not None and user.pk in {booking.booked_by_id, booking.user_id}
    line = booking.invoice_line
    is_online = booking.mode == Booking.Mode.ONLINE
    return BookingPage(
        name=booking.name,
        mode_label=str(booking.get_mode_display()),
        status=str(booking.get_state_display()).capitalize(),
        tone=_TONES.get(Booking.State(state), "muted"),
        says=_says(booking, now),
        is_holder=is_holder,
        is_coming=is_coming,
        is_offered=state == Booking.State.OFFERED,
        is_waiting=state == Booking.State.WAITING,
        is_in_cart=state == Booking.State.HELD,
        is_online=is_online,
        until=booking.held_until,
        online_url=booking.event.online_url if is_online and is_coming and is_holder else "",
        price=format_price(booking.amount) if is_payer and line else "",
        invoice_url=line.invoice.get_absolute_url() if is_payer and line else "",
        cancel=cancel_terms(booking, now, may_give_back=is_lapsed),
        has_lapsed_price=is_lapsed,
        difference=format_price(missing) if missing else "",
        may_change=is_coming and booking.event.starts_at > now,
        asks_needs=is_coming and is_holder and booking.event.asks_needs,
        badges=_badges(booking) if is_coming and is_holder and not is_online else [],
        badge=booking.badge,
    )


def _badges(booking: Booking) -> list[tuple[str, str]]:
    """At conferences people wear badges."""
    if booking.event.kind != Event.Kind.CONFERENCE:
        return []
    return [(value, str(label)) for value, label in Booking.Badge.choices]


def _says(booking: Booking, now: datetime) -> str:
    if booking.event.cancelled_at is not None:
        return _("The event has been called off. %(reason)s") % {
            "reason": booking.event.cancelled_reason
        }
    if booking.state == Booking.State.WAITING:
        place = waiting_list.place_in_line(booking)
        return _("You are number %(place)d in line. We mail you when a seat is yours to take.") % {
            "place": place
        }
    if booking.state == Booking.State.CONFIRMED and booking.event.ends_at <= now:
        return _("The event is over.")
    return {
        Booking.State.HELD: _("The seat is in the cart. It is booked once you have checked out."),
        Booking.State.OFFERED: _("A seat has become free, and we are holding it for you."),
        Booking.State.CONFIRMED: _("The seat is booked."),
        Booking.State.ATTENDED: _("Thank you for coming."),
        Booking.State.CANCELLED: _("This booking is cancelled."),
        Booking.State.LAPSED: _("The time ran out, and the seat went to the next."),
    }[Booking.State(booking.state)]
