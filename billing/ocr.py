"""Payment references (OCR numbers) as Bankgirot defines them.

A reference is digits only: the payload, then a length digit (total length modulo ten), then a
Luhn check digit. With one constant length it satisfies all four levels of OCR control that a bank
may have agreed with the association.
"""

import re

from stdnum import luhn

LENGTH = 10
SHORTEST = 5
LONGEST = 25


def _highest(length: int) -> int:
    return 9 * 10 ** (length - 3) - 1


HIGHEST_NUMBER = _highest(LENGTH)

_SPACE = re.compile(r"\s+")
_DIGITS = re.compile(r"[0-9]+")
_SPACED_DIGITS = re.compile(r"[0-9]+(?:\s[0-9]+)*")


def reference(number: int, *, length: int = LENGTH) -> str:
    """The reference of the invoice with this serial number, always `length` digits long.

    The number is added to a one followed by zeros instead of being padded with zeros: banks pad
    and strip leading zeros as they like, so no reference may begin with one.
    """
    if not SHORTEST <= length <= LONGEST:
        raise ValueError(f"a reference has {SHORTEST}-{LONGEST} digits, not {length}")
    first = 10 ** (length - 3)
    if not 0 <= number <= _highest(length):
        raise ValueError(f"{number} does not fit in a reference of {length} digits")
    body = f"{first + number}{length % 10}"
    return body + luhn.calc_check_digit(body)


def normalise(text: str) -> str:
    """The bare digits of one reference, or "" where the text is anything else."""
    digits = _SPACE.sub("", text)
    return digits.lstrip("0") if _DIGITS.fullmatch(digits) else ""


def is_valid(text: str) -> bool:
    """Whether the text is one reference with correct length and check digits."""
    digits = normalise(text)
    return (
        SHORTEST <= len(digits) <= LONGEST
        and int(digits[-2]) == len(digits) % 10
        and luhn.is_valid(digits)
    )


def candidates(text: str, *, length: int = LENGTH) -> list[str]:
    """Every valid reference of our length readable in what a payer typed, in order of appearance.

    Payers group digits with spaces and put other numbers beside, so each run of neighbouring
    groups is tried. Any number of that length is valid once in a hundred by chance: the caller
    must look the candidates up.
    """
    found: dict[str, None] = {}
    for run in _SPACED_DIGITS.findall(text):
        groups = run.split()
        for start in range(len(groups)):
            digits = ""
            for group in groups[start:]:
                digits = (digits + group).lstrip("0")
                if len(digits) > length:
                    break
                if len(digits) == length and is_valid(digits):
                    found[digits] = None
    return list(found)
