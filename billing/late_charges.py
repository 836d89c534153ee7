"""What a late payer owes beside the invoice: a reminder fee, once, and late interest.

Each charge is an invoice of its own, so that the first one never changes and is paid, and a
membership in good standing, whether or not the fee for reminding of it is. Only what an invoice
announced when it was issued is charged later: a fee must be agreed beforehand (Act 1981:739).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from billing.money import ZERO, rounded

# Kronor; Ordinance 1981:1057 allows no more.
HIGHEST_FEE = 60
# Percentage points above the reference rate; Interest Act (1975:635), section 6.
ABOVE_REFERENCE = Decimal(8)
DAYS_A_YEAR = 365
# Codes of the products, whose accounts and VAT are the treasurer's to decide.
FEE, INTEREST = "reminder-fee", "late-interest"

SOURCE = "late-charge:"

Rate = tuple[date, Decimal]
"""The first day of a reference rate, and the rate in percent."""


def sources_of(invoice_id: int) -> str:
    """How the source of every charge for this invoice begins."""
    return f"{SOURCE}{invoice_id}:"


def source(invoice_id: int, charged_on: date) -> str:
    return f"{sources_of(invoice_id)}{charged_on}"


def are_announced(seller: Mapping[str, Any]) -> bool:
    """Whether an invoice said that paying late costs; `seller` as it stands on it."""
    return bool(seller.get("reminder_fee") or seller.get("late_interest"))


def invoice_of(source: str) -> int:
    """The number of the row whose lateness a charge with that source is for."""
    return int(source.removeprefix(SOURCE).partition(":")[0])


def interest(
    *, owed: Callable[[date], Decimal], rates: Sequence[Rate], after: date, until: date
) -> Decimal:
    """SEK for the days after `after` up to `until`; `owed` says what was unpaid as a day began.

    `rates` are in the order of their days. Before the first of them nothing is charged.
    """
    days = (after + timedelta(days=number) for number in range(1, (until - after).days + 1))
    yearly = sum((owed(day) * _percent(rates, day) for day in days), ZERO)
    return rounded(yearly / 100 / DAYS_A_YEAR)


def _percent(rates: Sequence[Rate], day: date) -> Decimal:
    known = [percent for valid_from, percent in rates if valid_from <= day]
    return known[-1] + ABOVE_REFERENCE if known else Decimal(0)
