"""Documents out of stored rows: invoice, credit note, receipt and reminder as PDF."""

from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils import timezone, translation

from billing import documents, late_terms, ubl
from billing.documents import blocks, content
from billing.models import Invoice, Payment, Reminder
from billing.money import ZERO
from billing.vat import TREATMENTS


def invoice_pdf(invoice: Invoice) -> bytes:
    """The document as issued; made again it is the same, byte for byte."""
    return documents.render(credit_note(invoice) if invoice.is_credit else invoice_paper(invoice))


def receipt_pdf(payment: Payment) -> bytes:
    return documents.render(receipt(payment))


def reminder_pdf(reminder: Reminder) -> bytes:
    return documents.render(reminder_paper(reminder))


def invoice_paper(invoice: Invoice) -> content.InvoiceDocument:
    return content.InvoiceDocument(
        **_common(invoice),
        **_figures(invoice),
        payment=_payment_request(invoice, invoice.total) if invoice.total else None,
        terms=late_terms.announced(invoice),
        xml=_e_invoice(invoice),
    )


def credit_note(note: Invoice) -> content.CreditNoteDocument:
    original = note.credits
    assert original is not None  # noqa: S101  the database demands it
    return content.CreditNoteDocument(
        **_common(note),
        **_figures(note),
        note=note.reason,
        invoice_number=original.number,
        invoice_issued_on=original.issued_on,
        xml=_e_invoice(note),
    )


def _e_invoice(invoice: Invoice) -> bytes | None:
    """Goes with the PDF to those who take e-invoices, where it has all that they demand."""
    return ubl.document(invoice) if ubl.is_possible(invoice) else None


def receipt(payment: Payment) -> content.ReceiptDocument:
    """Says what was left after this payment, so that it does not change with later ones."""
    invoice = payment.invoice
    entered = invoice.payments.filter(pk__lte=payment.pk).aggregate(sum=Sum("amount"))["sum"]
    credited = invoice.credit_notes.filter(created_at__lte=payment.registered_at)
    left = invoice.total - entered + (credited.aggregate(sum=Sum("total"))["sum"] or ZERO)
    with translation.override(invoice.language):
        method = str(payment.get_method_display())
    common = {**_common(invoice), "issued_on": payment.paid_on}
    return content.ReceiptDocument(
        **common,
        **_figures(invoice),
        paid=payment.amount,
        method=method,
        remaining=max(left, ZERO),
    )


def reminder_paper(reminder: Reminder) -> content.ReminderDocument:
    invoice = reminder.invoice
    assert invoice.due_on is not None  # noqa: S101  a credit note is not reminded of
    common = {**_common(invoice), "issued_on": timezone.localdate(reminder.sent_at)}
    return content.ReminderDocument(
        **common,
        note=reminder.text,
        nth=invoice.reminders.filter(level__gt=0, sent_at__lte=reminder.sent_at).count(),
        invoice_issued_on=invoice.issued_on,
        invoice_due_on=invoice.due_on,
        invoice_total=invoice.total,
        settled=invoice.total - reminder.balance,
        late_charges=reminder.late_charges,
        payment=_payment_request(invoice, reminder.to_pay),
    )


def payment_panel(invoice: Invoice, amount: Decimal) -> blocks.Panel:
    """How to pay this much of an invoice, in the active language."""
    return blocks.payment_panel(
        _seller(invoice.seller),
        _payment_request(invoice, amount),
        invoiced_on=invoice.issued_on,
    )


def _common(invoice: Invoice) -> dict[str, Any]:
    return {
        "number": invoice.number,
        "language": invoice.language,
        "issued_on": invoice.issued_on,
        "seller": _seller(invoice.seller),
        "customer": content.Customer(
            name=invoice.customer_name,
            address=tuple(invoice.customer_address.splitlines()),
            organisation_number=invoice.customer_organisation_number,
            vat_number=invoice.customer_vat_number,
        ),
        "references": content.References(
            your_reference=invoice.customer_reference,
            order_number=invoice.order_number,
            cost_centre=invoice.cost_centre,
        ),
    }


def _seller(seller: dict[str, Any]) -> content.Seller:
    return content.Seller(
        name=seller["name"],
        organisation_number=seller["organisation_number"],
        address=tuple(seller["address"].splitlines()),
        registered_office=seller["registered_office"],
        bankgiro=seller["bankgiro"],
        swish=seller["swish"],
        vat_number=seller["vat_number"],
        f_skatt_approved=seller["f_skatt_approved"],
        email=seller["email"],
        website=seller["website"],
    )


def _figures(invoice: Invoice) -> dict[str, Any]:
    return {
        "lines": tuple(_line(line) for line in invoice.lines.order_by("position")),
        "vat_rows": tuple(
            content.VatRow(rate=row.rate, net=row.net, vat=row.vat, reason=row.exemption_text)
            for row in invoice.vat_rows.order_by("-rate", "category")
        ),
        "totals": content.Totals(
            net=invoice.net, vat=invoice.vat, rounding=invoice.rounding, total=invoice.total
        ),
    }


def _line(line: Any) -> content.Line:
    treatment = TREATMENTS[line.vat_code]
    return content.Line(
        text=line.text,
        detail=line.detail,
        quantity=line.quantity,
        unit_price=line.net / line.quantity if line.quantity else ZERO,
        amount=line.net,
        vat_rate=treatment.rate,
    )


def _payment_request(invoice: Invoice, amount: Any) -> content.PaymentRequest:
    assert invoice.due_on is not None and invoice.ocr is not None  # noqa: S101
    return content.PaymentRequest(
        amount=amount, due_on=invoice.due_on, ocr=invoice.ocr, online_url=invoice.public_url()
    )
