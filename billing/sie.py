"""The SIE format, type 4I (SIE-gruppen's specification 4B): vouchers for any Swedish bookkeeping.

Bytes in CP437. Which vouchers, on which accounts, is `billing.journal`'s to say.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing.giro import format_organisation_number
from billing.journal import Voucher

PROGRAM, VERSION = "Forum för Dataskydd", "1.0"
# Fortnox takes no more.
LONGEST_TEXT = 50

_LIKE = str.maketrans(
    {
        "–": "-",
        "—": "-",
        "−": "-",
        "“": '"',
        "”": '"',
        "„": '"',
        "’": "'",
        "‘": "'",
        "…": "...",
        "€": "EUR",
        "\\": "/",
    }
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True)
class Company:
    name: str
    organisation_number: str
    year: tuple[date, date]
    """First and last day of the financial year."""


def write(
    company: Company,
    names: Mapping[str, str],
    vouchers: Iterable[Voucher],
    *,
    written_on: date,
) -> bytes:
    """The file. Raises ValueError for a voucher whose sides are not equal."""
    vouchers = list(vouchers)
    used = sorted({entry.account for voucher in vouchers for entry in voucher.entries})
    rows = [
        "#FLAGGA 0",
        f"#PROGRAM {_quoted(PROGRAM)} {VERSION}",
        "#FORMAT PC8",
        f"#GEN {_day(written_on)}",
        "#SIETYP 4",
        f"#FNAMN {_quoted(company.name)}",
        f"#ORGNR {format_organisation_number(company.organisation_number)}",
        f"#RAR 0 {_day(company.year[0])} {_day(company.year[1])}",
        "#KPTYP EUBAS97",
        *(f"#KONTO {account} {_quoted(names.get(account, account))}" for account in used),
        *(row for voucher in vouchers for row in _voucher(voucher)),
    ]
    return "".join(f"{row}\r\n" for row in rows).encode("cp437")


def _voucher(voucher: Voucher) -> Iterator[str]:
    """Without series and number: the bookkeeping gives it the next of its own."""
    if sum(entry.amount for entry in voucher.entries) != 0:
        raise ValueError(f"the sides of {voucher.key} are not equal")
    yield f'#VER "" "" {_day(voucher.booked_on)} {_quoted(voucher.text)}'
    yield "{"
    for entry in voucher.entries:
        yield f"#TRANS {entry.account} {{}} {_amount(entry.amount)}"
    yield "}"


def _day(day: date) -> str:
    return f"{day:%Y%m%d}"


def _amount(amount: Decimal) -> str:
    return f"{amount:.2f}"


def _quoted(text: str) -> str:
    return '"{}"'.format(plain(text).replace('"', '\\"'))


def plain(text: str) -> str:
    """In letters of CP437, at most 50 of them."""
    text = _CONTROL.sub(" ", unicodedata.normalize("NFC", text).translate(_LIKE))
    return " ".join("".join(_letter(sign) for sign in text).split())[:LONGEST_TEXT].rstrip()


def _letter(sign: str) -> str:
    """Itself, or without its accent, or a question mark."""
    for like in (sign, unicodedata.normalize("NFKD", sign)[:1]):
        try:
            like.encode("cp437")
        except UnicodeEncodeError:
            continue
        return like
    return "?"
