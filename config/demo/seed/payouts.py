"""Stripe's payouts of three years: each Monday, what was paid by card the week before."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from billing.models import Payment, StripeMovement, StripePayout
from billing.money import ZERO, rounded
from config.demo.seed.clock import Clock
from config.demo.seed.rows import add

_SHARE, _EACH = Decimal("0.015"), Decimal("1.80")


def write_payouts(payments: Sequence[Payment], clock: Clock) -> None:
    weeks: dict[date, list[Payment]] = defaultdict(list)
    for payment in payments:
        weeks[_monday_after(payment.paid_on)].append(payment)
    days = [day for day in sorted(weeks) if day <= clock.today]
    movements = {day: [_movement(payment) for payment in weeks[day]] for day in days}
    payouts = add(
        [
            StripePayout(
                payout_id=f"po_demo{day:%Y%m%d}",
                arrived_on=day,
                stored_at=clock.night(day),
                amount=sum((row.amount - row.fee for row in movements[day]), ZERO),
            )
            for day in days
        ]
    )
    for payout in payouts:
        for movement in movements[payout.arrived_on]:
            movement.payout = payout
    add([movement for day in days for movement in movements[day]])


def _monday_after(day: date) -> date:
    return day + timedelta(days=7 - day.weekday())


def _movement(payment: Payment) -> StripeMovement:
    reference = payment.external_id.removeprefix("stripe:")
    return StripeMovement(
        movement_id=f"txn_{reference.removeprefix('pi_')}",
        kind="charge",
        reference=reference,
        amount=payment.amount,
        fee=rounded(payment.amount * _SHARE) + _EACH,
    )
