"""Who owes what: open balances by age, and the whole account of one payer (reskontra)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from billing.models import Invoice, Payment
from billing.money import ZERO

# Last day of each age, in days after the due date; older ones are in a last column.
AGES = (0, 30, 60, 90)


@dataclass
class Debtor:
    """A payer with something open. `amounts` by age; `owed_back` is below zero."""

    invoice: Any
    """One of theirs: it says who they are."""
    amounts: list[Decimal]
    owed_back: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        return sum(self.amounts, self.owed_back)


@dataclass(frozen=True)
class Line:
    """Something on a payer's account; `balance` is after it (SEK, owed to us above zero)."""

    on: date
    what: Any
    amount: Decimal
    balance: Decimal
    document: Invoice


def payer_of(invoice: Invoice) -> str:
    """An organisation is its number; a person is an address."""
    return invoice.customer_organisation_number or invoice.customer_email.lower()


def aged(day: date) -> list[Debtor]:
    """As it stood at the end of that day, the largest debt first. One query."""
    debtors: dict[str, Debtor] = {}
    open_ones = Invoice.objects.as_of(day).exclude(balance=0)
    for invoice in open_ones.order_by("issued_on", "pk"):
        debtor = debtors.setdefault(payer_of(invoice), Debtor(invoice, [ZERO] * (len(AGES) + 1)))
        debtor.invoice = invoice
        if invoice.balance < 0:
            debtor.owed_back += invoice.balance
        else:
            debtor.amounts[_column(invoice, day)] += invoice.balance
    return sorted(debtors.values(), key=lambda debtor: -debtor.total)


def _column(invoice: Any, day: date) -> int:
    late = (day - invoice.due_on).days
    return sum(late > last for last in AGES)


def documents_of(invoice: Invoice) -> Any:
    """Every invoice and credit note of the payer of this one."""
    number = invoice.customer_organisation_number
    if number:
        return Invoice.objects.filter(customer_organisation_number=number)
    return Invoice.objects.filter(
        customer_organisation_number="", customer_email__iexact=invoice.customer_email
    )


def account_of(invoice: Invoice) -> list[Line]:
    """All that its payer was invoiced, credited and paid, in order, with the balance."""
    balance, lines = ZERO, []
    for on, what, amount, document in sorted(_entries(invoice), key=lambda entry: entry[0]):
        balance += amount
        lines.append(Line(on, what, amount, balance, document))
    return lines


def _entries(invoice: Invoice) -> Iterator[tuple[date, Any, Decimal, Invoice]]:
    documents = documents_of(invoice)
    for document in documents.order_by("pk"):
        yield document.issued_on, document, document.total, document
    payments = Payment.objects.filter(invoice__in=documents.values("pk")).select_related("invoice")
    for payment in payments.order_by("pk"):
        yield payment.paid_on, payment.get_method_display(), -payment.amount, payment.invoice
