"""What names, phone numbers and addresses look like when they are typed, and how they are kept."""

import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from billing.peppol import validate_peppol_id


def one_line(typed: str) -> None:
    """Nothing that breaks lines, is invisible or turns the direction of writing: it all reaches
    mails and invoices.
    """
    if any(unicodedata.category(sign) in {"Cc", "Cf", "Zl", "Zp"} for sign in typed):
        raise ValidationError(_("Write this on one line, without special control signs."))


def a_name(typed: str) -> None:
    """A name that can be read: it stands on the invoice and the badge.

    And no web address: the first mail goes to an address that anybody may have typed, and must not
    carry their advertising in our name.
    """
    if not any(sign.isalpha() for sign in typed):
        raise ValidationError(_("Write the name with letters."))
    if _WEB_ADDRESS.search(typed):
        raise ValidationError(_("Write the name without a web address."))


_WEB_ADDRESS = re.compile(
    r"://|\bwww\.|\w\.(com|net|org|info|io|eu|nu|se|example)\b", re.IGNORECASE
)
_PHONE = re.compile(r"\+?[0-9][0-9 ()/.\-\u2010-\u2015]{4,28}")
_POSTCODE = re.compile(r"[1-9][0-9]{4}")
_CARD = re.compile(r"[0-9]{5,20}")
_GAPS = re.compile(r"[\s\-\u2010-\u2015]")


def clean_phone(typed: str) -> str:
    """As it was typed, with single spaces. Empty is allowed."""
    phone = " ".join(typed.split())
    if phone and not _PHONE.fullmatch(phone):
        raise ValidationError(_("Enter a phone number, such as 070-123 45 67 or +46 8 123 456 78."))
    return phone


def clean_postcode(typed: str) -> str:
    """Five digits, kept as `111 22`. Empty is allowed."""
    digits = _GAPS.sub("", typed)
    if digits and not _POSTCODE.fullmatch(digits):
        raise ValidationError(_("Enter a postcode of five digits, such as 111 22."))
    return f"{digits[:3]} {digits[3:]}" if digits else ""


def clean_mecenat_number(typed: str) -> str:
    """The digits of the card."""
    digits = _GAPS.sub("", typed)
    if not _CARD.fullmatch(digits):
        raise ValidationError(_("Enter the number of your Mecenat card: 5 to 20 digits."))
    return digits


def text_input(autocomplete: str, **attributes: str) -> forms.TextInput:
    return forms.TextInput({"autocomplete": autocomplete, **attributes})


def demand_readable(fields: dict[str, forms.Field]) -> None:
    """Every line of text is one readable line, and names have letters in them."""
    for name, field in fields.items():
        if isinstance(field, forms.CharField) and not isinstance(field.widget, forms.Textarea):
            field.validators.append(one_line)
        if name in {"name", "payer_name"}:
            field.validators.append(a_name)
        if name == "peppol_id":
            field.validators.append(validate_peppol_id)
