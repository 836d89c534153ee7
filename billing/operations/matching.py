"""By hand: what the bank's references did not say."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.models import BankTransaction, Invoice, Payment, Seller
from billing.money import ZERO, format_amount
from billing.operations.paying import register_payment


class MatchRefused(Exception):
    """This cannot be matched so. The message is for the person at the screen."""


@dataclass(frozen=True)
class Share:
    """What of a transaction belongs to an invoice (SEK; negative where the bank took it back)."""

    invoice: Invoice
    amount: Decimal


def in_turn() -> None:
    """Waits until nobody else imports or matches; they lock many invoices, in orders of their own.

    Only within a transaction, which holds the turn until it ends.
    """
    Seller.objects.select_for_update().get()


@transaction.atomic
def match_by_hand(
    *, row: BankTransaction, shares: Sequence[Share], rest: Decimal, by: Any
) -> list[Payment]:
    """Enter a transaction, or a part of it, against the invoices that staff chose.

    `rest` is what the screen said was left of it: a second click, or a colleague's screen from
    before, is refused. More than an invoice's balance may be entered: it shows as overpaid.
    """
    in_turn()
    locked = BankTransaction.objects.select_for_update().get(pk=row.pk)
    left = locked.rest()
    _demand_open(locked, left, rest)
    _demand_fitting(shares, left)
    earlier = locked.payments.count()
    payments = [
        register_payment(
            invoice=share.invoice,
            amount=share.amount,
            paid_on=locked.booked_on,
            method=Payment.Method.BANK,
            external_id=f"bank:{locked.external_id}:{share.invoice.pk}:{number}",
            by=by,
            bank_transaction=locked,
        )
        for number, share in enumerate(shares, start=earlier + 1)
    ]
    if locked.rest() == ZERO:
        locked.problem = BankTransaction.Problem.NONE
        locked.save(update_fields=["problem"])
    return payments


def _demand_open(row: BankTransaction, left: Decimal, rest: Decimal) -> None:
    if row.closed_at:
        raise MatchRefused(_("It has been set aside."))
    if row.currency != "SEK":
        raise MatchRefused(
            _("It is not in Swedish kronor, so it cannot settle an invoice as it is.")
        )
    if left == ZERO or left != rest:
        raise MatchRefused(_("It has been matched in the meantime. Look at what is left."))


def _demand_fitting(shares: Sequence[Share], left: Decimal) -> None:
    if not shares:
        raise MatchRefused(_("Name at least one invoice."))
    if any(share.amount * left <= 0 for share in shares):
        raise MatchRefused(_("Amounts of money that came in are above zero, of returns below."))
    total = sum((share.amount for share in shares), ZERO)
    if abs(total) > abs(left):
        raise MatchRefused(
            _("Together that is %(total)s, but only %(left)s is left.")
            % {"total": format_amount(total), "left": format_amount(left)}
        )


@transaction.atomic
def set_aside(*, row: BankTransaction, note: str, by: Any) -> BankTransaction:
    """Staff has dealt with what did not match (sent back, belongs elsewhere). Said once."""
    locked = BankTransaction.objects.select_for_update().get(pk=row.pk)
    if locked.closed_at is None:
        locked.closed_at, locked.closed_by, locked.closed_note = timezone.now(), by, note
        locked.save(update_fields=["closed_at", "closed_by", "closed_note"])
    return locked


@transaction.atomic
def take_up_again(*, row: BankTransaction, by: Any) -> BankTransaction:
    """Back into the queue: it was set aside by mistake."""
    del by  # the admin's log keeps who
    locked = BankTransaction.objects.select_for_update().get(pk=row.pk)
    locked.closed_at, locked.closed_by, locked.closed_note = None, None, ""
    locked.save(update_fields=["closed_at", "closed_by", "closed_note"])
    return locked
