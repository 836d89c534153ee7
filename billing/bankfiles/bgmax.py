"""Bankgirot's BgMax, the legacy file of incoming payments.

Eighty columns a line, ISO-8859-1, defined by Bankgirot's technical manual of November 2019. The
lines are read kindly (short ones, tabs, files saved again as UTF-8), the totals strictly.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from billing.bankfiles.bgmax_records import BYTE_ORDER_MARK, Record, read_records
from billing.bankfiles.statement import (
    SWEDEN,
    BankEntry,
    BankReference,
    BankStatement,
    Channel,
    EntryKind,
    ReferenceKind,
    clip,
    distinct,
    join_lines,
    split_references,
    stable_ids,
)

START, OPENING, DEPOSIT, END = "01", "05", "15", "70"
PAYMENT, DEDUCTION = "20", "21"
EXTRA_REFERENCE, NEGATIVE_REFERENCE = "22", "23"
INFORMATION, NAME = "25", "26"
ADDRESSES_AND_NUMBERS = frozenset({"27", "28", "29"})
KNOWN = frozenset(
    {START, OPENING, DEPOSIT, END, PAYMENT, DEDUCTION, EXTRA_REFERENCE, NEGATIVE_REFERENCE}
    | {INFORMATION, NAME}
    | ADDRESSES_AND_NUMBERS
)

CHANNELS = {
    "1": Channel.BANK,
    "2": Channel.SUPPLIER,
    "3": Channel.PAPER,
    "4": Channel.AUTOGIRO,
}
REFERENCE_KINDS = {
    "2": ReferenceKind.OCR,
    "3": ReferenceKind.FREE,
    "4": ReferenceKind.INVOICE,
    "5": ReferenceKind.FREE,
}


@dataclass(slots=True)
class Payment:
    """A payment or deduction with the lines that belong to it."""

    record: Record
    details: list[Record] = field(default_factory=list)


@dataclass(slots=True)
class Section:
    """What was paid to one bankgiro on one day, closed by the deposit on the bank account."""

    opening: Record
    payments: list[Payment]
    deposit: Record


def is_bgmax(data: bytes) -> bool:
    return data.removeprefix(BYTE_ORDER_MARK).lstrip()[:7] == b"01BGMAX"


def parse_bgmax(data: bytes) -> BankStatement:
    records = read_records(data)
    start, end = _frame(records)
    sections = list(_sections([record for record in records[1:-1] if record.code in KNOWN]))
    warnings = [
        _("%(place)s: records of the unknown kind %(code)s were left out.")
        % {"place": record.place, "code": record.code}
        for record in records
        if record.code not in KNOWN
    ]
    for section in sections:
        _check_deposit(section)
    warnings += _check_counts(sections, end)
    entries, more = _entries(sections)
    return BankStatement(
        format="bgmax",
        file_id=clip(start.text(25, 44), longest=20),
        created_at=_created_at(start),
        accounts=distinct(
            number for entry in entries for number in (entry.bankgiro, entry.account)
        ),
        entries=tuple(entries),
        warnings=tuple(warnings + more),
    )


# --- Structure ------------------------------------------------------------------------------


def _frame(records: list[Record]) -> tuple[Record, Record]:
    start, end = records[0], records[-1]
    if start.text(3, 22).strip() != "BGMAX" or start.text(23, 24) != "01":
        raise start.refusal(_("this is not version 01 of BgMax."))
    if start.text(45, 45) == "T":
        raise start.refusal(_("the bank has marked this as a test file, without real payments."))
    for record in records[1:]:
        if record.code == START:
            raise record.refusal(_("a second BgMax file begins here; import one file at a time."))
    if end.code != END:
        raise end.refusal(_("the file ends without its closing record (70): it is not complete."))
    for record in records[:-1]:
        if record.code == END:
            raise record.refusal(_("there are records after the closing record (70)."))
    return start, end


def _created_at(start: Record) -> datetime:
    day = start.day(25, 32)
    clock = start.digits(33, 38)
    hour, minute, second = int(clock[:2]), int(clock[2:4]), int(clock[4:])
    if hour > 23 or minute > 59 or second > 59:
        raise start.refusal(_("“%(value)s” is not a time of day.") % {"value": clock})
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=SWEDEN)


def _sections(records: list[Record]) -> Iterator[Section]:
    opening: Record | None = None
    payments: list[Payment] = []
    for record in records:
        if record.code == OPENING:
            _require_closed(opening)
            opening, payments = record, []
        elif opening is None:
            raise record.refusal(_("the record stands outside of any section (05-15)."))
        elif record.code == DEPOSIT:
            yield Section(opening, payments, record)
            opening = None
        elif record.code in (PAYMENT, DEDUCTION):
            payments.append(Payment(record))
        elif payments:
            payments[-1].details.append(record)
        else:
            raise record.refusal(_("the record belongs to no payment."))
    _require_closed(opening)


def _require_closed(opening: Record | None) -> None:
    if opening is not None:
        raise opening.refusal(_("the section that begins here has no deposit record (15)."))


# --- Controls -------------------------------------------------------------------------------


def _signed(payment: Payment) -> Decimal:
    amount = payment.record.amount(38, 55)
    return -amount if payment.record.code == DEDUCTION else amount


def _check_deposit(section: Section) -> None:
    deposit = section.deposit
    stated, found = deposit.amount(51, 68), sum(map(_signed, section.payments), Decimal("0.00"))
    if stated != found:
        problem = _("the deposit says %(stated)s but its payments add up to %(found)s.")
        raise deposit.refusal(problem % {"stated": stated, "found": found})
    stated_count, found_count = deposit.count(72, 79), len(section.payments)
    if stated_count != found_count:
        problem = _("the deposit says %(stated)s payments but there are %(found)s.")
        raise deposit.refusal(problem % {"stated": stated_count, "found": found_count})
    if deposit.currency(69, 71) != section.opening.currency(23, 25):
        raise deposit.refusal(_("the deposit is in another currency than its section."))


def _check_counts(sections: list[Section], end: Record) -> list[str]:
    """Refuses when payments are missing; only warns of extra references, which banks miscount."""
    payments = [payment.record.code for section in sections for payment in section.payments]
    counts = (
        (3, 10, payments.count(PAYMENT), _("payments")),
        (11, 18, payments.count(DEDUCTION), _("deductions")),
        (27, 34, len(sections), _("deposits")),
    )
    for first, last, found, what in counts:
        stated = end.count(first, last)
        if stated != found:
            problem = _("the file says %(stated)s %(what)s but holds %(found)s.")
            raise end.refusal(problem % {"stated": stated, "what": what, "found": found})
    stated = end.count(19, 26)
    found = sum(len(_extra_references(p)) for section in sections for p in section.payments)
    if stated == found:
        return []
    warning = _("%(place)s: the file says %(stated)s extra references but holds %(found)s.")
    return [warning % {"place": end.place, "stated": stated, "found": found}]


# --- Entries --------------------------------------------------------------------------------


def _entries(sections: list[Section]) -> tuple[list[BankEntry], list[str]]:
    found = [(section, payment) for section in sections for payment in section.payments]
    ids = stable_ids(_key(section, payment) for section, payment in found)
    entries: list[BankEntry] = []
    warnings: list[str] = []
    for external_id, (section, payment) in zip(ids, found, strict=True):
        references, more = split_references(
            _references(payment), total=_signed(payment), place=payment.record.place
        )
        entries.append(_entry(external_id, section, payment, references))
        warnings += more
    return entries, warnings


def _key(section: Section, payment: Payment) -> str:
    """Bankgirot's serial number is unique for two years; old files repeat it between currencies."""
    return ":".join(
        (
            "bgmax",
            section.opening.number_without_zeros(3, 12),
            f"{section.deposit.day(38, 45):%Y%m%d}",
            payment.record.digits(58, 69),
            f"{_signed(payment)}{section.opening.currency(23, 25)}",
        )
    )


