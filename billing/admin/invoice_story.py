"""Everything that happened to an invoice, in the order of time, and who did it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from billing import letters
from billing.models import Invoice, InvoiceOpening
from billing.money import format_amount
from mail.models import Mail


@dataclass(frozen=True)
class Happening:
    at: datetime
    what: str
    detail: str = ""
    who: Any = None
    """None is nobody: the machine did it by itself."""
    url: str = ""


def story(invoice: Invoice) -> list[Happening]:
    """Oldest first. A handful of queries, however long the story is."""
    sources = (
        _issued,
        _mails,
        _opened,
        _reminders,
        _late_charges,
        _pages,
        _payments,
        _credit_notes,
        _logged,
    )
    return sorted(
        chain.from_iterable(source(invoice) for source in sources), key=lambda entry: entry.at
    )


def _issued(invoice: Invoice) -> Iterator[Happening]:
    yield Happening(
        invoice.created_at,
        _("Issued"),
        format_amount(invoice.total),
        invoice.issued_by,
        _url("invoice", invoice.credits_id) if invoice.credits_id else "",
    )


def _mails(invoice: Invoice) -> Iterator[Happening]:
    for mail in letters.about(invoice):
        words = {
            Mail.State.SENT: _("Mailed"),
            Mail.State.FAILED: _("The mail was refused"),
            Mail.State.DROPPED: _("The mail was no longer needed"),
        }
        what = words.get(Mail.State(mail.state), _("A mail is on its way"))
        detail = f"{mail.subject} → {mail.to}"
        yield Happening(
            mail.sent_at or mail.created_at,
            what,
            f"{detail}: {mail.problem}" if mail.problem else detail,
            url=reverse("admin:mail_mail_change", args=[mail.pk]),
        )


def _reminders(invoice: Invoice) -> Iterator[Happening]:
    for reminder in invoice.reminders.all():
        left = _("%(amount)s left to pay") % {"amount": format_amount(reminder.balance)}
        yield Happening(
            reminder.sent_at,
            _("Reminded"),
            f"{left} ({reminder.level:+d})",
            url=reverse("admin:billing_invoice_reminder", args=[invoice.pk, reminder.pk]),
        )


def _opened(invoice: Invoice) -> Iterator[Happening]:
    """The receiver's first look; that of staff does not count."""
    opening = InvoiceOpening.objects.filter(invoice=invoice).first()
    if opening:
        yield Happening(opening.opened_at, _("Page opened for the first time"))


def _late_charges(invoice: Invoice) -> Iterator[Happening]:
    for charge in Invoice.objects.late_charges_of(invoice).select_related("issued_by"):
        yield Happening(
            charge.created_at,
            _("Charged for paying late"),
            f"{charge.number}, {format_amount(charge.total)}",
            charge.issued_by,
            _url("invoice", charge.pk),
        )


def _pages(invoice: Invoice) -> Iterator[Happening]:
    for page in invoice.checkouts.all():
        yield Happening(page.created_at, _("Card payment begun"), format_amount(page.amount))


def _payments(invoice: Invoice) -> Iterator[Happening]:
    for payment in invoice.payments.select_related("registered_by"):
        day = formats.date_format(payment.paid_on, "SHORT_DATE_FORMAT")
        parts = [format_amount(payment.amount), payment.get_method_display(), day, payment.note]
        row = payment.bank_transaction_id
        yield Happening(
            payment.registered_at,
            _payment_in_a_word(payment),
            ", ".join(part for part in parts if part),
            payment.registered_by,
            _url("banktransaction", row) if row else "",
        )


def _payment_in_a_word(payment: Any) -> str:
    if payment.method == payment.Method.WRITE_OFF:
        return _("Written off")
    return _("Paid") if payment.amount > 0 else _("Given back")


def _credit_notes(invoice: Invoice) -> Iterator[Happening]:
    for note in invoice.credit_notes.select_related("issued_by"):
        yield Happening(
            note.created_at,
            _("Credited"),
            f"{note.number}, {format_amount(note.total)}: {note.reason}",
            note.issued_by,
            _url("invoice", note.pk),
        )


def _logged(invoice: Invoice) -> Iterator[Happening]:
    """What staff asked for and no row of its own tells: reminders and mails by hand."""
    entries = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Invoice), object_id=str(invoice.pk)
    )
    for entry in entries.select_related("user"):
        yield Happening(entry.action_time, _("By hand"), entry.get_change_message(), entry.user)


def _url(model: str, key: Any) -> str:
    return reverse(f"admin:billing_{model}_change", args=[key])
