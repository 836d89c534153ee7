"""Credit notes: how a mistake, a cancelled seat or an ended membership is put right."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import DecimalField, Sum, Value, prefetch_related_objects
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing import emails, late_charges
from billing.models import Invoice, InvoiceLine, InvoiceVat, Series
from billing.money import ZERO
from billing.operations.charging import open_charges_of
from billing.operations.issuing import total_columns
from billing.operations.paying import lock_invoices, locked_balances, take_back_write_offs
from billing.vat import TREATMENTS, PricedLine, VatSummary, summarise
from privacy.copying import insert_all


class CreditRefused(Exception):
    """This cannot be credited. The message is for the person at the screen."""


@dataclass(frozen=True)
class CreditLine:
    """A line of the original and how much of it is taken back (all that is left, if None)."""

    line: InvoiceLine
    quantity: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Credit:
    """What is taken back of an invoice: the lines, or all that is not yet credited.

    `nth` says which of the invoice's credit notes this shall be (1 for the first).
    """

    invoice: Invoice
    reason: str
    lines: Sequence[CreditLine] | None = None
    nth: int | None = None


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
    credit = Credit(invoice=invoice, reason=reason, lines=lines, nth=nth)
    return credit_invoices(credits=[credit], by=by, today=today, mail=mail)[0]


@transaction.atomic
def credit_invoices(
    *, credits: Sequence[Credit], by: Any, today: date | None = None, mail: bool = True
) -> list[Invoice]:
    """Credit many at once, by a few statements: the same as `credit_invoice` for each, in order.

    All or none. The numbers are taken together, and last.
    """
    terms = {
        "kind": Invoice.Kind.CREDIT,
        "issued_on": today or timezone.localdate(),
        "issued_by": by,
    }
    drafts: list[_Draft] = []
    notes = _drafted(credits, drafts, terms)
    _drafted(_late_charges(drafts), drafts, terms)
    if drafts:
        _write(drafts, by=by, mail=mail)
    return notes


@dataclass
class _Account:
    """A locked invoice and what of it is not yet credited. What is drafted counts already."""

    invoice: Invoice
    left: dict[InvoiceLine, Decimal]
    notes: list[Invoice]
    exemption_texts: dict[str, str]

    @property
    def is_empty(self) -> bool:
        return not any(self.left.values())


class _Draft(NamedTuple):
    account: _Account
    note: Invoice
    wanted: Mapping[InvoiceLine, Decimal]
    summary: VatSummary


def _drafted(
    credits: Sequence[Credit], drafts: list[_Draft], terms: Mapping[str, Any]
) -> list[Invoice]:
    """The notes that were asked for. To `drafts` are added those that are not written yet."""
    if any(credit.invoice.is_credit for credit in credits):
        raise CreditRefused(_("A credit note cannot be credited."))
    accounts = _accounts([credit.invoice for credit in credits])
    notes = []
    for credit in credits:
        account = accounts[credit.invoice.pk]
        if credit.nth is not None and credit.nth <= len(account.notes):
            notes.append(account.notes[credit.nth - 1])
            continue
        if wanted := _wanted(account.left, credit.lines):
            drafts.append(_draft(account, wanted, {"reason": credit.reason, **terms}))
        elif not account.notes:
            raise CreditRefused(_("There is nothing to credit."))
        notes.append(account.notes[-1])
    return notes


def _accounts(invoices: Sequence[Invoice]) -> dict[int | None, _Account]:
    """Locks them."""
    keys = lock_invoices({invoice.pk for invoice in invoices})
    prefetch_related_objects(invoices, "buyer")
    left = _creditable(keys)
    accounts: dict[int | None, _Account] = {
        invoice.pk: _Account(invoice, left.get(invoice.pk, {}), [], {}) for invoice in invoices
    }
    for note in Invoice.objects.filter(credits__in=keys).order_by("pk"):
        accounts[note.credits_id].notes.append(note)
    for row in InvoiceVat.objects.filter(invoice__in=keys):
        accounts[row.invoice_id].exemption_texts[row.category] = row.exemption_text
    return accounts


def _draft(
    account: _Account, wanted: Mapping[InvoiceLine, Decimal], terms: Mapping[str, Any]
) -> _Draft:
    invoice, left = account.invoice, account.left
    summary = summarise(
        PricedLine(
            -quantity,
            line.unit_price,
            TREATMENTS[line.vat_code],
            before=left[line] - line.quantity,
        )
        for line, quantity in wanted.items()
    )
    note = Invoice(
        credits=invoice,
        source=f"credit:{invoice.pk}:{len(account.notes) + 1}",
        **{name: getattr(invoice, name) for name in _COPIED},
        **total_columns(summary),
        **terms,
    )
    account.notes.append(note)
    for line, quantity in wanted.items():
        left[line] -= quantity
    return _Draft(account, note, wanted, summary)


def _late_charges(drafts: Sequence[_Draft]) -> list[Credit]:
    """Nobody pays for being late with what is not owed any more."""
    gone = {one.account.invoice: one.note.reason for one in drafts if one.account.is_empty}
    reasons = {invoice.pk: reason for invoice, reason in gone.items()}
    charges = open_charges_of(gone)
    left = locked_balances(charges) if charges else {}
    return [
        Credit(invoice=charge, reason=reasons[late_charges.invoice_of(charge.source)])
        for charge in charges
        if left[charge.pk] > 0
    ]


def _write(drafts: Sequence[_Draft], *, by: Any, mail: bool) -> None:
    """Everything that can be made before the series is locked has been made."""
    notes = [draft.note for draft in drafts]
    numbers = Series.locked(Series.Code.CREDIT).take_many(len(notes))
    for note, (number, sequence) in zip(notes, numbers, strict=True):
        note.number, note.sequence = number, sequence
    insert_all(notes)
    insert_all(line for draft in drafts for line in _lines(draft))
    insert_all(row for draft in drafts for row in _vat_rows(draft))
    take_back_write_offs({one.account.invoice.pk: one.note.issued_on for one in drafts}, by=by)
    if mail:
        emails.send_documents(notes)


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
    return _creditable([invoice.pk]).get(invoice.pk, {})


def _creditable(keys: Collection[int]) -> dict[int, dict[InvoiceLine, Decimal]]:
    zero = Value(Decimal(0), output_field=DecimalField(max_digits=9, decimal_places=2))
    rows = InvoiceLine.objects.filter(invoice__in=keys).order_by("invoice", "position")
    lines: Any = rows.annotate(credited=Coalesce(Sum("credited_by__quantity"), zero))
    found: dict[int, dict[InvoiceLine, Decimal]] = {}
    for line in lines:
        # Credited quantities are negative.
        found.setdefault(line.invoice_id, {})[line] = line.quantity + line.credited
    return found


def _lines(draft: _Draft) -> Iterator[InvoiceLine]:
    rows = zip(draft.wanted.items(), draft.summary.lines, strict=True)
    for position, ((line, quantity), priced) in enumerate(rows, start=1):
        yield InvoiceLine(
            invoice=draft.note,
            position=position,
            text=line.text,
            detail=line.detail,
            quantity=-quantity,
            unit_price=line.unit_price,
            net=priced.net,
            vat_code=line.vat_code,
            product_code=line.product_code,
            account=line.account,
            recognition=line.recognition,
            credits=line,
        )


def _vat_rows(draft: _Draft) -> Iterator[InvoiceVat]:
    texts = draft.account.exemption_texts
    for row in draft.summary.sums:
        yield InvoiceVat(
            invoice=draft.note,
            category=row.category,
            rate=row.rate,
            net=row.net,
            vat=row.vat,
            exemption_text=texts.get(row.category, ""),
        )
