"""Issuing an invoice: number, snapshot and lines in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.forms.models import model_to_dict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing import emails, ocr
from billing.models import Invoice, InvoiceLine, InvoiceVat, Product, Seller, Series
from billing.money import format_price
from billing.vat import TREATMENTS, PricedLine, VatSummary, summarise

# A slip of the finger, far from what the columns hold.
LARGEST = Decimal(10_000_000)


class IssueRefused(Exception):
    """This cannot become an invoice. The message is for the person at the screen."""


@dataclass(frozen=True, kw_only=True)
class Customer:
    """Who pays, as it shall stand on the invoice."""

    name: str
    email: str
    language: str = "sv"
    address: str = ""
    """One line a row."""
    organisation_number: str = ""
    vat_number: str = ""
    reference: str = ""
    order_number: str = ""
    cost_centre: str = ""
    peppol_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Line:
    """What is sold. `unit_price` is the promised price in SEK, including VAT."""

    product: Product
    text: str
    unit_price: Decimal
    detail: str = ""
    quantity: Decimal = Decimal(1)


@transaction.atomic
def issue_invoice(
    *,
    source: str,
    customer: Customer,
    lines: Sequence[Line],
    buyer: Any = None,
    by: Any = None,
    today: date | None = None,
    due_on: date | None = None,
    mail: bool = True,
) -> Invoice:
    """Issue an invoice and, after the commit, mail it with its PDF to the customer.

    `source` says what it is for (`membership:17`): asked twice, the first invoice is returned and
    nothing is written. Numbers have no gaps: the series is locked until the transaction ends, so
    call this as late in it as possible.
    """
    today = today or timezone.localdate()
    summary = summed(lines)
    issued = Invoice.objects.filter(source=source).first()
    if issued:
        return issued
    seller = Seller.objects.get()
    series = Series.locked(Series.Code.INVOICE)
    # Looked up again under the lock: of two that ask at once, the second finds the first's.
    issued = Invoice.objects.filter(source=source).first()
    if issued:
        return issued
    number, sequence = series.take()
    invoice = Invoice.objects.create(
        kind=Invoice.Kind.INVOICE,
        number=number,
        sequence=sequence,
        ocr=ocr.reference(sequence),
        issued_on=today,
        due_on=due_on or today + timedelta(days=seller.payment_days),
        language=customer.language,
        source=source,
        buyer=buyer,
        issued_by=by,
        seller=snapshot(seller),
        **_customer_columns(customer),
        **total_columns(summary),
    )
    _write_lines(invoice, lines, summary)
    if mail:
        emails.send_document(invoice)
    return invoice


def summed(lines: Sequence[Line]) -> VatSummary:
    """What the lines add up to. Raises IssueRefused where that is no invoice."""
    if not lines:
        raise IssueRefused(_("An invoice needs at least one line."))
    summary = summarise(_priced(line) for line in lines)
    if summary.total < 0:
        raise IssueRefused(_("An invoice cannot be negative. Make a credit note instead."))
    if summary.total > LARGEST:
        raise IssueRefused(
            _("An invoice of more than %(most)s cannot be right.") % {"most": format_price(LARGEST)}
        )
    return summary


def snapshot(seller: Seller) -> dict[str, Any]:
    """The seller as plain data, as it stands on the papers of this day."""
    return model_to_dict(seller, exclude=["id", "names_in_books"])


def _priced(line: Line) -> PricedLine:
    return PricedLine(line.quantity, line.unit_price, line.product.vat)


def _customer_columns(customer: Customer) -> dict[str, Any]:
    return {
        "customer_name": customer.name,
        "customer_address": customer.address,
        "customer_email": customer.email,
        "customer_organisation_number": customer.organisation_number,
        "customer_vat_number": customer.vat_number,
        "customer_reference": customer.reference,
        "order_number": customer.order_number,
        "cost_centre": customer.cost_centre,
        "peppol_id": customer.peppol_id,
    }


def total_columns(summary: VatSummary) -> dict[str, Decimal]:
    return {
        "net": summary.net,
        "vat": summary.vat,
        "rounding": summary.rounding,
        "total": summary.total,
    }


def _write_lines(invoice: Invoice, lines: Sequence[Line], summary: VatSummary) -> None:
    InvoiceLine.objects.bulk_create(
        InvoiceLine(
            invoice=invoice,
            position=position,
            text=line.text,
            detail=line.detail,
            quantity=line.quantity,
            unit_price=line.unit_price,
            net=priced.net,
            vat_code=line.product.vat_code,
            product_code=line.product.code,
            account=line.product.account,
            recognition=line.product.recognition,
        )
        for position, (line, priced) in enumerate(zip(lines, summary.lines, strict=True), start=1)
    )
    texts = _exemptions(lines, invoice.language)
    InvoiceVat.objects.bulk_create(
        InvoiceVat(
            invoice=invoice,
            category=row.category,
            rate=row.rate,
            net=row.net,
            vat=row.vat,
            exemption_text=texts.get(row.category, ""),
        )
        for row in summary.sums
    )


def _exemptions(lines: Sequence[Line], language: str) -> dict[str, str]:
    """Why a category carries no VAT, in the invoice's language; each reason once."""
    texts: dict[str, dict[str, None]] = {}
    for line in lines:
        text = getattr(line.product, f"exemption_text_{language}")
        if text:
            texts.setdefault(TREATMENTS[line.product.vat_code].category, {})[text] = None
    return {category: ", ".join(found)[:200] for category, found in texts.items()}