def _entry(
    external_id: str, section: Section, payment: Payment, references: tuple[BankReference, ...]
) -> BankEntry:
    record = payment.record
    names = [detail.text(3, 72) for detail in payment.details if detail.code == NAME]
    return BankEntry(
        external_id=external_id,
        account=_account(section.deposit),
        bankgiro=section.opening.number_without_zeros(3, 12),
        booked_on=section.deposit.day(38, 45),
        amount=_signed(payment),
        currency=section.opening.currency(23, 25),
        references=references,
        text=_text(payment),
        payer_name=clip(" ".join(names), longest=140),
        payer_account="",
        payer_bankgiro=record.number_without_zeros(3, 12),
        kind=EntryKind.DEBIT if record.code == DEDUCTION else EntryKind.CREDIT,
        channel=CHANNELS.get(record.text(57, 57), Channel.UNKNOWN),
        place=record.place,
    )


def _account(deposit: Record) -> str:
    """Clearing number and account, as `5841-10098232`."""
    clearing, account = deposit.text(22, 25).strip(), deposit.number_without_zeros(26, 37)
    return f"{clearing}-{account}" if account else ""


def _extra_references(payment: Payment) -> list[Record]:
    codes = (EXTRA_REFERENCE, NEGATIVE_REFERENCE)
    return [detail for detail in payment.details if detail.code in codes]


def _references(payment: Payment) -> list[BankReference]:
    references = [_reference(payment.record, amount=None)]
    sign = -1 if payment.record.code == DEDUCTION else 1
    for detail in _extra_references(payment):
        if detail.digits(58, 69) != payment.record.digits(58, 69):
            raise detail.refusal(_("the extra reference belongs to another payment."))
        part = detail.amount(38, 55) * (-sign if detail.code == NEGATIVE_REFERENCE else sign)
        references.append(_reference(detail, amount=part or None))
    return [reference for reference in references if reference is not None]


def _reference(record: Record, *, amount: Decimal | None) -> BankReference | None:
    value = clip(record.text(13, 37), longest=25)
    kind = REFERENCE_KINDS.get(record.text(56, 56), ReferenceKind.FREE)
    return BankReference(kind, value, amount) if value else None


def _text(payment: Payment) -> str:
    """What the payer wrote. A reference too long for its 25 columns runs on in the information."""
    lines = [detail.text(3, 52) for detail in payment.details if detail.code == INFORMATION]
    message = join_lines(lines, width=50)
    reference = payment.record.text(13, 37)
    runs_on = payment.record.text(56, 56) == "3" and not reference.endswith(" ")
    return clip(f"{reference}{message}" if runs_on and message else message, longest=5000)
