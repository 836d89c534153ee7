"""Money from the bank: the file is stored first, whole or not at all; then each row is matched."""

import hashlib
from collections.abc import Iterator
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
from billing.operations.paying import locked_balance, register_payment

Problem = BankTransaction.Problem


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
            for row in result.new:
                result.payments += match(row=row, by=by)
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
    for entry in statement.entries:
        if _is_our_own_payment(statement, entry):
            continue
        row, created = BankTransaction.objects.get_or_create(
            external_id=entry.external_id,
            defaults={"file": file, **_columns(entry, elsewhere)},
        )
        if created:
            result.new.append(row)
            result.total += entry.amount if entry.currency == "SEK" else ZERO
        else:
            result.known += 1


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


@transaction.atomic
def match(*, row: BankTransaction, by: Any = None) -> list[Payment]:
    """Enter a transaction against the invoices it names, or say on it why it waits.

    Matches on OCR, invoice number and then correct OCR numbers in free text; never on a name.
    """
    shares, problem = _shares(row)
    payments = [
        register_payment(
            invoice=invoice,
            amount=amount,
            paid_on=row.booked_on,
            method=Payment.Method.BANK,
            external_id=f"bank:{row.external_id}:{invoice.pk}",
            by=by,
            bank_transaction=row,
        )
        for invoice, amount in shares
    ]
    if row.problem != problem:
        row.problem = problem
        row.save(update_fields=["problem"])
    return payments


def _shares(row: BankTransaction) -> tuple[list[tuple[Invoice, Decimal]], str]:
    """How a transaction is divided among invoices, and what is wrong if it is not wholly."""
    if row.problem == Problem.RETURNED or row.amount <= 0:
        return [], Problem.RETURNED
    if row.problem == Problem.TWICE:
        return [], Problem.TWICE
    if row.currency != "SEK":
        return [], Problem.CURRENCY
    invoices = named(row)
    if not invoices:
        return [], Problem.UNKNOWN
    if len(invoices) == 1:
        return _one(row, next(iter(invoices)))
    return _several(row, invoices)


def _one(row: BankTransaction, invoice: Invoice) -> tuple[list[tuple[Invoice, Decimal]], str]:
    balance = locked_balance(invoice)
    shares = _with_late_charges(row, invoice, balance)
    if shares:
        return shares, Problem.NONE
    if balance <= ZERO:
        return [], Problem.SETTLED
    if row.amount > balance:
        return [(invoice, balance)], Problem.TOO_MUCH
    return [(invoice, row.amount)], Problem.NONE


def _with_late_charges(
    row: BankTransaction, invoice: Invoice, balance: Decimal
) -> list[tuple[Invoice, Decimal]]:
    """What a reminder asked for as one sum, by the number of the invoice alone."""
    if row.amount <= balance:
        return []
    charges = [(charge, locked_balance(charge)) for charge in open_charges(invoice)]
    shares = [(invoice, balance), *charges] if balance > ZERO else charges
    return shares if sum(left for _charge, left in shares) == row.amount else []


def _several(
    row: BankTransaction, invoices: dict[Invoice, Decimal | None]
) -> tuple[list[tuple[Invoice, Decimal]], str]:
    """By the amounts the payer gave, or else only when the balances add up to the whole."""
    # Always locked in the same order, so that two rows that share invoices cannot deadlock.
    balances = {
        invoice: locked_balance(invoice) for invoice in sorted(invoices, key=lambda i: i.pk)
    }
    given = {invoice: amount for invoice, amount in invoices.items() if amount is not None}
    shares = given if len(given) == len(invoices) else balances
    fits = all(ZERO < amount <= balances[invoice] for invoice, amount in shares.items())
    if not fits or sum(shares.values()) != row.amount:
        return [], Problem.SEVERAL
    return list(shares.items()), Problem.NONE


def named(row: BankTransaction) -> dict[Invoice, Decimal | None]:
    """The invoices a transaction names, with the amount for each where the payer gave one."""
    explicit: dict[str, Decimal | None] = {}
    for reference in row.references:
        amount = None if reference["amount"] is None else Decimal(reference["amount"])
        explicit[ocr.normalise(reference["value"]) or reference["value"].strip()] = amount
    found = _find(explicit)
    if found:
        return found
    texts = [row.text, *(reference["value"] for reference in row.references)]
    return _find({digits: None for text in texts for digits in ocr.candidates(text)})


def _find(values: dict[str, Decimal | None]) -> dict[Invoice, Decimal | None]:
    invoices = Invoice.objects.invoices()
    by_ocr = {invoice.ocr: invoice for invoice in invoices.filter(ocr__in=values)}
    by_number = {invoice.number: invoice for invoice in invoices.filter(number__in=values)}
    found: dict[Invoice, Decimal | None] = {}
    for value, amount in values.items():
        invoice = by_ocr.get(value) or by_number.get(value)
        if invoice:
            found[invoice] = amount
    return found
