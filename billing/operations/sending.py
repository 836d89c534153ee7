"""Mailing a document once more."""

from typing import Any

from django.db import transaction

import mail.operations
from billing import emails, letters
from billing.models import Invoice
from mail.models import Mail


@transaction.atomic
def send_again(*, invoice: Invoice, by: Any, to: str = "") -> Mail:
    """Mail an invoice or credit note again as it was, or to another address than the customer's.

    Safe to repeat while the mail has not left yet.
    """
    to = "" if to.lower() == invoice.customer_email.lower() else to
    known = Mail.objects.filter(key=letters.document_key(invoice, to)).first()
    if known:
        return mail.operations.send_again(mail=known, by=by)
    return emails.send_document(invoice, to=to)
