"""An invoice's own page: values made ready for the template."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from billing import gateway, giro, late_terms, overview
from billing.documents import squares
from billing.models import Invoice, Payment
from billing.money import format_amount, format_percent, format_quantity
from billing.operations import open_charges

Fact = tuple[str | Promise, str]


@dataclass(frozen=True)
class Code:
    """A square code, as the address of a picture that the page carries itself."""

    caption: str
    alt: str
    src: str


@dataclass(frozen=True)
class Entry:
    """A payment; `receipt_of` is its key where there is a receipt."""

    paid_on: date
    how: str
    amount: str
    receipt_of: int | None


def context(invoice: Any, *, today: date | None = None) -> dict[str, Any]:
    """`invoice` has that of `with_balance` and `with_written_off`."""
    today = today or timezone.localdate()
    entries = [_entry(payment) for payment in invoice.payments.order_by("paid_on", "pk")]
    return {
        "invoice": invoice,
        "status": overview.status(invoice, today),
        "seller": _party(invoice.seller["name"], invoice.seller["address"]),
        "seller_facts": _seller_facts(invoice.seller),
        "customer": _party(invoice.customer_name, invoice.customer_address),
        "facts": _facts(invoice),
        "lines": [_line(line) for line in invoice.lines.order_by("position")],
        **_sums(invoice),
        "entries": entries,
        "receipt_of": next((e.receipt_of for e in reversed(entries) if e.receipt_of), None),
        "credit_notes": invoice.credit_notes.order_by("pk"),
        "late_charges": _late_charges(invoice),
        "terms": late_terms.announced(invoice).splitlines(),
        "pay": _pay(invoice, today),
        "outcome": outcome(invoice),
    }


def _late_charges(invoice: Any) -> list[tuple[Invoice, str]]:
    """Open charges for paying this one late, which are paid as invoices of their own."""
    if invoice.is_credit:
        return []
    return [(charge, format_amount(charge.balance)) for charge in open_charges(invoice)]


def outcome(invoice: Any) -> str:
    """What is said where nothing is left to pay."""
    if invoice.is_credit or invoice.balance > 0:
        return ""
    if invoice.balance < 0:
        more = format_amount(-invoice.balance)
        return _("%(amount)s more has come in than was owed.") % {"amount": more}
    if invoice.credited >= invoice.total > 0:
        return _("The invoice has been credited. There is nothing to pay.")
    if invoice.written_off > 0:
        return _("The invoice is closed. There is nothing to pay.")
    return _("The invoice is paid. Thank you.") if invoice.paid else _("There is nothing to pay.")


def has_receipt(payment: Payment) -> bool:
    return payment.amount > 0 and payment.method != Payment.Method.WRITE_OFF


def _entry(payment: Payment) -> Entry:
    return Entry(
        paid_on=payment.paid_on,
        how=payment.get_method_display() if payment.amount > 0 else _("given back"),
        amount=format_amount(payment.amount),
        receipt_of=payment.pk if has_receipt(payment) else None,
    )


def _party(name: str, address: str) -> list[str]:
    return [name, *address.splitlines()]


def _given(*facts: Fact) -> list[Fact]:
    return [(label, value) for label, value in facts if value]


def _seller_facts(seller: dict[str, Any]) -> list[Fact]:
    return _given(
        (_("Org. no."), giro.format_organisation_number(seller["organisation_number"])),
        (_("VAT no."), seller["vat_number"]),
        (_("Registered office"), seller["registered_office"]),
    )


def _facts(invoice: Invoice) -> list[Fact]:
    number = giro.format_organisation_number(invoice.customer_organisation_number)
    return _given(
        (_("Your reference"), invoice.customer_reference),
        (_("Purchase order number"), invoice.order_number),
        (_("Cost centre"), invoice.cost_centre),
        (_("Your organisation number"), number),
        (_("Your VAT number"), invoice.customer_vat_number),
        (_("Reason"), invoice.reason),
    )


def _line(line: Any) -> dict[str, Any]:
    several = abs(line.quantity) != 1
    return {
        "text": line.text,
        "detail": line.detail,
        "quantity": format_quantity(line.quantity) if several else "",
        "price": format_amount(line.unit_price) if several else "",
        "amount": format_amount(line.gross),
    }


def _sums(invoice: Any) -> dict[str, Any]:
    rows = list(invoice.vat_rows.order_by("-rate", "category"))
    vat = [
        (_("of which VAT %(rate)s") % {"rate": format_percent(row.rate)}, format_amount(row.vat))
        for row in rows
        if row.rate
    ]
    settled = [(_("Paid"), invoice.paid), (_("Credited"), invoice.credited)]
    return {
        "total": format_amount(invoice.total),
        "vat_rows": vat,
        "exemptions": list(dict.fromkeys(row.exemption_text for row in rows if row.exemption_text)),
        "settled": [(label, format_amount(-amount)) for label, amount in settled if amount],
        "left_label": _("To give back") if invoice.balance < 0 else _("Left to pay"),
        "left": format_amount(abs(invoice.balance)),
    }


def _pay(invoice: Any, today: date) -> dict[str, Any] | None:
    """How to pay what is left; None when nothing is."""
    if invoice.is_credit or invoice.balance <= 0:
        return None
    seller = invoice.seller
    return {
        "amount": format_amount(invoice.balance),
        "is_overdue": invoice.due_on < today,
        "facts": _given(
            (_("Bankgiro"), giro.format_bankgiro(seller["bankgiro"])),
            (_("OCR number"), invoice.ocr),
            (_("Payee"), seller["name"]),
        ),
        "codes": _codes(invoice, invoice.balance),
        "card": gateway.is_configured(),
    }


def _codes(invoice: Invoice, amount: Decimal) -> list[Code]:
    from billing import papers  # noqa: PLC0415  the layout engine must not be used before a fork

    panel = papers.payment_panel(invoice, amount)
    return [
        Code(
            caption=code.caption,
            alt=code.alt,
            src=squares.data_uri(code.svg),
        )
        for code in panel.codes
    ]
