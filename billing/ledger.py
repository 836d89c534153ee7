"""Proof that the ledger is whole: the rules that must hold on the live database, each looked up.

Constraints and triggers see to most of them already; this finds what got past those.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection
from django.db.models import Count, DecimalField, F, OuterRef, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Round

from billing import immutability, late_charges, ocr
from billing.models import Invoice, InvoiceLine, InvoiceVat, Payment, Reminder, Series
from billing.money import ZERO

_money = DecimalField(max_digits=12, decimal_places=2)


def findings() -> Iterator[str]:
    """One line for each thing that is wrong; nothing when all is well."""
    for check in CHECKS:
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


def _late_charges() -> Iterator[str]:
    """Docs/adr/0009: one fee an invoice, as announced; nothing on top, nothing for the credited."""
    charges = list(Invoice.objects.with_balance().late_charges().order_by("pk"))
    late = Invoice.objects.with_balance().in_bulk(
        [late_charges.invoice_of(charge.source) for charge in charges]
    )
    for charge in charges:
        yield from _late_charge(charge, late.get(late_charges.invoice_of(charge.source)))
    yield from _fees(charges, late)


def _late_charge(charge: Any, late: Any) -> Iterator[str]:
    if late is None or late.kind != Invoice.Kind.INVOICE or late.is_late_charge:
        yield f"{charge.number}: is charged for no invoice that can be late"
    elif late.due_on is not None and charge.issued_on <= late.due_on:
        yield f"{charge.number}: is charged before {late.number} was due"
    elif late.credited >= late.total and charge.balance > 0:
        yield f"{charge.number}: is owed, though {late.number} is credited"


def _fees(charges: Sequence[Invoice], late: dict[int, Any]) -> Iterator[str]:
    lines = InvoiceLine.objects.filter(invoice__in=charges, product_code=late_charges.FEE)
    charged = Counter[int]()
    for source, net in lines.order_by("pk").values_list("invoice__source", "net"):
        number = late_charges.invoice_of(source)
        if number not in late:
            continue  # said above
        charged[number] += 1
        announced = late[number].seller.get("reminder_fee", 0)
        if net > announced:
            yield f"{late[number].number}: a fee of {net}, and {announced} was announced"
    for number, times in charged.items():
        if times > 1:
            yield f"{late[number].number}: {times} reminder fees"


CHECKS = (
    _triggers,
    _gaps,
    _sums,
    _references,
    _credits,
    _overcredited,
    _reminders,
    _bank,
    _late_charges,
)
