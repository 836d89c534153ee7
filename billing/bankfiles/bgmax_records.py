"""The lines of a BgMax file as records with numbered columns."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from billing.bankfiles.statement import LARGEST_AMOUNT, YEARS, BankFileRefused

WIDTH = 80
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_DOS_END_OF_FILE = b"\x1a"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Record:
    """One line. Columns are numbered from 1, both ends included, as in the manual."""

    number: int
    line: str

    @property
    def code(self) -> str:
        return self.line[:2]

    @property
    def place(self) -> str:
        return str(_("Line %(number)s") % {"number": self.number})

    def refusal(self, problem: str) -> BankFileRefused:
        return BankFileRefused(problem, place=self.place)

    def text(self, first: int, last: int) -> str:
        return self.line[first - 1 : last]

    def digits(self, first: int, last: int, *, may_be_blank: bool = False) -> str:
        value = self.text(first, last)
        if may_be_blank and not value.strip():
            return ""
        if not (value.isascii() and value.isdigit()):
            problem = _("columns %(first)s-%(last)s should be digits but are “%(value)s”.")
            raise self.refusal(problem % {"first": first, "last": last, "value": value})
        return value

    def count(self, first: int, last: int) -> int:
        return int(self.digits(first, last))

    def number_without_zeros(self, first: int, last: int) -> str:
        return self.digits(first, last, may_be_blank=True).lstrip("0")

    def amount(self, first: int, last: int) -> Decimal:
        """Written in öre (or cents)."""
        amount = Decimal(self.digits(first, last)).scaleb(-2)
        if amount > LARGEST_AMOUNT:
            raise self.refusal(_("the amount %(amount)s cannot be right.") % {"amount": amount})
        return amount

    def currency(self, first: int, last: int) -> str:
        value = self.text(first, last).strip() or "SEK"
        if not re.fullmatch(r"[A-Z]{3}", value):
            raise self.refusal(_("“%(value)s” is not a currency.") % {"value": value})
        return value

    def day(self, first: int, last: int) -> date:
        digits = self.digits(first, last)
        try:
            day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
        except ValueError:
            day = None
        if day is None or day.year not in YEARS:
            raise self.refusal(_("“%(value)s” is not a date.") % {"value": digits})
        return day


def read_records(data: bytes) -> list[Record]:
    if b"\x00" in data:
        raise BankFileRefused(
            _("The file is not in the bank's encoding (ISO-8859-1): fetch it from the bank again.")
        )
    data = data.removeprefix(BYTE_ORDER_MARK).rstrip(_DOS_END_OF_FILE + b" \t\r\n")
    lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    return [
        _record(number, line) for number, line in enumerate(lines, start=1) if line.strip(b" \t")
    ]


def _record(number: int, raw: bytes) -> Record:
    line = _decoded(raw).expandtabs(8).rstrip()
    record = Record(number, line.ljust(WIDTH))
    if _CONTROL.search(line):
        raise record.refusal(_("the line holds signs that are not text; the file is damaged."))
    if len(line) > WIDTH:
        problem = _("the line is %(length)s columns long; at most %(width)s are allowed.")
        raise record.refusal(problem % {"length": len(line), "width": WIDTH})
    record.digits(1, 2)
    return record


def _decoded(raw: bytes) -> str:
    """Line by line, for files that were pasted together. Å as A and a ring would shift columns."""
    try:
        return unicodedata.normalize("NFC", raw.decode("utf-8"))
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")
