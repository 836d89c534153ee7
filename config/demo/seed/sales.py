"""What was sold in three years, and what became of each invoice. Plain data, no rows yet."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from billing.models import Invoice, Payment
from billing.money import ZERO
from billing.operations import Customer, Line
from members.models import User

BANK, CARD, BY_HAND = Payment.Method.BANK, Payment.Method.CARD, Payment.Method.OTHER


@dataclass(frozen=True, eq=False)
class Paid:
    """All that was left to pay, unless `amount` says otherwise; less than zero is money back."""

    on: date
    method: str
    amount: Decimal | None = None


@dataclass(frozen=True)
class Credit:
    """`reason` is a text that the operations give, to be translated. `rows`: none means all."""

    on: date
    reason: str
    rows: tuple[int, ...] | None = None
    is_by_night: bool = False


@dataclass
class Fate:
    payments: list[Paid] = field(default_factory=list)
    credit: Credit | None = None


@dataclass(eq=False)
class Sale:
    source: str
    issued_on: date
    is_by_night: bool
    """Issued by a job; else while somebody waited."""
    customer: Customer
    lines: tuple[Line, ...]
    buyer: User | None
    fate: Fate
    invoice: Invoice | None = None

    @property
    def total(self) -> Decimal:
        return sum((line.quantity * line.unit_price for line in self.lines), ZERO)

    @property
    def credited(self) -> Decimal:
        credit = self.fate.credit
        return sum((line.unit_price for line in self.credited_lines), ZERO) if credit else ZERO

    @property
    def credited_lines(self) -> tuple[Line, ...]:
        credit = self.fate.credit
        if credit is None or credit.rows is None:
            return self.lines if credit else ()
        return tuple(self.lines[row] for row in credit.rows)

    def left_in_night_of(self, day: date) -> Decimal:
        """What was to pay when the reminders of that night were sent, after the night's endings."""
        paid = sum((self.amount_of(one) for one in self.fate.payments if one.on < day), ZERO)
        credit = self.fate.credit
        credited = self.credited if credit and credit.on <= day else ZERO
        return self.total - paid - credited

    def amount_of(self, payment: Paid) -> Decimal:
        if payment.amount is not None:
            return payment.amount
        told = (one.amount for one in self.fate.payments if one.amount and one.amount > 0)
        credit = self.fate.credit
        credited = self.credited if credit and credit.on <= payment.on else ZERO
        return self.total - credited - sum(told, ZERO)


def reminders_of(
    sale: Sale, *, due_on: date, steps: Iterable[int], today: date
) -> list[tuple[int, date, Decimal]]:
    """Step, day and what was left, as the nightly job must have sent them."""
    days = ((step, due_on + timedelta(days=step)) for step in sorted(steps))
    return [
        (step, day, left)
        for step, day in days
        if sale.issued_on < day <= today and (left := sale.left_in_night_of(day)) > 0
    ]
