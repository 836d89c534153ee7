"""Mails about invoices. Papers are made from the stored rows when the mail leaves."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from billing import giro, letters
from billing.models import Invoice, Payment, Reminder
from billing.money import format_price
from mail import makers
from mail.makers import Attachment, Wording
from mail.models import Mail
from mail.operations import Receiver, queue, queue_all

PDF = "application/pdf"
RECEIPT = "billing/email/receipt"
REMINDER = "billing/email/reminder"


def send_document(invoice: Invoice, *, to: str = "") -> Mail:
    """The invoice or credit note itself; `to` is an address that is not the customer's."""
    return queue(**_document(invoice, to))


def send_documents(invoices: Iterable[Invoice]) -> None:
    queue_all(map(_document, invoices))


def _document(invoice: Invoice, to: str = "") -> dict[str, Any]:
    return {
        **_letter(invoice, _document_template(invoice), letters.document_key(invoice, to), to),
        "attachments": [_paper(invoice)],
        "wording": ("invoice-text", {"invoice_id": invoice.pk}),
        "context": {"invoice": invoice},
    }


def _document_template(invoice: Invoice) -> str:
    return f"billing/email/{'credit_note' if invoice.is_credit else 'invoice'}"


@makers.wording("invoice-text")
def _document_wording(invoice_id: int) -> Wording:
    invoice = Invoice.objects.select_related("credits").get(pk=invoice_id)
    return Wording(_document_template(invoice), _context(invoice))


def send_receipt(payment: Payment) -> Mail:
    return queue(**_receipt(payment))


def send_receipts(payments: Iterable[Payment]) -> None:
    queue_all(map(_receipt, payments))


def _receipt(payment: Payment) -> dict[str, Any]:
    return {
        **_letter(payment.invoice, RECEIPT, letters.receipt_key(payment)),
        "attachments": [("receipt", {"payment_id": payment.pk})],
        "wording": ("receipt-text", {"payment_id": payment.pk}),
        "context": {"invoice": payment.invoice},
    }


@makers.wording("receipt-text")
def _receipt_wording(payment_id: int) -> Wording:
    payment = Payment.objects.select_related("invoice").get(pk=payment_id)
    amount = format_price(payment.amount, payment.invoice.language)
    own = {"payment": payment, "amount": amount}
    return Wording(RECEIPT, {**_context(payment.invoice), **own})


def send_reminder(reminder: Reminder) -> Mail:
    """Once more as it was; without what may have been charged with it."""
    return queue(**_reminder(reminder, None))


def send_reminders(reminders: Iterable[tuple[Reminder, Invoice | None]]) -> None:
    """With the invoice attached; dropped if the invoice is settled before they leave.

    Beside each reminder stands what was charged with it for being late.
    """
    queue_all(_reminder(reminder, charge) for reminder, charge in reminders)


def _reminder(reminder: Reminder, charge: Invoice | None) -> dict[str, Any]:
    invoice = reminder.invoice
    papers = [("reminder", {"reminder_id": reminder.pk}), _paper(invoice)]
    return {
        **_letter(invoice, REMINDER, letters.reminder_key(invoice.pk, reminder.level)),
        "attachments": [*papers, _paper(charge)] if charge else papers,
        "guards": [("invoice-open", {"invoice_id": invoice.pk})],
        "wording": ("reminder-text", {"reminder_id": reminder.pk}),
        "context": {"invoice": invoice, "heading": reminder.heading},
    }


@makers.wording("reminder-text")
def _reminder_wording(reminder_id: int) -> Wording:
    reminder = Reminder.objects.select_related("invoice").get(pk=reminder_id)
    late, language = reminder.late_charges, reminder.invoice.language
    own = {
        "heading": reminder.heading,
        "text": reminder.text,
        "to_pay": format_price(reminder.to_pay, language),
        "late_charges": format_price(late, language) if late else "",
    }
    return Wording(REMINDER, {**_context(reminder.invoice), **own})


def _letter(invoice: Invoice, template: str, key: str, to: str = "") -> dict[str, Any]:
    """To the payer, with a copy to the person whose account it is; or to another address alone."""
    buyer = None if to else invoice.buyer
    return {
        "key": key,
        "template": template,
        "receiver": Receiver(
            email=to or invoice.customer_email,
            language=invoice.language,
            person_id=invoice.buyer_id,
        ),
        "cc": buyer.email if buyer else "",
    }


def _context(invoice: Invoice) -> dict[str, Any]:
    return {
        "invoice": invoice,
        # A credit note says what it takes back, without a sign.
        "total": format_price(abs(invoice.total), invoice.language),
        "url": invoice.public_url(),
        "bankgiro": giro.format_bankgiro(invoice.seller["bankgiro"]),
    }


def _paper(invoice: Invoice) -> tuple[str, dict[str, int]]:
    return ("invoice", {"invoice_id": invoice.pk})


@makers.attachment("invoice")
def _invoice_attachment(invoice_id: int) -> Attachment:
    from billing import papers  # noqa: PLC0415  the layout engine is loaded by who makes papers only

    invoice = Invoice.objects.select_related("credits").get(pk=invoice_id)
    return Attachment(f"{filename(invoice)}.pdf", papers.invoice_pdf(invoice), PDF)


@makers.attachment("receipt")
def _receipt_attachment(payment_id: int) -> Attachment:
    from billing import papers  # noqa: PLC0415  as above

    payment = Payment.objects.select_related("invoice").get(pk=payment_id)
    return Attachment(f"{receipt_filename(payment)}.pdf", papers.receipt_pdf(payment), PDF)


@makers.attachment("reminder")
def _reminder_attachment(reminder_id: int) -> Attachment:
    from billing import papers  # noqa: PLC0415  as above

    reminder = Reminder.objects.select_related("invoice").get(pk=reminder_id)
    return Attachment(f"{reminder_filename(reminder)}.pdf", papers.reminder_pdf(reminder), PDF)


@makers.guard("invoice-open")
def _still_open(invoice_id: int) -> bool:
    return Invoice.objects.open().filter(pk=invoice_id).exists()


def filename(invoice: Invoice) -> str:
    """As the receiver's language calls the document: `faktura-F10001`."""
    with override(invoice.language):
        return f"{invoice.get_kind_display()}-{invoice.number}".replace(" ", "-").lower()


def reminder_filename(reminder: Reminder) -> str:
    with override(reminder.invoice.language):
        return f"{pgettext('file', 'reminder')}-{reminder.invoice.number}".lower()


def receipt_filename(payment: Payment) -> str:
    with override(payment.invoice.language):
        return f"{_('receipt')}-{payment.invoice.number}"
