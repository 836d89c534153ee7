"""After the seven years: who it was goes, number and amounts stay. No other change is there.

The database refuses it without a row of LedgerUnlock in the same transaction.
"""

from typing import Any

from django.db import transaction
from django.db.models import Case, Model, Q, QuerySet, Value, When

from billing.models import BankTransaction, Invoice, InvoiceLine, LedgerUnlock, Payment

MASKED = "█"
NOT_MINIMISED = ~Q(customer_name=MASKED)
_NOBODY = {
    "buyer": None,
    "customer_name": MASKED,
    "customer_address": "",
    "customer_email": "erased@erased.invalid",
    "customer_organisation_number": "",
    "customer_vat_number": "",
    "customer_reference": "",
    "order_number": "",
    "cost_centre": "",
    "peppol_id": "",
    "reason": "",
}


@transaction.atomic
def minimise(invoices: QuerySet[Invoice]) -> int:
    """Returns how many. Safe to repeat."""
    pks = list(invoices.values_list("pk", flat=True))
    unlock = LedgerUnlock.objects.create(reason="retention")
    try:
        _plain(InvoiceLine).filter(invoice__in=pks).update(detail="")
        _plain(Payment).filter(invoice__in=pks).update(note="")
        _plain(Invoice).filter(pk__in=pks).update(**_NOBODY)
    finally:
        unlock.delete()
    return len(pks)


def minimise_bank_transactions(rows: QuerySet[BankTransaction]) -> int:
    """The bank's words and the treasurer's go; day and amount stay, since payments lean on them."""
    note = Case(When(closed_at=None, then=Value("")), default=Value(MASKED))
    return rows.update(
        text="", payer_name=MASKED, payer_account="", references=[], closed_note=note
    )


def _plain(model: type[Model]) -> QuerySet[Any]:
    """Without the refusal of IssuedQuerySet; the triggers still watch."""
    return QuerySet(model)
