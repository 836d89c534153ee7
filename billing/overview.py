"""Invoices as a page shows them: values made ready for the templates."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from billing.models import Invoice
from billing.money import format_price


@dataclass(frozen=True)
class Status:
    """In a word, and how to say it (`ok`, `warn`, `bad`, `muted`, or plain)."""

    label: str | Promise
    tone: str


@dataclass(frozen=True)
class Row:
    """An invoice in somebody's list."""

    number: str
    kind: str
    issued_on: date
    due_on: date | None
    total: str
    balance: str
    status: Status
    url: str


def status(invoice: Any, today: date) -> Status:
    """Read from the balance; `invoice` has that of `with_balance` and `with_written_off`."""
    if invoice.is_credit:
        return Status(pgettext_lazy("invoice", "Credit note"), "muted")
    return _open_status(invoice, today) if invoice.balance > 0 else _settled_status(invoice)


def _open_status(invoice: Any, today: date) -> Status:
    if invoice.due_on < today:
        return Status(pgettext_lazy("invoice", "Overdue"), "bad")
    if invoice.paid > 0:
        return Status(pgettext_lazy("invoice", "Partly paid"), "warn")
    return Status(pgettext_lazy("invoice", "To pay"), "")


def _settled_status(invoice: Any) -> Status:
    if invoice.balance < 0:
        return Status(pgettext_lazy("invoice", "Overpaid"), "warn")
    if invoice.written_off > 0:
        return Status(pgettext_lazy("invoice", "Written off"), "muted")
    if invoice.paid > 0 or not invoice.credited:
        return Status(pgettext_lazy("invoice", "Paid"), "ok")
    return Status(pgettext_lazy("invoice", "Credited"), "muted")


def for_person(user: Any, *, today: date | None = None) -> list[Row]:
    """The invoices on somebody's own pages, newest first. One query, however many."""
    today = today or timezone.localdate()
    invoices = Invoice.objects.with_balance().with_written_off().filter(buyer=user)
    return [
        Row(
            number=invoice.number,
            kind=invoice.get_kind_display(),
            issued_on=invoice.issued_on,
            due_on=invoice.due_on,
            total=format_price(invoice.total),
            balance=format_price(invoice.balance),
            status=status(invoice, today),
            url=f"{invoice.get_absolute_url()}",
        )
        for invoice in invoices.order_by("-issued_on", "-pk")
    ]
