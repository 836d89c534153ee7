"""What stands on the sheet of each kind of document. One layout serves them all."""

from dataclasses import dataclass, replace
from datetime import date
from functools import singledispatch

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.documents import blocks
from billing.documents.blocks import Fact, Panel, Table, given, shown_date
from billing.documents.content import (
    CreditNoteDocument,
    Document,
    InvoiceDocument,
    ReceiptDocument,
    ReminderDocument,
)
from billing.money import ZERO, format_amount, format_figure


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Everything the layout shows, in reading order, in the reader's language."""

    language: str
    title: str
    """Of the PDF."""
    sender: str
    heading: str
    customer: tuple[str, ...]
    facts: tuple[Fact, ...]
    paragraphs: tuple[str, ...] = ()
    lines: Table | None = None
    vat: Table | None = None
    reasons: tuple[str, ...] = ()
    totals: tuple[Fact, ...] = ()
    notes: tuple[str, ...] = ()
    panel: Panel | None = None
    footer: tuple[tuple[Fact, ...], ...]
    page: str
    """Pattern with {page} and {pages}."""
    attachment: Fact | None = None
    """File name and description."""


@singledispatch
def lay_out(document: Document) -> Sheet:
    """The sheet of a document, worded in the active language."""
    raise TypeError(f"no sheet for {type(document).__name__}")


@lay_out.register
def _invoice(document: InvoiceDocument) -> Sheet:
    sheet = _with_lines(_blank(document, _("Invoice")), document, label=_("To pay"))
    seller, issued_on, payment = document.seller, document.issued_on, document.payment
    return replace(
        sheet,
        facts=(
            (_("Invoice number"), document.number),
            (_("Invoice date"), shown_date(issued_on)),
            *(_due_facts(issued_on, payment.due_on) if payment else ()),
            *blocks.reference_facts(document.references),
        ),
        notes=_paragraphs(document.note, document.terms),
        panel=blocks.payment_panel(seller, payment, invoiced_on=issued_on) if payment else None,
        attachment=_attachment(document),
    )


def _due_facts(issued_on: date, due_on: date) -> tuple[Fact, ...]:
    days = (due_on - issued_on).days
    terms = ngettext("%(days)d day", "%(days)d days", days) % {"days": days}
    return ((_("Due date"), shown_date(due_on)), (_("Payment terms"), terms))


@lay_out.register
def _credit_note(document: CreditNoteDocument) -> Sheet:
    credited = _("This credit note credits invoice %(number)s of %(date)s.") % {
        "number": document.invoice_number,
        "date": shown_date(document.invoice_issued_on),
    }
    return replace(
        _with_lines(_blank(document, _("Credit note")), document, label=_("Credited")),
        facts=(
            (_("Credit note number"), document.number),
            (_("Date"), shown_date(document.issued_on)),
            (_("Credits invoice"), document.invoice_number),
            (_("Invoice date"), shown_date(document.invoice_issued_on)),
            *blocks.reference_facts(document.references),
        ),
        paragraphs=(credited, *_paragraphs(document.note)),
        attachment=_attachment(document),
    )


@lay_out.register
def _reminder(document: ReminderDocument) -> Sheet:
    return replace(
        _blank(document, _("Payment reminder")),
        facts=(
            (_("Invoice number"), document.number),
            (_("Invoice date"), shown_date(document.invoice_issued_on)),
            (_("Due date"), shown_date(document.invoice_due_on)),
            (_("Reminder date"), shown_date(document.issued_on)),
            *given((_("Reminder"), str(document.nth or ""))),
            *blocks.reference_facts(document.references),
        ),
        paragraphs=_paragraphs(document.note) or (_unpaid(document), _disregard()),
        totals=_reminder_totals(document),
        panel=blocks.payment_panel(
            document.seller, document.payment, invoiced_on=document.invoice_issued_on
        ),
    )


def _unpaid(document: ReminderDocument) -> str:
    values = {
        "number": document.number,
        "date": shown_date(document.invoice_due_on),
        "amount": format_amount(document.invoice_total - document.settled),
    }
    if document.issued_on <= document.invoice_due_on:
        text = _("Invoice %(number)s falls due on %(date)s. %(amount)s remains to be paid.")
    elif document.nth == 1:
        text = _(
            "Invoice %(number)s fell due on %(date)s and we have not received full payment. "
            "%(amount)s remains to be paid."
        )
    else:
        text = _(
            "Despite our earlier reminder we have not received full payment of invoice "
            "%(number)s, which fell due on %(date)s. %(amount)s remains to be paid."
        )
    return text % values


def _disregard() -> str:
    return _("If you have paid in the last few days, please disregard this reminder.")


def _reminder_totals(document: ReminderDocument) -> tuple[Fact, ...]:
    extras = (
        (_("Already paid or credited"), -document.settled),
        (_("Reminder fee and late interest"), document.late_charges),
    )
    return (
        (_("Invoice total"), format_figure(document.invoice_total)),
        *((label, format_figure(amount)) for label, amount in extras if amount),
        (_("To pay"), format_amount(document.payment.amount)),
    )


@lay_out.register
def _receipt(document: ReceiptDocument) -> Sheet:
    refund = document.paid < ZERO
    thanks = () if refund else (_("Thank you for your payment."),)
    paid = (
        (_("Date of payment"), shown_date(document.issued_on)),
        (_("Payment method"), document.method),
    )
    remaining = format_amount(document.remaining) if document.remaining else ""
    return replace(
        _with_lines(_blank(document, _("Receipt")), document, label=_("Invoice total")),
        facts=(
            (_("Invoice number"), document.number),
            *paid,
            *blocks.reference_facts(document.references),
        ),
        paragraphs=_paragraphs(document.note) or thanks,
        panel=Panel(
            label=_("Refunded") if refund else _("Paid"),
            amount=format_amount(abs(document.paid)),
            facts=given(*paid, (_("Remaining to pay"), remaining)),
        ),
    )


def _blank(document: Document, heading: str) -> Sheet:
    return Sheet(
        language=document.language,
        title=f"{heading} {document.number}",
        sender=document.seller.name,
        heading=heading,
        customer=blocks.address(document.customer),
        facts=(),
        footer=blocks.footer(document.seller),
        page=_("Page {page} of {pages}"),
    )


def _with_lines(
    sheet: Sheet,
    document: InvoiceDocument | CreditNoteDocument | ReceiptDocument,
    *,
    label: str,
) -> Sheet:
    return replace(
        sheet,
        lines=blocks.line_table(document.lines, document.vat_rows),
        vat=blocks.vat_table(document.vat_rows),
        reasons=blocks.reasons(document.vat_rows),
        totals=blocks.totals(document.totals, document.vat_rows, label=label),
    )


def _paragraphs(*texts: str) -> tuple[str, ...]:
    return tuple(line.strip() for text in texts for line in text.splitlines() if line.strip())


def _attachment(document: InvoiceDocument | CreditNoteDocument) -> Fact | None:
    if document.xml is None:
        return None
    return (f"peppol-{document.number}.xml", _("The same document as a Peppol e-invoice"))
