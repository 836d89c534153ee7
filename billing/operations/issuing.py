"""Issuing an invoice: number, snapshot and lines in one transaction."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import transaction
from django.forms.models import model_to_dict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing import emails, ocr
from billing.models import Invoice, InvoiceLine, InvoiceVat, Product, Seller, Series
from billing.money import format_price
from billing.vat import TREATMENTS, PricedLine, VatSummary, summarise
from privacy.copying import insert_all

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


@dataclass(frozen=True, kw_only=True)
class Order:
    """What an invoice is issued for. `source` names it (`membership:17`)."""

    source: str
    customer: Customer
    lines: Sequence[Line]
    buyer: Any = None
    due_on: date | None = None

    def summary(self) -> VatSummary:
        """Raises IssueRefused."""
        return summed(self.lines)


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
    order = Order(source=source, customer=customer, lines=lines, buyer=buyer, due_on=due_on)
    return issue_invoices(orders=[order], by=by, today=today, mail=mail)[0]


@transaction.atomic
def issue_invoices(
    *, orders: Sequence[Order], by: Any = None, today: date | None = None, mail: bool = True
) -> list[Invoice]:
    """Issue many at once, by a few statements: the same as `issue_invoice` for each, in order.

    All or none. The numbers are taken together, and last.
    """
    today = today or timezone.localdate()
    summaries = [order.summary() for order in orders]
    issued = _issued(orders)
    if any(order.source not in issued for order in orders):
        terms = _terms(by, today)
        drafts = {
            order.source: _Draft(_unnumbered(order, summary, terms), order, summary)
            for order, summary in zip(orders, summaries, strict=True)
        }
        series = Series.locked(Series.Code.INVOICE)
        # Looked up again under the lock: of two that ask at once, the second finds the first's.
        issued = _issued(orders)
        new = [draft for source, draft in drafts.items() if source not in issued]
        issued |= _write(new, series, mail=mail)
    return [issued[order.source] for order in orders]


class _Draft(NamedTuple):
    invoice: Invoice
    order: Order
    summary: VatSummary


def _issued(orders: Sequence[Order]) -> dict[str, Invoice]:
    sources = [order.source for order in orders]
    return {row.source: row for row in Invoice.objects.filter(source__in=sources)}


def _terms(by: Any, today: date) -> dict[str, Any]:
    """What the invoices of one day have in common."""
    seller = Seller.objects.get()
    return {
        "kind": Invoice.Kind.INVOICE,
        "issued_on": today,
        "due_on": today + timedelta(days=seller.payment_days),
        "issued_by": by,
        "seller": snapshot(seller),
    }


def _unnumbered(order: Order, summary: VatSummary, terms: dict[str, Any]) -> Invoice:
    own = {"due_on": order.due_on} if order.due_on else {}
    return Invoice(
        language=order.customer.language,
        source=order.source,
        buyer=order.buyer,
        **_customer_columns(order.customer),
        **total_columns(summary),
        **(terms | own),
    )


def _write(drafts: Sequence[_Draft], series: Series, *, mail: bool) -> dict[str, Invoice]:
    """The series is locked. Everything that can be made before that has been made."""
    if not drafts:
        return {}
    invoices = [draft.invoice for draft in drafts]
    for invoice, (number, sequence) in zip(invoices, series.take_many(len(invoices)), strict=True):
        invoice.number, invoice.sequence = number, sequence
        invoice.ocr = ocr.reference(sequence)
    insert_all(invoices)
    insert_all(line for draft in drafts for line in _lines(draft))
    insert_all(row for draft in drafts for row in _vat_rows(draft))
    if mail:
        emails.send_documents(invoices)
    return {invoice.source: invoice for invoice in invoices}


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


def _lines(draft: _Draft) -> Iterator[InvoiceLine]:
    rows = zip(draft.order.lines, draft.summary.lines, strict=True)
    for position, (line, priced) in enumerate(rows, start=1):
        yield InvoiceLine(
            invoice=draft.invoice,
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


def _vat_rows(draft: _Draft) -> Iterator[InvoiceVat]:
    texts = _exemptions(draft.order.lines, draft.invoice.language)
    for row in draft.summary.sums:
        yield InvoiceVat(
            invoice=draft.invoice,
            category=row.category,
            rate=row.rate,
            net=row.net,
            vat=row.vat,
            exemption_text=texts.get(row.category, ""),
        )


def _exemptions(lines: Sequence[Line], language: str) -> dict[str, str]:
    """Why a category carries no VAT, in the invoice's language; each reason once."""
    texts: dict[str, dict[str, None]] = {}
    for line in lines:
        text = getattr(line.product, f"exemption_text_{language}")
        if text:
            texts.setdefault(TREATMENTS[line.product.vat_code].category, {})[text] = None
    return {category: ", ".join(found)[:200] for category, found in texts.items()}
