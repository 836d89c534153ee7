"""Which mails are about which invoice: the rule is in their keys."""

from django.db.models import Q, QuerySet

from billing.models import Invoice, Payment
from mail.models import Mail

DOCUMENT = {Invoice.Kind.INVOICE: "invoice", Invoice.Kind.CREDIT: "credit-note"}
RECEIPT, REMINDER = "receipt", "reminder"


def document_key(invoice: Invoice, to: str = "") -> str:
    """`to` is an address that is not the customer's."""
    key = f"{DOCUMENT[Invoice.Kind(invoice.kind)]}:{invoice.pk}"
    return f"{key}:{to.lower()}" if to else key


def receipt_key(payment: Payment) -> str:
    return f"{RECEIPT}:{payment.pk}"


def reminder_key(invoice_id: int, level: int) -> str:
    return f"{REMINDER}:{invoice_id}:{level}"


def about(invoice: Invoice) -> QuerySet[Mail]:
    """Every mail about this document, whoever it went to."""
    receipts = [receipt_key(payment) for payment in invoice.payments.all()]
    document = document_key(invoice)
    return Mail.objects.filter(
        Q(key=document)
        | Q(key__startswith=f"{document}:")
        | Q(key__startswith=f"{REMINDER}:{invoice.pk}:")
        | Q(key__in=receipts)
    )


def undelivered() -> QuerySet[Invoice]:
    """Documents about which a mail was refused for good, and never got through."""
    names = (*DOCUMENT.values(), RECEIPT, REMINDER)
    about_invoices = Q(*(Q(key__startswith=f"{name}:") for name in names), _connector=Q.OR)
    failed = Mail.objects.filter(about_invoices, state=Mail.State.FAILED)
    documents: set[int] = set()
    payments: set[int] = set()
    for key in failed.values_list("key", flat=True):
        name, number, *_rest = key.split(":")
        (payments if name == RECEIPT else documents).add(int(number))
    return Invoice.objects.filter(Q(pk__in=documents) | Q(payments__in=payments)).distinct()
