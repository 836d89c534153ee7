"""What a year costs: the fee in force on its first day, in SEK."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from billing.money import ZERO
from members.models.kinds import Fee, MembershipKind


class NoFeeDecided(Exception):
    """Staff has entered no fee that holds on that day."""


def fee_on(fees: Iterable[Fee], day: date) -> Decimal:
    """The newest of a kind's fees that holds on `day`."""
    in_force = _in_force(fees, day)
    if not in_force:
        raise NoFeeDecided(_("No fee has been decided for this kind of membership."))
    return max(in_force, key=lambda fee: fee.valid_from).amount


def is_decided(fees: Iterable[Fee], day: date) -> bool:
    return bool(_in_force(fees, day))


def _in_force(fees: Iterable[Fee], day: date) -> list[Fee]:
    return [fee for fee in fees if fee.valid_from <= day]


def price_of_year(
    kind: MembershipKind, fees: Iterable[Fee], first_day: date, *, had_free_year: bool
) -> Decimal:
    """The fee of one year for one person: the first may be free, once in a lifetime."""
    if kind.first_year_free and not had_free_year:
        return ZERO
    return fee_on(fees, first_day)
