"""Closing a financial year: what must be true of the books, each looked up."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import chain
from typing import Any

from django.db.models import Sum
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing import journal, ledger
from billing.models import (
    BankTransaction,
    Invoice,
    InvoiceLine,
    LedgerAccount,
    Payment,
    Product,
    SieVoucher,
    StripeEvent,
    StripeMovement,
    StripePayout,
)
from billing.money import ZERO, format_amount

Use = LedgerAccount.Use
# Stripe pays out within days; what is older should be in some payout.
PAID_OUT_WITHIN = timedelta(days=21)
# Movements that are not about a payment of ours.
_STRIPES_OWN = frozenset({"stripe_fee", "application_fee", "tax_fee", "payout_failure"})


@dataclass(frozen=True)
class Check:
    title: str | Promise
    findings: list[str]

    @property
    def is_green(self) -> bool:
        return not self.findings


def checks(first: date, last: date) -> list[Check]:
    """Of the year from `first` to `last`; each is green or names what is wrong."""
    return [Check(title, list(find(first, last))) for title, find in _CHECKS]


def _ledger(first: date, last: date) -> Iterator[str]:
    yield from ledger.findings()


def _books_follow_ledger(first: date, last: date) -> Iterator[str]:
    """Vouchers against sums made another way: of the payments, and of what is left to pay."""
    known = journal.accounts()
    held: dict[str, Decimal] = {}
    owed = {known[Use.RECEIVABLES], known[Use.ADVANCES]}
    when_paid = set(
        InvoiceLine.objects.filter(recognition=Product.Recognition.CASH).values_list(
            "invoice", flat=True
        )
    )
    receivables = ZERO
    invoices = Invoice.objects.invoices().filter(issued_on__lte=last)
    for invoice in journal.with_rows(invoices).iterator(chunk_size=500):
        for voucher in journal.of_invoice(invoice, known):
            if voucher.booked_on > last:
                continue
            if sum(entry.amount for entry in voucher.entries):
                yield _("%(voucher)s: debit and credit differ") % {"voucher": voucher.text}
            for entry in voucher.entries:
                held[entry.account] = held.get(entry.account, ZERO) + entry.amount
                if entry.account in owed and invoice.pk not in when_paid:
                    receivables += entry.amount
    open_ones = Invoice.objects.as_of(last).exclude(pk__in=when_paid)
    left = sum(open_ones.values_list("balance", flat=True), ZERO)
    yield from _unequal(_("Owed by customers"), receivables, left)
    money = {known[use] for use in (Use.BANK, Use.CARDS, Use.BY_HAND)}
    came = Payment.objects.filter(paid_on__lte=last, invoice__issued_on__lte=last)
    paid = came.exclude(method=Payment.Method.WRITE_OFF).aggregate(sum=Sum("amount"))["sum"]
    booked = sum((held.get(account, ZERO) for account in money), ZERO)
    yield from _unequal(_("Money that came in"), booked, paid or ZERO)


def _unequal(what: str, booked: Decimal, ledger_says: Decimal) -> Iterator[str]:
    if booked != ledger_says:
        yield _("%(what)s: %(booked)s in the books, %(ledger)s in the ledger") % {
            "what": what,
            "booked": format_amount(booked),
            "ledger": format_amount(ledger_says),
        }


def _exported(first: date, last: date) -> Iterator[str]:
    exported = set(
        SieVoucher.objects.filter(booked_on__range=(first, last)).values_list("key", flat=True)
    )
    for voucher in journal.vouchers(first, last):
        if voucher.key not in exported:
            yield _("%(day)s %(text)s is not exported to the books") % {
                "day": voucher.booked_on,
                "text": voucher.text,
            }


def _bank(first: date, last: date) -> Iterator[str]:
    for row in BankTransaction.objects.waiting().filter(booked_on__range=(first, last)):
        yield _("%(row)s waits to be matched") % {"row": row}


def _cards(first: date, last: date) -> Iterator[str]:
    end = timezone.make_aware(datetime.combine(last + timedelta(days=1), time()))
    for event in StripeEvent.objects.waiting().filter(received_at__lt=end):
        yield f"{event.event_id}: {event.problem}"
    for event in StripeEvent.objects.unapplied().filter(received_at__lt=end):
        yield _("%(event)s is not applied yet") % {"event": event.event_id}


def payout_findings(payouts: Iterable[Any]) -> dict[Any, list[str]]:
    """What Stripe says of each payout against the ledger. One query; they have their movements."""
    payouts = list(payouts)
    names = [row.external_id for payout in payouts for row in payout.movements.all()]
    payments = Payment.objects.filter(external_id__in=names)
    entered = dict(payments.values_list("external_id", "amount"))
    return {payout: list(_payout_findings(payout, entered)) for payout in payouts}


def _payout_findings(payout: StripePayout, entered: dict[str, Decimal]) -> Iterator[str]:
    movements = list(payout.movements.all())
    net = sum((row.amount - row.fee for row in movements), ZERO)
    yield from _unequal(payout.payout_id, payout.amount, net)
    for movement in movements:
        if movement.kind not in _STRIPES_OWN:
            yield from _movement_findings(movement, entered.get(movement.external_id))


def _movement_findings(movement: StripeMovement, entered: Decimal | None) -> Iterator[str]:
    name = f"{movement.kind} {movement.reference or movement.movement_id}"
    if entered is None:
        yield _("%(name)s, %(amount)s: not in the ledger") % {
            "name": name,
            "amount": format_amount(movement.amount),
        }
    else:
        yield from _unequal(name, entered, movement.amount)


def _payouts(first: date, last: date) -> Iterator[str]:
    payouts = StripePayout.objects.order_by("arrived_on", "pk").prefetch_related("movements")
    of_the_year = payout_findings(payouts.filter(arrived_on__range=(first, last)))
    yield from chain.from_iterable(of_the_year.values())
    if payouts.exists():
        yield from _not_paid_out(first, min(last, timezone.localdate()) - PAID_OUT_WITHIN)


def _not_paid_out(first: date, last: date) -> Iterator[str]:
    references = StripeMovement.objects.values_list("reference", flat=True)
    paid_out = {f"stripe:{reference}" for reference in references}
    by_card = Payment.objects.filter(method=Payment.Method.CARD, paid_on__range=(first, last))
    for payment in by_card.select_related("invoice").order_by("pk"):
        if payment.external_id not in paid_out:
            yield _("%(invoice)s, %(amount)s by card on %(day)s: in no payout") % {
                "invoice": payment.invoice.number,
                "amount": format_amount(payment.amount),
                "day": payment.paid_on,
            }


def _owed_back(first: date, last: date) -> Iterator[str]:
    for invoice in Invoice.objects.as_of(last).filter(balance__lt=0).order_by("pk"):
        yield _("%(invoice)s: %(amount)s to give back") % {
            "invoice": invoice.number,
            "amount": format_amount(-invoice.balance),
        }


def _lost(first: date, last: date) -> Iterator[str]:
    """Doubtful claims must be valued when the year is closed."""
    before = last - timedelta(days=365)
    old = Invoice.objects.as_of(last).filter(balance__gt=0, due_on__lt=before)
    for invoice in old.order_by("pk"):
        yield _("%(invoice)s: %(amount)s overdue for more than a year; a loss?") % {
            "invoice": invoice.number,
            "amount": format_amount(invoice.balance),
        }


_CHECKS: tuple[tuple[Promise, Callable[[date, date], Iterator[str]]], ...] = (
    (gettext_lazy("The ledger is whole: numbers without gaps, sums, references"), _ledger),
    (gettext_lazy("The vouchers agree with the ledger"), _books_follow_ledger),
    (gettext_lazy("Everything of the year has been exported to the books"), _exported),
    (gettext_lazy("Every bank transaction is matched or set aside"), _bank),
    (gettext_lazy("Every message from Stripe is dealt with"), _cards),
    (gettext_lazy("Stripe's payouts agree with the card payments"), _payouts),
    (gettext_lazy("Nothing is to be given back"), _owed_back),
    (gettext_lazy("No claim is older than a year"), _lost),
)
