"""Vouchers (verifikat) derived from what happened to invoices and from Stripe's payouts.

Nothing here is stored: the rows of the ledger never change, so the same vouchers come out each
time. An invoice's vouchers are the differences between what the accounts should hold after each
thing that happened to it, in order; so everything that is ever booked of it adds up.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, Q

from billing.models import (
    Invoice,
    InvoiceLine,
    LedgerAccount,
    Payment,
    Product,
    Seller,
    StripeMovement,
    StripePayout,
)
from billing.money import ZERO, rounded
from billing.vat import TREATMENTS

Use = LedgerAccount.Use
Accounts = Mapping[str, str]
"""Account number by use."""

_MONEY = {
    Payment.Method.BANK: Use.BANK,
    Payment.Method.CARD: Use.CARDS,
    Payment.Method.OTHER: Use.BY_HAND,
}
_VAT = {Decimal(25): Use.VAT_25, Decimal(12): Use.VAT_12, Decimal(6): Use.VAT_6}
# What is no payment, refund or dispute of ours; all else stands on the account of card payments.
_MOVEMENTS = {
    "stripe_fee": Use.CARD_FEES,
    "application_fee": Use.CARD_FEES,
    "tax_fee": Use.CARD_FEES,
    "payout_failure": Use.BANK,
}

_Rate = tuple[str, Decimal]
"""VAT category and rate in percent."""

# The books are kept in Swedish, whoever looks at them in whichever language.
_INVOICE, _CREDIT_NOTE, _WRITTEN_OFF = "Faktura", "Kreditfaktura", "Kundförlust"
_PAYMENT, _GIVEN_BACK, _PAYOUT = "Betalning", "Återbetalning", "Stripe-utbetalning"


@dataclass(frozen=True)
class Entry:
    """SEK; debit above zero, credit below."""

    account: str
    amount: Decimal


@dataclass(frozen=True)
class Voucher:
    key: str
    """The row that it is made of: `invoice:17`, `payment:33`, `payout:2`."""
    booked_on: date
    text: str
    entries: tuple[Entry, ...]

    @property
    def amount(self) -> Decimal:
        """The sum of its debit side."""
        return sum((entry.amount for entry in self.entries if entry.amount > 0), ZERO)


def accounts() -> dict[str, str]:
    return dict(LedgerAccount.objects.values_list("use", "number"))


def account_names() -> dict[str, str]:
    """Of all accounts that vouchers may name. Products that share one are named together."""
    names: dict[str, str] = dict(LedgerAccount.objects.values_list("number", "name"))
    income: dict[str, list[str]] = defaultdict(list)
    products = Product.objects.order_by("pk").values_list("account", "name_sv")
    for account, name in products:
        income[account].append(name)
    return {account: ", ".join(found) for account, found in income.items()} | names


def vouchers(since: date, until: date) -> list[Voucher]:
    """Everything to be booked on the days from `since` to `until`, in the order of the days."""
    found = [
        voucher
        for voucher in (*_of_invoices(since, until), *_of_payouts(since, until))
        if since <= voucher.booked_on <= until
    ]
    return sorted(found, key=lambda voucher: voucher.booked_on)


# --- Invoices -------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Event:
    """Something that happened to an invoice: it was issued, credited, or money came or went."""

    at: datetime
    key: str
    booked_on: date
    text: str
    document: Invoice | None = None
    payment: Payment | None = None


def _of_invoices(since: date, until: date) -> Iterator[Voucher]:
    days = (since, until)
    notes = Invoice.objects.filter(kind=Invoice.Kind.CREDIT, issued_on__range=days)
    payments = Payment.objects.filter(paid_on__range=days)
    touched = Invoice.objects.invoices().filter(
        Q(issued_on__range=days)
        | Q(pk__in=notes.values("credits"))
        | Q(pk__in=payments.values("invoice"))
    )
    known, named = accounts(), Seller.objects.get().names_in_books
    for invoice in with_rows(touched).iterator(chunk_size=500):
        yield from of_invoice(invoice, known, named=named)


def with_rows(invoices: Any) -> Any:
    """Fetches what vouchers are made of in a few queries for many invoices."""
    lines = Prefetch("lines", InvoiceLine.objects.order_by("position"))
    notes = Prefetch(
        "credit_notes", Invoice.objects.order_by("pk").prefetch_related(lines, "vat_rows")
    )
    return invoices.order_by("pk").prefetch_related(lines, "vat_rows", "payments", notes)


def of_invoice(invoice: Invoice, known: Accounts, *, named: bool = False) -> Iterator[Voucher]:
    """Its vouchers in the order in which things happened. What changes no account gives none."""
    documents: list[Invoice] = []
    payments: list[Payment] = []
    before: dict[str, Decimal] = {}
    for event in sorted(_events(invoice), key=lambda event: (event.at, event.key)):
        documents += [event.document] if event.document else []
        payments += [event.payment] if event.payment else []
        after = position(documents, payments, known)
        entries = _difference(before, after)
        if entries:
            text = f"{event.text}, {invoice.customer_name}" if named else event.text
            yield Voucher(event.key, event.booked_on, text, entries)
        before = after


def _events(invoice: Invoice) -> Iterator[_Event]:
    text = f"{_INVOICE} {invoice.number}"
    key = f"invoice:{invoice.pk}"
    yield _Event(invoice.created_at, key, invoice.issued_on, text, document=invoice)
    for note in invoice.credit_notes.all():
        text = f"{_CREDIT_NOTE} {note.number} till {invoice.number}"
        key = f"invoice:{note.pk}"
        yield _Event(note.created_at, key, note.issued_on, text, document=note)
    for paid in invoice.payments.all():
        key = f"payment:{paid.pk}"
        text = f"{_payment_word(paid)} {invoice.number}"
        yield _Event(paid.registered_at, key, paid.paid_on, text, payment=paid)


def _payment_word(payment: Payment) -> str:
    if payment.method == Payment.Method.WRITE_OFF:
        return _WRITTEN_OFF
    return _PAYMENT if payment.amount > 0 else _GIVEN_BACK


def _difference(before: Mapping[str, Decimal], after: Mapping[str, Decimal]) -> tuple[Entry, ...]:
    changes = {
        account: after.get(account, ZERO) - before.get(account, ZERO)
        for account in dict.fromkeys([*after, *before])
    }
    return tuple(Entry(account, amount) for account, amount in changes.items() if amount)


def position(
    documents: Sequence[Invoice], payments: Sequence[Payment], known: Accounts
) -> dict[str, Decimal]:
    """What the accounts should hold of an invoice, given its documents and payments so far.

    Lines booked when invoiced are owed from the first day. Lines booked when paid stand nowhere
    until money comes, and then in the share of it that is theirs.
    """
    accrued, awaited = _revenue(documents, known)
    on_accrual, on_payment = sum(accrued.values(), ZERO), sum(awaited.values(), ZERO)
    total = on_accrual + on_payment
    money = [payment for payment in payments if payment.method != Payment.Method.WRITE_OFF]
    came = sum((payment.amount for payment in money), ZERO)
    given_up = sum((payment.amount for payment in payments), ZERO) - came
    settled = min(max(came, ZERO), max(total - given_up, ZERO))

    held: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for payment in money:
        held[known[_MONEY[Payment.Method(payment.method)]]] += payment.amount
    for account, amount in accrued.items():
        held[account] -= amount
    if total:
        for account, amount in _shares(awaited, rounded(settled * on_payment / total)).items():
            held[account] -= amount
        held[known[Use.LOSSES]] += rounded(given_up * on_accrual / total)
    held[known[Use.ADVANCES]] -= came - settled
    # Owed is what makes the two sides equal.
    held[known[Use.RECEIVABLES]] -= sum(held.values(), ZERO)
    return dict(held)


def _revenue(
    documents: Sequence[Invoice], known: Accounts
) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    """Income, VAT and rounding by account: of lines booked when invoiced, and when paid.

    Of all documents together: rounded one by one, what is credited in parts would not add up to
    what was invoiced, and an öre would stay behind.
    """
    accrued: dict[str, Decimal] = defaultdict(lambda: ZERO)
    awaited: dict[str, Decimal] = defaultdict(lambda: ZERO)
    awaited_nets: dict[_Rate, Decimal] = defaultdict(lambda: ZERO)
    lines = [line for document in documents for line in document.lines.all()]
    for line in lines:
        if _is_awaited(line):
            treatment = TREATMENTS[line.vat_code]
            awaited_nets[treatment.category, treatment.rate] += line.net
        (awaited if _is_awaited(line) else accrued)[line.account] += line.net
    all_awaited = all(map(_is_awaited, lines))
    for (category, rate), vat in _vat(documents).items():
        later = vat if all_awaited else rounded(awaited_nets[category, rate] * rate / 100)
        awaited[known[_VAT[rate]]] += later
        accrued[known[_VAT[rate]]] += vat - later
    rounding = sum((document.rounding for document in documents), ZERO)
    (awaited if all_awaited else accrued)[known[Use.ROUNDING]] += rounding
    return accrued, awaited


def _is_awaited(line: InvoiceLine) -> bool:
    return line.recognition == Product.Recognition.CASH


def _vat(documents: Iterable[Invoice]) -> dict[_Rate, Decimal]:
    vat: dict[_Rate, Decimal] = defaultdict(lambda: ZERO)
    for document in documents:
        for row in document.vat_rows.all():
            if row.rate:
                vat[row.category, row.rate] += row.vat
    return vat


def _shares(amounts: Mapping[str, Decimal], part: Decimal) -> dict[str, Decimal]:
    """`part` divided as `amounts` are, in whole öre that add up to it."""
    total, shares = sum(amounts.values(), ZERO), {}
    seen = given = ZERO
    for account, amount in amounts.items():
        seen += amount
        due = rounded(part * seen / total) if total else ZERO
        shares[account] = due - given
        given = due
    return shares


# --- Payouts --------------------------------------------------------------------------------


def _of_payouts(since: date, until: date) -> Iterator[Voucher]:
    known = accounts()
    payouts = StripePayout.objects.filter(arrived_on__range=(since, until))
    for payout in payouts.prefetch_related("movements").order_by("arrived_on", "pk"):
        text = f"{_PAYOUT} {payout.payout_id}"
        key = f"payout:{payout.pk}"
        entries = _payout_entries(payout, payout.movements.all(), known)
        if entries:
            yield Voucher(key, payout.arrived_on, text, entries)


def _payout_entries(
    payout: StripePayout, movements: Iterable[StripeMovement], known: Accounts
) -> tuple[Entry, ...]:
    """Net to the bank, fees to their account, and the rest from the account of card payments."""
    held: dict[str, Decimal] = defaultdict(lambda: ZERO)
    held[known[Use.BANK]] += payout.amount
    for movement in movements:
        use = _MOVEMENTS.get(movement.kind, Use.CARDS)
        held[known[use]] -= movement.amount
        held[known[Use.CARD_FEES]] += movement.fee
    # What Stripe did not itemise, so that a payout that does not add up is seen where it is.
    held[known[Use.CARDS]] -= sum(held.values(), ZERO)
    return tuple(Entry(account, amount) for account, amount in held.items() if amount)
