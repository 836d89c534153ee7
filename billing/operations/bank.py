"""Money from the bank: the file is stored first, whole or not at all; then each row is matched."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from billing import bankfiles, giro, ocr
from billing.bankfiles import BankEntry, BankStatement, EntryKind
from billing.models import BankFile, BankTransaction, Invoice, Payment, Seller
from billing.money import ZERO
from billing.operations.charging import open_charges
from billing.operations.matching import in_turn
from billing.operations.paying import Entry, locked_balances, register_payments
from privacy.copying import insert_all

Problem = BankTransaction.Problem

BATCH = 500


@dataclass
class ImportResult:
    """What an import did, or would do. Amounts in SEK."""

    format: str
    total: Decimal = ZERO
    new: list[BankTransaction] = field(default_factory=list)
    known: int = 0
    matched: list[BankTransaction] = field(default_factory=list)
    waiting: list[BankTransaction] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    warnings: tuple[str, ...] = ()


class _DryRun(Exception):
    """Undoes everything that a dry run wrote."""


def import_bank_file(
    *, data: bytes, name: str, by: Any = None, dry_run: bool = False
) -> ImportResult:
    """Import a file from the bank. Raises BankFileRefused when the file is not sound.

    A row that is known already is left alone, so the same file, or one that overlaps an earlier
    one, may be imported any number of times.
    """
    statement = bankfiles.parse(data)
    result = ImportResult(
        format=statement.format, warnings=(*statement.warnings, *_of_others(statement))
    )
    try:
        with transaction.atomic():
            in_turn()
            _store(statement, data, name, by, result)
            for start in range(0, len(result.new), BATCH):
                result.payments += match_all(rows=result.new[start : start + BATCH], by=by)
            for row in result.new:
                waits = row.problem != Problem.NONE
                (result.waiting if waits else result.matched).append(row)
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return result


def _of_others(statement: BankStatement) -> Iterator[str]:
    """Money on another bankgiro is not refused: the association may have had two."""
    own = Seller.objects.get().bankgiro
    others = {entry.bankgiro for entry in statement.entries} - {own, ""}
    for other in sorted(others):
        yield _("The file holds payments to bankgiro %(other)s; ours is %(own)s.") % {
            "other": giro.format_bankgiro(other),
            "own": giro.format_bankgiro(own),
        }


def _store(statement: BankStatement, data: bytes, name: str, by: Any, result: ImportResult) -> None:
    file, _created = BankFile.objects.get_or_create(
        sha256=hashlib.sha256(data).hexdigest(),
        defaults={"name": name[:200], "format": statement.format, "imported_by": by},
    )
    elsewhere = _told_in_other_formats(statement)
    entries = [entry for entry in statement.entries if not _is_our_own_payment(statement, entry)]
    for start in range(0, len(entries), BATCH):
        batch = {entry.external_id: entry for entry in reversed(entries[start : start + BATCH])}
        rows = BankTransaction.objects.filter(external_id__in=batch)
        known = set(rows.values_list("external_id", flat=True))
        new = [entry for number, entry in reversed(batch.items()) if number not in known]
        result.new += insert_all(
            BankTransaction(external_id=entry.external_id, file=file, **_columns(entry, elsewhere))
            for entry in new
        )
        result.total += sum((entry.amount for entry in new if entry.currency == "SEK"), ZERO)
    result.known = len(entries) - len(result.new)


def _is_our_own_payment(statement: BankStatement, entry: BankEntry) -> bool:
    """A full statement also lists what the association paid; BgMax knows deductions only."""
    return entry.kind == EntryKind.DEBIT and statement.format.startswith("camt")


Told = tuple[date, Decimal, str, frozenset[str]]
"""Day, amount, currency and what the payer wrote: the same money in whichever format."""


def _told(booked_on: date, amount: Decimal, currency: str, values: set[str], text: str) -> Told:
    said = {ocr.normalise(value) or value.strip() for value in values} or {text}
    return booked_on, amount, currency, frozenset(said - {""})


def _told_in_other_formats(statement: BankStatement) -> set[Told]:
    """A statement, a notification and a BgMax file tell of the same payments by other numbers."""
    days = {entry.booked_on for entry in statement.entries}
    rows = BankTransaction.objects.filter(booked_on__in=days)
    rows = rows.exclude(file__format=statement.format)
    return {
        _told(row.booked_on, row.amount, row.currency, _values(row.references), row.text)
        for row in rows.only("booked_on", "amount", "currency", "references", "text")
    }


def _values(references: list[dict[str, Any]]) -> set[str]:
    return {reference["value"] for reference in references}


def _problem(entry: BankEntry, elsewhere: set[Told]) -> str:
    if entry.kind != EntryKind.CREDIT:
        return Problem.RETURNED
    values = {reference.value for reference in entry.references}
    told = _told(entry.booked_on, entry.amount, entry.currency, values, entry.text)
    # Without a word of the payer two payments may well be alike and still be two.
    return Problem.TWICE if told[-1] and told in elsewhere else Problem.NONE


def _columns(entry: BankEntry, elsewhere: set[Told]) -> dict[str, Any]:
    return {
        "booked_on": entry.booked_on,
        "amount": entry.amount,
        "currency": entry.currency,
        "references": [
            {
                "kind": reference.kind.value,
                "value": reference.value,
                "amount": None if reference.amount is None else str(reference.amount),
            }
            for reference in entry.references
        ],
        "text": entry.text,
        "payer_name": entry.payer_name[:200],
        "payer_account": (entry.payer_bankgiro or entry.payer_account)[:50],
        "problem": _problem(entry, elsewhere),
    }


def match(*, row: BankTransaction, by: Any = None) -> list[Payment]:
    """Enter a transaction against the invoices it names, or say on it why it waits.

    Matches on OCR, invoice number and then correct OCR numbers in free text; never on a name.
    """
    return match_all(rows=[row], by=by)


@transaction.atomic
def match_all(*, rows: Sequence[BankTransaction], by: Any = None) -> list[Payment]:
    """The same for many, one after the other, by a few statements."""
    invoices = _named(rows)
    left = locked_balances({invoice for found in invoices for invoice in found})
    entries, told = [], []
    for row, found in zip(rows, invoices, strict=True):
        shares, problem = _shares(row, found, left)
        for invoice, amount in shares:
            left[invoice.pk] -= amount
            entries.append(_entry(row, invoice, amount))
        if row.problem != problem:
            row.problem = problem
            told.append(row)
    payments = register_payments(entries=entries, by=by)
    BankTransaction.objects.bulk_update(told, ["problem"])
    return payments


def _entry(row: BankTransaction, invoice: Invoice, amount: Decimal) -> Entry:
    return Entry(
        invoice=invoice,
        amount=amount,
        paid_on=row.booked_on,
        method=Payment.Method.BANK,
        external_id=f"bank:{row.external_id}:{invoice.pk}",
        bank_transaction=row,
    )


Shares = tuple[list[tuple[Invoice, Decimal]], str]
Found = dict[Invoice, Decimal | None]


def _shares(row: BankTransaction, invoices: Found, left: dict[int, Decimal]) -> Shares:
    """How a transaction is divided among invoices, and what is wrong if it is not wholly.

    `left` is what is still to be paid of each, by their keys.
    """
    if row.problem == Problem.RETURNED or row.amount <= 0:
        return [], Problem.RETURNED
    if row.problem == Problem.TWICE:
        return [], Problem.TWICE
    if row.currency != "SEK":
        return [], Problem.CURRENCY
    if not invoices:
        return [], Problem.UNKNOWN
    if len(invoices) == 1:
        (invoice,) = invoices
        return _one(row, invoice, left[invoice.pk], left)
    return _several(row, invoices, left)


def _one(
    row: BankTransaction, invoice: Invoice, balance: Decimal, left: dict[int, Decimal]
) -> Shares:
    shares = _with_late_charges(row, invoice, balance, left)
    if shares:
        return shares, Problem.NONE
    if balance <= ZERO:
        return [], Problem.SETTLED
    if row.amount > balance:
        return [(invoice, balance)], Problem.TOO_MUCH
    return [(invoice, row.amount)], Problem.NONE


def _with_late_charges(
    row: BankTransaction, invoice: Invoice, balance: Decimal, left: dict[int, Decimal]
) -> list[tuple[Invoice, Decimal]]:
    """What a reminder asked for as one sum, by the number of the invoice alone."""
    if row.amount <= balance:
        return []
    charges = open_charges(invoice)
    left |= locked_balances(charge for charge in charges if charge.pk not in left)
    owed = [(charge, left[charge.pk]) for charge in charges]
    shares = [(one, rest) for one, rest in [(invoice, balance), *owed] if rest > ZERO]
    return shares if sum(rest for _one, rest in shares) == row.amount else []


def _several(row: BankTransaction, invoices: Found, left: dict[int, Decimal]) -> Shares:
    """By the amounts the payer gave, or else only when the balances add up to the whole."""
    balances = {invoice: left[invoice.pk] for invoice in sorted(invoices, key=lambda i: i.pk)}
    given = {invoice: amount for invoice, amount in invoices.items() if amount is not None}
    shares = given if len(given) == len(invoices) else balances
    fits = all(ZERO < amount <= balances[invoice] for invoice, amount in shares.items())
    if not fits or sum(shares.values()) != row.amount:
        return [], Problem.SEVERAL
    return list(shares.items()), Problem.NONE


def named(row: BankTransaction) -> Found:
    """The invoices a transaction names, with the amount for each where the payer gave one."""
    return _named([row])[0]


def _named(rows: Sequence[BankTransaction]) -> list[Found]:
    """For each row: by its references, or else by correct OCR numbers in what the payer typed."""
    referred = [_referred(row) for row in rows]
    found = _found(referred)
    typed = [{} if known else _typed(row) for known, row in zip(found, rows, strict=True)]
    return [one or other for one, other in zip(found, _found(typed), strict=True)]


Values = dict[str, Decimal | None]


def _referred(row: BankTransaction) -> Values:
    values: Values = {}
    for reference in row.references:
        amount = None if reference["amount"] is None else Decimal(reference["amount"])
        values[ocr.normalise(reference["value"]) or reference["value"].strip()] = amount
    return values


def _typed(row: BankTransaction) -> Values:
    texts = [row.text, *(reference["value"] for reference in row.references)]
    return {digits: None for text in texts for digits in ocr.candidates(text)}


def _found(wanted: Sequence[Values]) -> list[Found]:
    """Two questions, however many rows there are."""
    values = {value for each in wanted for value in each}
    # What the seller was then is most of an invoice, and is not needed here.
    invoices = Invoice.objects.invoices().defer("seller")
    by_number = {row.number: row for row in invoices.filter(number__in=values)} if values else {}
    by_ocr = {row.ocr: row for row in invoices.filter(ocr__in=values)} if values else {}
    invoice_of = {**by_number, **by_ocr}
    return [
        {invoice_of[value]: amount for value, amount in each.items() if value in invoice_of}
        for each in wanted
    ]
