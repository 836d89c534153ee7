"""Noting that a receiver has opened the page of an invoice."""

from billing.models import Invoice, InvoiceOpening


def note_opening(*, invoice: Invoice) -> None:
    """The first time counts. Two at once write one row."""
    if not hasattr(invoice, "opening"):
        InvoiceOpening.objects.bulk_create([InvoiceOpening(invoice=invoice)], ignore_conflicts=True)
