"""The totals that a camt report states of itself, compared with its entries."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from billing.bankfiles.camt_entry import Entry
from billing.bankfiles.hardened_xml import Element, amount, find, find_all, text
from billing.bankfiles.statement import BankFileRefused, clip

OPENING, CLOSING = ("OPBD", "PRCD"), ("CLBD",)


def check_totals(report: Element, entries: Sequence[Entry], *, place: str) -> None:
    """Raises BankFileRefused where what the bank counted is not what the report holds."""
    _check_summary(report, entries, place=place)
    _check_balances(report, [entry for entry in entries if entry.is_booked], place=place)


def _check_summary(report: Element, entries: Sequence[Entry], *, place: str) -> None:
    credits = [entry for entry in entries if entry.sign > 0]
    debits = [entry for entry in entries if entry.sign < 0]
    for name, counted in (
        ("TtlNtries", entries),
        ("TtlCdtNtries", credits),
        ("TtlDbtNtries", debits),
    ):
        _check_count(text(report, f"TxsSummry/{name}/NbOfNtries"), counted, place=place)
        _check_sum(text(report, f"TxsSummry/{name}/Sum"), counted, place=place)


def _check_count(stated: str, entries: Sequence[Entry], *, place: str) -> None:
    """Some banks count entries, some the payments in them."""
    payments = sum(max(1, len(entry.details)) for entry in entries)
    if not stated or stated in (str(len(entries)), str(payments)):
        return
    problem = _("the report says %(stated)s entries but holds %(found)s.")
    values = {"stated": clip(stated, longest=20), "found": len(entries)}
    raise BankFileRefused(problem % values, place=place)


def _check_sum(stated: str, entries: Sequence[Entry], *, place: str) -> None:
    """Some banks add up without signs, some with."""
    if not stated or len({entry.currency for entry in entries}) > 1:
        return
    net = sum((entry.amount for entry in entries), Decimal("0.00"))
    gross = sum((abs(entry.amount) for entry in entries), Decimal("0.00"))
    try:
        agrees = Decimal(stated) in (net, abs(net), gross)
    except InvalidOperation:
        agrees = False
    if not agrees:
        problem = _("the report says %(stated)s but its entries add up to %(found)s.")
        values = {"stated": clip(stated, longest=30), "found": net}
        raise BankFileRefused(problem % values, place=place)


def _check_balances(report: Element, booked: Sequence[Entry], *, place: str) -> None:
    opening = _balance(report, OPENING, place=place)
    closing = _balance(report, CLOSING, place=place)
    if opening is None or closing is None or _is_one_of_several_pages(report):
        return
    currencies = {opening[1], closing[1], *(entry.currency for entry in booked)}
    if len(currencies) > 1:
        return
    expected = opening[0] + sum(entry.amount for entry in booked)
    if expected != closing[0]:
        problem = _("the closing balance is %(stated)s but the entries lead to %(found)s.")
        values = {"stated": closing[0], "found": expected}
        raise BankFileRefused(problem % values, place=place)


def _balance(report: Element, codes: Sequence[str], *, place: str) -> tuple[Decimal, str] | None:
    """The first balance of these kinds that is stated exactly once and is not interim."""
    for code in codes:
        found = [
            balance
            for balance in find_all(report, "Bal")
            if text(balance, "Tp/CdOrPrtry/Cd") == code and not text(balance, "Tp/SubTp/Cd")
        ]
        written = find(found[0], "Amt") if len(found) == 1 else None
        if written is not None:
            value, currency = amount(written, place=place)
            return (-value if text(found[0], "CdtDbtInd") == "DBIT" else value), currency
    return None


def _is_one_of_several_pages(report: Element) -> bool:
    page = text(report, "StmtPgntn/PgNb", "RptPgntn/PgNb")
    last = text(report, "StmtPgntn/LastPgInd", "RptPgntn/LastPgInd")
    return page not in ("", "1") or last == "false"
