"""What a kind of membership is offered for today, in the words of the page."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from billing.money import format_price
from members import fees
from members.models import MembershipKind


@dataclass(frozen=True)
class Offer:
    kind: MembershipKind
    fee: Decimal
    price: str
    """The first year, for short: `1 645 kr` or `Free the first year`."""
    price_in_full: str


def offer(kind: MembershipKind, today: date) -> Offer:
    fee = fees.fee_on(kind.fees.all(), today)
    amount = format_price(fee)
    if kind.first_year_free:
        return Offer(
            kind,
            fee,
            price=_("Free the first year"),
            price_in_full=_("Free the first year, then %(fee)s a year") % {"fee": amount},
        )
    return Offer(kind, fee, price=amount, price_in_full=_("%(fee)s a year") % {"fee": amount})
