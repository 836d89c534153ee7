"""Proof that the ledger is whole: the rules that must hold on the live database, each looked up.

Constraints and triggers see to most of them already; this finds what got past those.
"""

from collections.abc import Iterator

from django.db import connection
from django.db.models import Count, DecimalField, F, OuterRef, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Round

from billing import immutability, ocr
from billing.models import Invoice, InvoiceLine, InvoiceVat, Payment, Reminder, Series
from billing.money import ZERO

_money = DecimalField(max_digits=12, decimal_places=2)


def findings() -> Iterator[str]:
    """One line for each thing that is wrong; nothing when all is well."""
    for check in (_triggers, _gaps, _sums, _references, _credits, _overcredited, _reminders, _bank):
        yield from check()


def _triggers() -> Iterator[str]:
    for table in sorted(set(immutability.TABLES) - immutability.installed(connection)):
        yield f"table {table} is not guarded against change"


def _gaps() -> Iterator[str]:
    for series in Series.objects.order_by("code"):
        used = Invoice.objects.filter(kind=series.code)
        count, last = used.count(), used.order_by("-sequence").values_list("sequence", flat=True)
        expected = series.next - series.first
        if count != expected or (count and last[0] != series.next - 1):
            yield f"series {series.code}: {count} issued, {expected} numbers taken"


def _sums() -> Iterator[str]:
    lines = _sum_by_invoice(InvoiceLine, "net")
    vat_net, vat = _sum_by_invoice(InvoiceVat, "net"), _sum_by_invoice(InvoiceVat, "vat")
    summed = Invoice.objects.annotate(lines_net=lines, vat_net=vat_net, vat_vat=vat)
    wrong = summed.exclude(lines_net=F("net"), vat_net=F("net"), vat_vat=F("vat"))
    for number in wrong.order_by("pk").values_list("number", flat=True):
        yield f"{number}: lines and totals disagree"
    for number in Invoice.objects.filter(lines__isnull=True).values_list("number", flat=True):
        yield f"{number}: has no lines"


def _sum_by_invoice(model: type, column: str) -> Coalesce:
    rows = model.objects.filter(invoice=OuterRef("pk")).order_by().values("invoice")  # type: ignore[attr-defined]
    total = rows.annotate(total=Sum(column)).values("total")
    # Rounded, since SQLite adds decimals as floats.
    return Coalesce(
        Round(Subquery(total, output_field=_money), precision=2, output_field=_money),
        Value(ZERO, output_field=_money),
    )


def _references() -> Iterator[str]:
    issued = Invoice.objects.invoices().order_by("pk").values_list("number", "ocr")
    for number, reference in issued.iterator():
        if not ocr.is_valid(reference or ""):
            yield f"{number}: OCR number {reference} is not valid"


def _credits() -> Iterator[str]:
    for note in Invoice.objects.filter(credits__kind=Invoice.Kind.CREDIT):
        yield f"{note.number}: credits a credit note"
    for payment in Payment.objects.filter(invoice__kind=Invoice.Kind.CREDIT):
        yield f"payment {payment.pk}: stands on credit note {payment.invoice.number}"


def _overcredited() -> Iterator[str]:
    over = Invoice.objects.invoices().with_balance().filter(credited__gt=F("total"))
    for number in over.values_list("number", flat=True):
        yield f"{number}: more is credited than was invoiced"


def _reminders() -> Iterator[str]:
    """A reminder was only sent while something was left to pay."""
    for reminder in Reminder.objects.filter(balance__lte=0).select_related("invoice"):
        yield f"{reminder.invoice.number}: reminded of nothing"


def _bank() -> Iterator[str]:
    doubled = (
        Payment.objects.filter(bank_transaction__isnull=False)
        .values("bank_transaction", "bank_transaction__external_id", "bank_transaction__amount")
        .annotate(entered=Round(Sum("amount"), precision=2), count=Count("pk"))
        .filter(entered__gt=F("bank_transaction__amount"))
    )
    for row in doubled:
        number = row["bank_transaction__external_id"]
        yield f"bank transaction {number}: more was entered than came"
