"""What stands in a cell of the old register, made into a value or told in plain words."""

import re
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from members.forms.fields import a_name, clean_phone, clean_postcode, one_line

_MONTHS = ["jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec"]
_ENGLISH = {"may": 5, "oct": 10}
_YEAR_FIRST = re.compile(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})(?:[t ]\d{1,2}:.*)?")
_EIGHT_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SHORT_YEAR_FIRST = re.compile(r"(\d{2})-?(\d{2})-?(\d{2})")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/. ]+(\d{1,2})[-/. ]+(\d{4})")
_IN_WORDS = re.compile(r"(?:den )?(\d{1,2})(?:\.|:e)? ([a-zåäö]{3,9})\.? (\d{4})")
_SPREADSHEET = re.compile(r"[34]\d{4}")
_SPREADSHEET_EPOCH = date(1899, 12, 30)
_STUDENT = ("stud",)
_ORDINARY = ("ord", "medlem", "member", "full", "yrkes")
_YES = frozenset({"ja", "yes", "j", "y", "x", "1", "sant", "true"})


def email(cell: str) -> str:
    """In small letters. Raises ValidationError."""
    address = cell.lower().removeprefix("mailto:").strip(" <>;,.")
    if not address:
        raise ValidationError(_("There is no e-mail address. Find one, or register by hand."))
    try:
        validate_email(address)
    except ValidationError:
        raise ValidationError(_("“%s” is not an e-mail address.") % cell[:80]) from None
    return address


def name(whole: str, first: str = "", last: str = "") -> str:
    """`Åström, Anna` is turned round. Raises ValidationError."""
    typed = whole or f"{first} {last}"
    if typed.count(",") == 1:
        typed = " ".join(reversed(typed.split(",")))
    found = " ".join(typed.split())
    if not found:
        raise ValidationError(_("There is no name."))
    if len(found) > 120:
        raise ValidationError(_("The name is longer than 120 letters."))
    a_name(found)
    one_line(found)
    return found


def day(cell: str) -> date | None:
    """A date in any of the forms that people and spreadsheets use; the day before the month.

    None when the cell is empty. Raises ValidationError.
    """
    typed = " ".join(cell.lower().split())
    if not typed:
        return None
    try:
        found = _day(typed)
    except (ValueError, OverflowError):
        found = None
    if found is None:
        raise ValidationError(
            _("“%s” is not a date that can be read. Write it like 2026-03-14.") % cell[:40]
        )
    return found


def _day(typed: str) -> date | None:
    if match := _YEAR_FIRST.fullmatch(typed) or _EIGHT_DIGITS.fullmatch(typed):
        return date(*(int(part) for part in match.groups()))
    if match := _DAY_FIRST.fullmatch(typed):
        in_month, month, year = (int(part) for part in match.groups())
        return date(year, month, in_month)
    if match := _IN_WORDS.fullmatch(typed):
        month = _month(match[2])
        return date(int(match[3]), month, int(match[1])) if month else None
    if _SPREADSHEET.fullmatch(typed):
        return _SPREADSHEET_EPOCH + timedelta(days=int(typed))
    if match := _SHORT_YEAR_FIRST.fullmatch(typed):
        year, month, in_month = (int(part) for part in match.groups())
        return date(2000 + year, month, in_month)
    return None


def _month(word: str) -> int:
    short = word[:3]
    return _ENGLISH.get(short) or (_MONTHS.index(short) + 1 if short in _MONTHS else 0)


def kind(cell: str) -> str:
    """The code of a kind of membership; ordinary when the cell is empty. Raises ValidationError."""
    typed = cell.lower().strip()
    if typed.startswith(_STUDENT):
        return "student"
    if not typed or typed.startswith(_ORDINARY):
        return "ordinary"
    raise ValidationError(_("“%s” is not a kind of membership. Write ordinary or student.") % cell)


def yes(cell: str) -> bool:
    return cell.lower().strip() in _YES


def phone(cell: str) -> str:
    """Spreadsheets drop the first zero. Raises ValidationError."""
    digits = re.sub(r"[\s\-]", "", cell)
    if re.fullmatch(r"7\d{8}", digits):
        return f"0{digits}"
    if re.fullmatch(r"46\d{7,10}", digits):
        return f"+{digits}"
    return clean_phone(cell)


def postcode(cell: str) -> str:
    """Five digits, or as it stands where it is another country's."""
    try:
        return clean_postcode(cell)
    except ValidationError:
        return cell[:10]


def line(cell: str, longest: int) -> str:
    """Any other text. Raises ValidationError."""
    found = " ".join(cell.split())
    one_line(found)
    if len(found) > longest:
        raise ValidationError(_("“%s…” is too long.") % found[:40])
    return found
