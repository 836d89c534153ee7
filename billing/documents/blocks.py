"""The parts that documents share, worded and figured in the active language, all as text."""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from billing import giro
from billing.documents import payment_codes, squares
from billing.documents.content import (
    Customer,
    Line,
    PaymentRequest,
    References,
    Seller,
    Totals,
    VatRow,
)
from billing.money import ZERO, format_amount, format_figure, format_percent, format_quantity

Fact = tuple[str, str]
"""A label and what it labels."""


@dataclass(frozen=True, kw_only=True)
class Row:
    cells: tuple[str, ...]
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class Table:
    """The first column is text, the others are figures."""

    headers: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, kw_only=True)
class Code:
    svg: str
    caption: str
    alt: str


@dataclass(frozen=True, kw_only=True)
class Panel:
    """The tinted box with the one figure that matters."""

    label: str
    amount: str
    facts: tuple[Fact, ...]
    codes: tuple[Code, ...] = ()
    link: Fact | None = None
    """Label and address."""


def shown_date(day: date) -> str:
    """`2026-03-31` in Swedish, `31 March 2026` in English, whatever the site's formats are."""
    if (get_language() or "").startswith("en"):
        return date_format(day, "j F Y", use_l10n=False)
    return day.isoformat()


def given(*facts: Fact) -> tuple[Fact, ...]:
    """The facts that have something to tell."""
    return tuple((label, value) for label, value in facts if value)


def address(customer: Customer) -> tuple[str, ...]:
    number = giro.format_organisation_number(customer.organisation_number)
    return (
        customer.name,
        *customer.address,
        *(f"{label} {value}" for label, value in given((_("Org. no."), number))),
        *(f"{label} {value}" for label, value in given((_("VAT no."), customer.vat_number))),
    )


def reference_facts(references: References) -> tuple[Fact, ...]:
    return given(
        (_("Your reference"), references.your_reference),
        (_("Order number"), references.order_number),
        (_("Cost centre"), references.cost_centre),
        (_("Our reference"), references.our_reference),
    )


def line_table(lines: tuple[Line, ...], vat_rows: tuple[VatRow, ...]) -> Table:
    """With columns for VAT only where some is charged."""
    taxed = any(row.rate for row in vat_rows)
    price, amount = (
        (_("Unit price excl. VAT"), _("Amount excl. VAT"))
        if taxed
        else (_("Unit price"), _("Amount"))
    )
    rate = (_("VAT"),) if taxed else ()
    return Table(
        headers=(pgettext("invoice line", "Description"), _("Quantity"), price, *rate, amount),
        rows=tuple(_line_row(line, taxed=taxed) for line in lines),
    )


def _line_row(line: Line, *, taxed: bool) -> Row:
    shown_rate = format_percent(line.vat_rate) if line.vat_rate else "\u2013"
    rate = (shown_rate,) if taxed else ()
    figures = (format_figure(line.unit_price), *rate, format_figure(line.amount))
    return Row(cells=(line.text, format_quantity(line.quantity), *figures), detail=line.detail)


def vat_table(vat_rows: tuple[VatRow, ...]) -> Table | None:
    """Needed where one invoice has several rates; the totals tell the rest."""
    if len(vat_rows) < 2:
        return None
    return Table(
        headers=(_("VAT"), _("Excl. VAT"), _("VAT amount")),
        rows=tuple(
            Row(
                cells=(
                    format_percent(row.rate) if row.rate else _("Without VAT"),
                    format_figure(row.net),
                    format_figure(row.vat),
                )
            )
            for row in vat_rows
        ),
    )


def reasons(vat_rows: tuple[VatRow, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row.reason for row in vat_rows if row.reason))


def totals(sums: Totals, vat_rows: tuple[VatRow, ...], *, label: str) -> tuple[Fact, ...]:
    """What adds up to the total; the total itself comes last."""
    taxed = [row for row in vat_rows if row.rate]
    facts: list[Fact] = []
    if taxed:
        facts.append((_("Total excl. VAT"), format_figure(sums.net)))
        facts += [
            (_("VAT %(rate)s") % {"rate": format_percent(row.rate)}, format_figure(row.vat))
            for row in taxed
        ]
    if sums.rounding != ZERO:
        facts.append((_("Rounding"), format_figure(sums.rounding)))
    return (*facts, (label, format_amount(sums.total)))


def payment_panel(seller: Seller, payment: PaymentRequest, *, invoiced_on: date) -> Panel:
    amount = format_amount(payment.amount)
    return Panel(
        label=_("To pay"),
        amount=amount,
        facts=given(
            (_("Due date"), shown_date(payment.due_on)),
            *_accounts(seller),
            (_("OCR number"), payment.ocr),
            (_("Payee"), seller.name),
        ),
        codes=_payment_codes(seller, payment, invoiced_on=invoiced_on),
        link=(_("Read and pay online"), payment.online_url) if payment.online_url else None,
    )


def _accounts(seller: Seller) -> tuple[Fact, ...]:
    giros = given(
        (_("Bankgiro"), giro.format_bankgiro(seller.bankgiro)),
        (_("Plusgiro"), giro.format_plusgiro(seller.plusgiro)),
    )
    return giros or given((_("IBAN"), seller.iban), (_("BIC"), seller.bic))


def _payment_codes(
    seller: Seller, payment: PaymentRequest, *, invoiced_on: date
) -> tuple[Code, ...]:
    values = {"amount": format_amount(payment.amount), "ocr": payment.ocr}
    codes = []
    if seller.bankgiro or seller.plusgiro:
        text = payment_codes.using_qr(seller=seller, payment=payment, invoiced_on=invoiced_on)
        alt = _("QR code for your banking app: %(amount)s, OCR number %(ocr)s.") % values
        codes.append(Code(svg=squares.svg(text), caption=_("Your banking app"), alt=alt))
    if seller.swish:
        text = payment_codes.swish_qr(payee=seller.swish, amount=payment.amount, ocr=payment.ocr)
        alt = _("QR code for Swish: %(amount)s, message %(ocr)s.") % values
        codes.append(Code(svg=squares.svg(text), caption=_("Swish"), alt=alt))
    return tuple(codes)


def footer(seller: Seller) -> tuple[tuple[Fact, ...], ...]:
    """Four columns; a fact without label stands alone."""
    organisation_number = giro.format_organisation_number(seller.organisation_number)
    f_skatt = _("Approved for Swedish F-tax") if seller.f_skatt_approved else ""
    return (
        given(("", seller.name), *(("", line) for line in seller.address)),
        given(("", seller.email), ("", seller.phone), ("", _host(seller.website))),
        given(*_accounts(seller), (_("Swish"), giro.format_swish(seller.swish))),
        given(
            (_("Org. no."), organisation_number),
            (_("VAT no."), seller.vat_number),
            (_("Registered office"), seller.registered_office),
            ("", f_skatt),
        ),
    )


def _host(website: str) -> str:
    """`https://example.org/` -> `example.org`."""
    return website.partition("://")[2].rstrip("/") or website
