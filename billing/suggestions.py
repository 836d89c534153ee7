"""What a bank transaction may belong to. For a person to judge; nothing is matched on these."""

import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from billing.models import BankTransaction, Invoice, Payment, StripePayout
from billing.operations.bank import named

MOST = 8
# Between the day that Stripe says and the day that the bank says.
PAYOUT_DAYS = timedelta(days=5)
# Shorter words, and those that half of all payers have in their name, say nothing.
_WORD = re.compile(r"\w{4,}")
_EMPTY_WORDS = frozenset({"aktiebolag", "föreningen", "group", "kommun", "konsult", "sverige"})


@dataclass(frozen=True)
class Suggestion:
    """`amount` is what would be entered (SEK). `invoice` carries its balance."""

    invoice: Any
    amount: Decimal
    why: str


def suggestions(row: BankTransaction, rest: Decimal) -> list[Suggestion]:
    """Best first: named in the payment, the same amount, a similar name. Five queries at most."""
    if not rest or row.currency != "SEK":
        return []
    words = _words(row.payer_name)
    by_reference = {invoice.pk for invoice in named(row)}
    found = [*_referred_to(by_reference), *_fitting(rest), *_of_name(words, rest)]
    reasons = {invoice: _reasons(invoice, rest, words, by_reference) for invoice in found}
    # The database finds parts of words, too; those are no reason.
    best_first = sorted(
        (invoice for invoice in reasons if reasons[invoice]),
        key=lambda invoice: (-sum(weight for weight, _text in reasons[invoice]), invoice.pk),
    )
    return [
        Suggestion(
            invoice,
            _amount(invoice, rest),
            ", ".join(text for _weight, text in reasons[invoice]),
        )
        for invoice in best_first[:MOST]
    ]


def payout_for(row: BankTransaction, rest: Decimal) -> StripePayout | None:
    """Stripe's payout of just this amount about that day. Its payments are entered already."""
    if rest <= 0 or rest != row.amount or row.currency != "SEK":
        return None
    days = (row.booked_on - PAYOUT_DAYS, row.booked_on + PAYOUT_DAYS)
    return StripePayout.objects.filter(amount=rest, arrived_on__range=days).first()


def _words(name: str) -> set[str]:
    return set(_WORD.findall(name.casefold())) - _EMPTY_WORDS


def _referred_to(keys: set[int]) -> list[Any]:
    return list(Invoice.objects.with_balance().filter(pk__in=keys))


def _fitting(rest: Decimal) -> list[Any]:
    """Open ones of just this amount; for money that was taken back, those it had paid."""
    if rest > 0:
        rows = _open().filter(balance=rest)
    else:
        paid = Payment.objects.filter(amount=-rest, method=Payment.Method.BANK)
        rows = Invoice.objects.with_balance().filter(pk__in=paid.values("invoice"))
    return list(rows.order_by("-issued_on", "-pk")[:MOST])


def _open() -> Any:
    return Invoice.objects.balance_in_one_pass("> 0").with_balance()


def _of_name(words: set[str], rest: Decimal) -> list[Any]:
    if not words:
        return []
    similar = Q(*(Q(customer_name__icontains=word) for word in words), _connector=Q.OR)
    rows = _open() if rest > 0 else Invoice.objects.settled()
    return list(rows.filter(similar).order_by("-issued_on", "-pk")[:MOST])


def _reasons(
    invoice: Any, rest: Decimal, words: set[str], by_reference: set[int]
) -> list[tuple[int, str]]:
    """Each with its weight. A name weighs least: different people share one."""
    fits = invoice.balance == rest if rest > 0 else invoice.paid == -rest
    rules = [
        (invoice.pk in by_reference, 4, _("named in the payment")),
        (fits, 2, _("the same amount")),
        (bool(words & _words(invoice.customer_name)), 1, _("similar name")),
    ]
    return [(weight, text) for holds, weight, text in rules if holds]


def _amount(invoice: Any, rest: Decimal) -> Decimal:
    """All of it where the invoice is settled already: that shows as money to give back."""
    return min(rest, invoice.balance) if rest > 0 and invoice.balance > 0 else rest
