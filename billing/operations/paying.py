"""Entering money against an invoice. Money that has come is entered, whatever else happens."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from billing import emails
from billing.models import BankTransaction, Invoice, Payment
from billing.money import ZERO


class PaymentRefused(Exception):
    """This cannot be entered. The message is for the person at the screen."""


@transaction.atomic
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
    if invoice.is_credit:
        raise PaymentRefused(_("Payments are entered on the invoice, not on its credit note."))
    if amount == 0:
        raise PaymentRefused(_("The amount is zero."))
    before = locked_balance(invoice)
    known = Payment.objects.filter(external_id=external_id).first()
    if known:
        return known
    payment = Payment.objects.create(
        invoice=invoice,
        amount=amount,
        paid_on=paid_on,
        method=method,
        external_id=external_id,
        registered_by=by,
        bank_transaction=bank_transaction,
        note=note,
    )
    if method != Payment.Method.WRITE_OFF:
        take_back_write_off(invoice=invoice, by=by, today=paid_on)
    if receipt and before > 0 and before - amount <= 0:
        emails.send_receipt(payment)
    return payment


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
        method=Payment.Method.WRITE_OFF,
        external_id=f"write-off:{invoice.pk}:{invoice.payments.count() + 1}",
        by=by,
        note=reason,
        receipt=False,
    )


def take_back_write_off(*, invoice: Invoice, by: Any, today: date) -> Payment | None:
    """What was given up is not lost after all: money came later, or it was credited.

    Otherwise it would look like money to give back. Only with the invoice locked.
    """
    found: Any = Invoice.objects.with_balance().with_written_off().get(pk=invoice.pk)
    amount = min(found.written_off, -found.balance)
    if amount <= ZERO:
        return None
    return Payment.objects.create(
        invoice=invoice,
        amount=-amount,
        paid_on=today,
        method=Payment.Method.WRITE_OFF,
        external_id=f"write-off:{invoice.pk}:{invoice.payments.count() + 1}",
        registered_by=by,
        note=str(_("Not lost after all")),
    )


def locked_balance(invoice: Invoice) -> Decimal:
    """What is left to pay (SEK), with the invoice locked until the transaction ends."""
    Invoice.objects.select_for_update().get(pk=invoice.pk)
    return Invoice.objects.with_balance().get(pk=invoice.pk).balance
