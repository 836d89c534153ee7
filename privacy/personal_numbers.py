"""Swedish personal identity numbers where nobody asked for one: we neither need nor want them.

A validator for text that people write freely. Where such a number is right it is not used: the
organisation number of a sole trader is one.
"""

import datetime as dt
import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Ten or twelve digits, with the sign before the last four or without; not part of a longer number.
_CANDIDATE = re.compile(
    r"(?<![\d-])(?:19|20)?(\d{2})(\d{2})(\d{2})\s?[-+\u2010-\u2015]?\s?(\d{4})(?!\d)"
)
_COORDINATION = 60
"""A coordination number is one whose day has this added to it."""


def no_personal_number(typed: str) -> None:
    if holds_personal_number(typed):
        raise ValidationError(
            _(
                "This looks like a personal identity number. We do not need it and do not want to "
                "store it: please take it away. The rest of what you wrote is still here."
            ),
            code="personal_number",
        )


def holds_personal_number(text: str) -> bool:
    return any(_is_one(*found.groups()) for found in _CANDIDATE.finditer(text))


def _is_one(year: str, month: str, day: str, last: str) -> bool:
    return _is_date(int(year), int(month), int(day)) and _luhn(year + month + day + last)


def _is_date(year: int, month: int, day: int) -> bool:
    """In either century: of the two only 1900 and 2000 differ, by a leap day."""
    try:
        dt.date(2000 + year, month, day - _COORDINATION if day > _COORDINATION else day)
    except ValueError:
        return False
    return True


def _luhn(digits: str) -> bool:
    """The last digit is the check digit of the nine before it."""
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(digits)]
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0
