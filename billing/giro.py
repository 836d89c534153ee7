"""Swedish account, organisation and VAT numbers: stored bare, shown as people write them.

Each `normalise_*` takes what was typed, returns what is stored and raises ValidationError. The
model fields apply it when a form or `full_clean()` cleans them; `validate_*` is for other forms.
"""

import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from stdnum import luhn
from stdnum.se import orgnr, vat

NBSP = "\u00a0"

_SEPARATORS = re.compile(r"[\s\-\u2010-\u2014\u2212]")
_DIGITS = re.compile(r"[0-9]+")
# The tax agency writes the organisation numbers of legal persons with this in front.
_LEGAL_PERSON_PREFIX = "16"


def normalise_bankgiro(text: str) -> str:
    """7 or 8 digits with a Luhn check digit, as `9912346`."""
    digits = _bare(text)
    if not (7 <= len(digits) <= 8 and _passes_luhn(digits)):
        raise ValidationError(_("Enter a bankgiro number, such as 991-2346."), code="invalid")
    return digits


def normalise_plusgiro(text: str) -> str:
    """2 to 8 digits with a Luhn check digit, as `1234566`."""
    digits = _bare(text)
    if not (2 <= len(digits) <= 8 and _passes_luhn(digits)):
        raise ValidationError(_("Enter a plusgiro number, such as 12 34 56-6."), code="invalid")
    return digits


def normalise_swish(text: str) -> str:
    """The ten digits of a payee that is an organisation; they always begin with 123."""
    digits = _bare(text)
    if not re.fullmatch(r"123[0-9]{7}", digits):
        raise ValidationError(
            _("Enter a Swish number for organisations: 123 XXX XX XX."), code="invalid"
        )
    return digits


def normalise_organisation_number(text: str) -> str:
    """Ten digits. A sole trader's number is a personal identity number: treat it as such."""
    digits = _bare(text)
    if len(digits) == 12:
        digits = digits.removeprefix(_LEGAL_PERSON_PREFIX)
    if not (_DIGITS.fullmatch(digits) and orgnr.is_valid(digits)) or len(set(digits)) == 1:
        raise ValidationError(
            _("Enter an organisation number, such as 802999-9995."), code="invalid"
        )
    return digits


def normalise_vat_number(text: str) -> str:
    """`SE`, the organisation number and `01`: fourteen characters."""
    number = _bare(text).upper()
    if not (re.fullmatch(r"SE[0-9]{12}", number) and vat.is_valid(number)):
        raise ValidationError(
            _("Enter a Swedish VAT number, such as SE802999999501."), code="invalid"
        )
    return number


def _bare(text: str) -> str:
    return _SEPARATORS.sub("", text)


def _passes_luhn(digits: str) -> bool:
    return bool(_DIGITS.fullmatch(digits)) and luhn.is_valid(digits)


def validate_bankgiro(value: str) -> None:
    normalise_bankgiro(value)


def validate_plusgiro(value: str) -> None:
    normalise_plusgiro(value)


def validate_swish(value: str) -> None:
    normalise_swish(value)


def validate_organisation_number(value: str) -> None:
    normalise_organisation_number(value)


def validate_vat_number(value: str) -> None:
    normalise_vat_number(value)


def format_bankgiro(digits: str) -> str:
    """`9912346` -> `991-2346`."""
    return f"{digits[:-4]}-{digits[-4:]}" if digits else ""


def format_plusgiro(digits: str) -> str:
    """`1234566` -> `12 34 56-6`, paired from the right before the check digit."""
    if not digits:
        return ""
    body = digits[:-1]
    odd = len(body) % 2
    pairs = [body[:odd]] * odd + [body[i : i + 2] for i in range(odd, len(body), 2)]
    return f"{NBSP.join(pairs)}-{digits[-1]}"


def format_swish(digits: str) -> str:
    """`1234567890` -> `123 456 78 90`."""
    if not digits:
        return ""
    return NBSP.join((digits[:3], digits[3:6], digits[6:8], digits[8:]))


def format_organisation_number(digits: str) -> str:
    """`8029999995` -> `802999-9995`; anything else, such as a foreign number, as it is."""
    return f"{digits[:6]}-{digits[6:]}" if re.fullmatch(r"[0-9]{10}", digits) else digits


class _NumberField(models.CharField):
    """Text that is normalised when cleaned, so that only the bare form reaches the database."""

    normalise: Callable[[str], str]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 14)
        super().__init__(*args, **kwargs)

    def clean(self, value: Any, model_instance: models.Model | None) -> str:
        typed = self.to_python(value) or ""
        return super().clean(self.normalise(typed) if typed.strip() else "", model_instance)

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        # Room for the spaces and hyphens that people write.
        return super().formfield(**{"max_length": 30, **kwargs})


class BankgiroField(_NumberField):
    normalise = staticmethod(normalise_bankgiro)


class PlusgiroField(_NumberField):
    normalise = staticmethod(normalise_plusgiro)


class SwishField(_NumberField):
    normalise = staticmethod(normalise_swish)


class OrganisationNumberField(_NumberField):
    normalise = staticmethod(normalise_organisation_number)


class VatNumberField(_NumberField):
    normalise = staticmethod(normalise_vat_number)
