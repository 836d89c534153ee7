"""Entering money against an invoice. Money that has come is entered, whatever else happens."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from billing import emails
from billing.models import BankTransaction, Invoice, Payment
from billing.money import ZERO
from privacy.copying import insert_all

WRITE_OFF = Payment.Method.WRITE_OFF


class PaymentRefused(Exception):
    """This cannot be entered. The message is for the person at the screen."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Money to be entered against an invoice: SEK, negative for a refund."""

    invoice: Invoice
    amount: Decimal
    paid_on: date
    method: str
    external_id: str
    bank_transaction: BankTransaction | None = None
    note: str = ""


def register_payment(
    *,
    invoice: Invoice,
    amount: Decimal,
    paid_on: date,
    method: str,
    external_id: str,
    by: Any = None,
    bank_transaction: BankTransaction | None = None,
    note: str = "",
    receipt: bool = True,
) -> Payment:
    """Enter a payment (SEK; negative for a refund). The same `external_id` is entered once.

    The payment that settles the invoice sends the receipt. What the payment means to a membership
    or a seat is read from the balance; nothing else needs to be told.
    """
    entry = Entry(
        invoice=invoice,
        amount=amount,
        paid_on=paid_on,
        method=method,
        external_id=external_id,
        bank_transaction=bank_transaction,
        note=note,
    )
    return register_payments(entries=[entry], by=by, receipt=receipt)[0]


@transaction.atomic
def register_payments(
    *, entries: Sequence[Entry], by: Any = None, receipt: bool = True
) -> list[Payment]:
    """Enter many at once, by a few statements: the same as `register_payment` for each, in order.

    All or none.
    """
    for entry in entries:
        _demand_payable(entry)
    left = locked_balances([entry.invoice for entry in entries])
    numbers = [entry.external_id for entry in entries]
    known = {row.external_id: row for row in Payment.objects.filter(external_id__in=numbers)}
    new = {
        entry.external_id: Payment(registered_by=by, **vars(entry))
        for entry in entries
        if entry.external_id not in known
    }
    payments = insert_all(new.values())
    came = {row.invoice_id: row.paid_on for row in payments if row.method != WRITE_OFF}
    take_back_write_offs(came, by=by)
    if receipt:
        emails.send_receipts(_settling(payments, left))
    return [(known | new)[number] for number in numbers]


def _demand_payable(entry: Entry) -> None:
    if entry.invoice.is_credit:
        raise PaymentRefused(_("Payments are entered on the invoice, not on its credit note."))
    if entry.amount == 0:
        raise PaymentRefused(_("The amount is zero."))


def _settling(payments: Iterable[Payment], left: dict[int, Decimal]) -> list[Payment]:
    """Those with which nothing was left of their invoice any more. `left`: before all of them."""
    settling = []
    for payment in payments:
        before = left[payment.invoice_id]
        left[payment.invoice_id] = before - payment.amount
        if before > 0 and before - payment.amount <= 0:
            settling.append(payment)
    return settling


@transaction.atomic
def write_off(*, invoice: Invoice, reason: str, by: Any, today: date) -> Payment | None:
    """Give up what is left of an invoice. Nothing left: nothing is written."""
    balance = locked_balance(invoice)
    if balance <= ZERO:
        return None
    return register_payment(
        invoice=invoice,
        amount=balance,
        paid_on=today,
        method=WRITE_OFF,
        external_id=f"write-off:{invoice.pk}:{invoice.payments.count() + 1}",
        by=by,
        note=reason,
        receipt=False,
    )


def take_back_write_offs(days: Mapping[int, date], *, by: Any) -> None:
    """What was given up is not lost after all: money came later, or it was credited.

    Otherwise it would look like money to give back. `days` by the keys of the invoices, which are
    locked.
    """
    given_up: Any = Invoice.objects.with_balance().with_written_off()
    for invoice in given_up.filter(pk__in=days, written_off__gt=0).order_by("pk"):
        _take_back_write_off(invoice, by=by, today=days[invoice.pk])


def _take_back_write_off(invoice: Any, *, by: Any, today: date) -> None:
    amount = min(invoice.written_off, -invoice.balance)
    if amount > ZERO:
        Payment.objects.create(
            invoice=invoice,
            amount=-amount,
            paid_on=today,
            method=WRITE_OFF,
            external_id=f"write-off:{invoice.pk}:{invoice.payments.count() + 1}",
            registered_by=by,
            note=str(_("Not lost after all")),
        )


def locked_balance(invoice: Invoice) -> Decimal:
    """What is left to pay (SEK), with the invoice locked until the transaction ends."""
    return locked_balances([invoice])[invoice.pk]


def lock_invoices(keys: Collection[int]) -> set[int]:
    """Until the transaction ends; always in one order. Those that there are."""
    locked = Invoice.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    return set(locked.values_list("pk", flat=True))


def locked_balances(invoices: Iterable[Invoice]) -> dict[int, Decimal]:
    """The same for many, by their keys."""
    keys = lock_invoices({invoice.pk for invoice in invoices})
    return dict(Invoice.objects.with_balance().filter(pk__in=keys).values_list("pk", "balance"))
