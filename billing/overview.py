"""Invoices as a page shows them: values made ready for the templates."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing import gateway, giro
from billing.models import Invoice
from billing.money import format_amount, format_price


@dataclass(frozen=True)
class Status:
    """In a word, and how loud to say it (`ok`, `warn` or `muted`)."""

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
    """Read from the balance; `invoice` comes from `with_balance()`."""
    if invoice.is_credit:
        return Status(_("Credit note"), "muted")
    if invoice.balance > 0 and invoice.due_on < today:
        return Status(_("Overdue"), "warn")
    if invoice.balance > 0:
        return Status(_("To pay"), "muted")
    if invoice.paid > 0 or not invoice.credited:
        return Status(_("Paid"), "ok")
    return Status(_("Credited"), "muted")


def for_person(user: Any, *, today: date | None = None) -> list[Row]:
    """The invoices on somebody's own pages, newest first. Two queries, however many."""
    today = today or timezone.localdate()
    invoices = Invoice.objects.with_balance().filter(buyer=user).order_by("-issued_on", "-pk")
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
        for invoice in invoices
    ]


def page(invoice: Any) -> dict[str, Any]:
    """What the invoice's own page shows."""
    return {
        "invoice": invoice,
        "status": status(invoice, timezone.localdate()),
        "lines": [
            {"text": line.text, "detail": line.detail, "amount": format_amount(line.gross)}
            for line in invoice.lines.order_by("position")
        ],
        "total": format_amount(invoice.total),
        "vat": format_amount(invoice.vat),
        "balance": format_amount(invoice.balance),
        "to_pay": invoice.balance > 0 and not invoice.is_credit,
        "bankgiro": giro.format_bankgiro(invoice.seller["bankgiro"]),
        "payments": [
            {
                "paid_on": payment.paid_on,
                "how": payment.get_method_display(),
                "amount": format_amount(payment.amount),
            }
            for payment in invoice.payments.order_by("paid_on", "pk")
        ],
        "credit_notes": [
            {"number": note.number, "url": note.get_absolute_url()}
            for note in invoice.credit_notes.order_by("pk")
        ],
        "card": gateway.is_configured(),
    }
