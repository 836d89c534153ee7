"""May this booking be given back, until when, and what becomes of the money?"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from billing.money import ZERO, format_price
from events.models import Booking


@dataclass(frozen=True)
class CancelTerms:
    """`credit` is what is credited on the invoice when it is cancelled now, in SEK."""

    is_open: bool
    until: datetime
    credit: Decimal
    text: str


def cancel_terms(booking: Booking, now: datetime, *, may_give_back: bool = False) -> CancelTerms:
    """The rule: all the money back until the event's last day for it; then not here any more.

    A seat that cost nothing can be left to the next until the event begins, and so can one whose
    price turned out not to be the person's (`may_give_back`, or a difference charged). Reads the
    event and the invoice line of the booking.
    """
    event = booking.event
    costs = booking.invoice_line_id is not None or booking.difference_line_id is not None
    keeps_date = costs and not may_give_back and booking.difference_line_id is None
    until = (event.cancel_until or event.starts_at) if keeps_date else event.starts_at
    is_open = booking.state == Booking.State.CONFIRMED and now < until
    credit = booking.amount if costs and is_open else ZERO
    return CancelTerms(is_open, until, credit, _text(costs, is_open, credit))


def _text(costs: bool, is_open: bool, credit: Decimal) -> str:
    if not is_open:
        return _("It can no longer be cancelled here. Write to us if something has come up.")
    if not costs:
        return _("It costs nothing to cancel, and somebody else gets the seat.")
    return _(
        "If you cancel now, the whole price of %(amount)s is credited. "
        "What has been paid is refunded to the payer."
    ) % {"amount": format_price(credit)}
