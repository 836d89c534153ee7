"""Credit notes: how a mistake, a cancelled seat or an ended membership is put right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import DecimalField, Sum, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing import emails
from billing.models import Invoice, InvoiceLine, InvoiceVat, Series
from billing.money import ZERO
from billing.operations.charging import open_charges
from billing.operations.issuing import total_columns
from billing.operations.paying import take_back_write_off
from billing.vat import TREATMENTS, PricedLine, VatSummary, summarise


class CreditRefused(Exception):
    """This cannot be credited. The message is for the person at the screen."""


@dataclass(frozen=True)
class CreditLine:
    """A line of the original and how much of it is taken back (all that is left, if None)."""

    line: InvoiceLine
    quantity: Decimal | None = None


@transaction.atomic
def credit_invoice(
    *,
    invoice: Invoice,
    reason: str,
    by: Any,
    lines: Sequence[CreditLine] | None = None,
    today: date | None = None,
    mail: bool = True,
    nth: int | None = None,
) -> Invoice:
    """Issue a credit note over what is not yet credited, or over the given lines.

    When nothing is left of what was asked for, the last credit note is returned and nothing is
    written. `nth` says which of the invoice's credit notes this shall be (1 for the first): asked
    twice, that one is returned. Refuses to credit a credit note or more than the original line
    held.
    """
    if invoice.is_credit:
        raise CreditRefused(_("A credit note cannot be credited."))
    Invoice.objects.select_for_update().get(pk=invoice.pk)
    earlier = list(invoice.credit_notes.order_by("pk"))
    if nth is not None and nth <= len(earlier):
        return earlier[nth - 1]
    left = creditable(invoice)
    wanted = _wanted(left, lines)
    if not wanted:
        if earlier:
            return earlier[-1]
        raise CreditRefused(_("There is nothing to credit."))
    summary = summarise(
        PricedLine(
            -quantity,
            line.unit_price,
            TREATMENTS[line.vat_code],
            before=left[line] - line.quantity,
        )
        for line, quantity in wanted.items()
    )
    number, sequence = Series.locked(Series.Code.CREDIT).take()
    note = Invoice.objects.create(
        kind=Invoice.Kind.CREDIT,
        number=number,
        sequence=sequence,
        issued_on=today or timezone.localdate(),
        credits=invoice,
        reason=reason,
        source=f"credit:{invoice.pk}:{len(earlier) + 1}",
        issued_by=by,
        **{name: getattr(invoice, name) for name in _COPIED},
        **total_columns(summary),
    )
    _write_credit_lines(note, invoice, wanted, summary)
    take_back_write_off(invoice=invoice, by=by, today=note.issued_on)
    if mail:
        emails.send_document(note)
    if all(wanted.get(line, ZERO) == quantity for line, quantity in left.items()):
        _credit_late_charges(invoice, reason=reason, by=by, today=note.issued_on, mail=mail)
    return note


def _credit_late_charges(invoice: Invoice, **how: Any) -> None:
    """Nobody pays for being late with what is not owed any more."""
    for charge in open_charges(invoice):
        credit_invoice(invoice=charge, **how)


_COPIED = (
    "language",
    "buyer",
    "customer_name",
    "customer_address",
    "customer_email",
    "customer_organisation_number",
    "customer_vat_number",
    "customer_reference",
    "order_number",
    "cost_centre",
    "peppol_id",
    "seller",
)


def _wanted(
    creditable: Mapping[InvoiceLine, Decimal], lines: Sequence[CreditLine] | None
) -> dict[InvoiceLine, Decimal]:
    """What is to be taken back, with quantities above zero."""
    if lines is None:
        return {line: quantity for line, quantity in creditable.items() if quantity > 0}
    wanted: dict[InvoiceLine, Decimal] = {}
    for asked in lines:
        if asked.line not in creditable:
            raise CreditRefused(_("The line belongs to another invoice."))
        left = creditable[asked.line] - wanted.get(asked.line, ZERO)
        quantity = left if asked.quantity is None else asked.quantity
        if not 0 <= quantity <= left:
            raise CreditRefused(_("More than what is left of the line."))
        if quantity:
            wanted[asked.line] = wanted.get(asked.line, ZERO) + quantity
    return wanted


def creditable(invoice: Invoice) -> dict[InvoiceLine, Decimal]:
    """Its lines in order, with the quantity that no credit note has taken back yet."""
    zero = Value(Decimal(0), output_field=DecimalField(max_digits=9, decimal_places=2))
    lines: Any = invoice.lines.annotate(credited=Coalesce(Sum("credited_by__quantity"), zero))
    # Credited quantities are negative.
    return {line: line.quantity + line.credited for line in lines.order_by("position")}


def _write_credit_lines(
    note: Invoice,
    original: Invoice,
    wanted: Mapping[InvoiceLine, Decimal],
    summary: VatSummary,
) -> None:
    InvoiceLine.objects.bulk_create(
        InvoiceLine(
            invoice=note,
            position=position,
            text=line.text,
            detail=line.detail,
            quantity=-quantity,
            unit_price=line.unit_price,
            net=summary.lines[position - 1].net,
            vat_code=line.vat_code,
            product_code=line.product_code,
            account=line.account,
            recognition=line.recognition,
            credits=line,
        )
        for position, (line, quantity) in enumerate(wanted.items(), start=1)
    )
    texts = dict(original.vat_rows.values_list("category", "exemption_text"))
    InvoiceVat.objects.bulk_create(
        InvoiceVat(
            invoice=note,
            category=row.category,
            rate=row.rate,
            net=row.net,
            vat=row.vat,
            exemption_text=texts.get(row.category, ""),
        )
        for row in summary.sums
    )
