"""What a kind of membership is offered for today, in the words of the page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from billing.money import format_price
from members import fees
from members.models import MembershipKind
from privacy.remembered import Remembered


@dataclass(frozen=True)
class Offer:
    kind: MembershipKind
    fee: Decimal
    price: str
    """The first year, for short: `1 645 kr` or `Free the first year`."""
    price_in_full: str


kinds = Remembered(lambda: list(MembershipKind.objects.with_fees()))


def on_offer(today: date) -> list[Offer]:
    """Every kind whose fee has been decided, in the order of the page."""
    return [offer(kind, today) for kind in kinds() if fees.is_decided(kind.fees.all(), today)]


def ordinary_fee(today: date) -> Decimal | None:
    """What a year costs who is no student, as pages tell it. None where nobody has decided it."""
    return _ordinary_fee(kinds(), today)


def ordinary_fee_now(today: date) -> Decimal | None:
    """The same where somebody is about to agree to it. Two queries."""
    return _ordinary_fee(MembershipKind.objects.with_fees(), today)


def _ordinary_fee(kinds: Iterable[MembershipKind], today: date) -> Decimal | None:
    ordinary = next((kind for kind in kinds if not kind.is_for_students), None)
    if ordinary is None or not fees.is_decided(ordinary.fees.all(), today):
        return None
    return fees.fee_on(ordinary.fees.all(), today)


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
