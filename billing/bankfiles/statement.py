"""What a bank file says, the same for every format, and the refusal of one not to be trusted."""

import enum
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

SWEDEN = ZoneInfo("Europe/Stockholm")
# Nothing an association is paid comes near; a damaged figure often does.
LARGEST_AMOUNT = Decimal("9999999999.99")
YEARS = range(1990, 2100)
# With its number among equal keys an id has at most 150 characters.
_LONGEST_KEY = 140
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


class BankFileRefused(Exception):
    """The file cannot be trusted, so nothing of it is used. Says what is wrong, and where."""

    def __init__(self, problem: str, *, place: str = "") -> None:
        super().__init__(f"{place}: {problem}" if place else problem)


class EntryKind(enum.StrEnum):
    """What a row is. `DEBIT` is money that left the account, or that a payer deducted."""

    CREDIT = "credit"
    RETURN = "return"
    DEBIT = "debit"


class ReferenceKind(enum.StrEnum):
    """How far the bank vouches for a reference: `FREE` is whatever the payer typed."""

    OCR = "ocr"
    INVOICE = "invoice"
    FREE = "free"


class Channel(enum.StrEnum):
    """How the payer paid, where the bank tells."""

    UNKNOWN = ""
    BANK = "bank"
    SUPPLIER = "supplier"
    PAPER = "paper"
    AUTOGIRO = "autogiro"
    SWISH = "swish"


@dataclass(frozen=True, slots=True)
class BankReference:
    """One reference the payer gave; `amount` is set only where the bank split the payment."""

    kind: ReferenceKind
    value: str
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class BankEntry:
    """One movement of money. `external_id` is the same each time the bank sends it.

    `amount` is negative for what left the account or was deducted. The payer is the other party,
    also where we were the one who paid. `place` says where in the file the entry was read.
    """

    external_id: str
    account: str
    bankgiro: str
    booked_on: date
    amount: Decimal
    currency: str
    references: tuple[BankReference, ...]
    text: str
    payer_name: str
    payer_account: str
    payer_bankgiro: str
    kind: EntryKind
    channel: Channel
    place: str


@dataclass(frozen=True, slots=True)
class BankStatement:
    """One whole file whose own totals agree with its entries.

    `warnings` are sentences for the person who imports: what the file gets wrong without any
    money being in doubt.
    """

    format: str
    file_id: str
    created_at: datetime
    accounts: tuple[str, ...]
    entries: tuple[BankEntry, ...]
    warnings: tuple[str, ...] = ()

    def totals(self) -> dict[str, Decimal]:
        """The sum of the entries in each currency."""
        sums: dict[str, Decimal] = {}
        for entry in self.entries:
            sums[entry.currency] = sums.get(entry.currency, Decimal("0.00")) + entry.amount
        return sums


def stable_ids(keys: Iterable[str]) -> list[str]:
    """One id a key. Keys that occur again in the same file are numbered: the money counts too."""
    seen: Counter[str] = Counter()
    ids = []
    for key in keys:
        seen[key] += 1
        again = f"#{seen[key]}" if seen[key] > 1 else ""
        ids.append(f"{_shortened(key)}{again}")
    return ids


def _shortened(key: str) -> str:
    if len(key) <= _LONGEST_KEY:
        return key
    return f"{key[:40]}:sha256:{hashlib.sha256(key.encode()).hexdigest()}"


def split_references(
    references: Sequence[BankReference], *, total: Decimal, place: str
) -> tuple[tuple[BankReference, ...], list[str]]:
    """The references; without their part amounts, and with a warning, if these do not add up."""
    parts = [reference.amount for reference in references if reference.amount is not None]
    if not parts or sum(parts) == total:
        return tuple(references), []
    warning = _("%(place)s: the part amounts do not add up to the payment and were left out.")
    bare = tuple(BankReference(reference.kind, reference.value) for reference in references)
    return bare, [warning % {"place": place}]


def join_lines(lines: Iterable[str], *, width: int) -> str:
    """Text that the bank cut into lines; a line filled to its width continues in the next."""
    text = ""
    filled = True
    for line in lines:
        text += line.strip() if filled else f" {line.strip()}"
        filled = len(line.rstrip()) >= width
    return text.strip()


def clip(text: str, *, longest: int) -> str:
    """One tidy line that fits where it is going to be stored."""
    return " ".join(_CONTROL.sub(" ", text).split())[:longest]


def distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def local_time(moment: datetime) -> datetime:
    """Aware: bank files without a time zone mean Swedish time."""
    return moment if moment.tzinfo else moment.replace(tzinfo=SWEDEN)
