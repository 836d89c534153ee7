import contextlib

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from billing import giro

VALIDATORS = [
    giro.validate_bankgiro,
    giro.validate_plusgiro,
    giro.validate_swish,
    giro.validate_organisation_number,
    giro.validate_vat_number,
]


@pytest.mark.parametrize("typed", ["991-2346", "9912346", " 991 2346 ", "991\u20132346"])
def test_bankgiro_is_stored_as_digits(typed: str) -> None:
    assert giro.normalise_bankgiro(typed) == "9912346"
    giro.validate_bankgiro(typed)


@pytest.mark.parametrize("typed", ["991-2347", "12-3455", "505010551", "99I-2346", "\u0669912346"])
def test_wrong_bankgiro(typed: str) -> None:
    with pytest.raises(ValidationError):
        giro.validate_bankgiro(typed)


@pytest.mark.parametrize(
    ("digits", "shown"), [("9912346", "991-2346"), ("50501055", "5050-1055"), ("", "")]
)
def test_bankgiro_shown(digits: str, shown: str) -> None:
    assert giro.format_bankgiro(digits) == shown


@pytest.mark.parametrize(
    ("digits", "shown"),
    [
        ("18", "1-8"),
        ("1230", "1\u00a023-0"),
        ("1234566", "12\u00a034\u00a056-6"),
        ("12345674", "1\u00a023\u00a045\u00a067-4"),
        ("", ""),
    ],
)
def test_plusgiro_shown(digits: str, shown: str) -> None:
    assert giro.format_plusgiro(digits) == shown


@given(st.integers(min_value=1, max_value=9_999_999))
def test_plusgiro_survives_showing_and_typing(body: int) -> None:
    digits = f"{body}{luhn.calc_check_digit(str(body))}"
    assert giro.normalise_plusgiro(giro.format_plusgiro(digits)) == digits


@pytest.mark.parametrize(
    "typed", ["802999-9995", "8029999995", "16802999-9995", "168029999995", "802999\u22129995"]
)
def test_organisation_number_is_stored_as_ten_digits(typed: str) -> None:
    assert giro.normalise_organisation_number(typed) == "8029999995"


@pytest.mark.parametrize(
    "typed", ["802999-9996", "80299-9995", "19802999-9995", "acme", "", "1" * 99]
)
def test_wrong_organisation_number(typed: str) -> None:
    with pytest.raises(ValidationError):
        giro.validate_organisation_number(typed)


def test_organisation_number_shown() -> None:
    assert giro.format_organisation_number("8029999995") == "802999-9995"
    assert giro.format_organisation_number("") == ""
    assert giro.format_organisation_number("HRB 12345") == "HRB 12345"


def test_vat_number() -> None:
    assert giro.normalise_vat_number("se 802999-9995 01") == "SE802999999501"


@pytest.mark.parametrize(
    "typed", ["802999999501", "SE802999999502", "SE802999999601", "DE802999999501"]
)
def test_wrong_vat_number(typed: str) -> None:
    with pytest.raises(ValidationError):
        giro.validate_vat_number(typed)


def test_swish_number() -> None:
    assert giro.normalise_swish("123 456 78 90") == "1234567890"
    assert giro.format_swish("1234567890") == "123\u00a0456\u00a078\u00a090"


@pytest.mark.parametrize("typed", ["0701234567", "12345678901", "123456789"])
def test_wrong_swish_number(typed: str) -> None:
    with pytest.raises(ValidationError):
        giro.validate_swish(typed)


@given(st.text())
def test_no_text_breaks_a_validator(text: str) -> None:
    for validate in VALIDATORS:
        with contextlib.suppress(ValidationError):
            validate(text)


@pytest.mark.parametrize(
    ("field", "typed", "stored"),
    [
        (giro.BankgiroField(), "991-2346", "9912346"),
        (giro.PlusgiroField(), "12 34 56-6", "1234566"),
        (giro.SwishField(), "123 456 78 90", "1234567890"),
        (giro.OrganisationNumberField(), "16802999-9995", "8029999995"),
        (giro.VatNumberField(), "SE 802999-9995 01", "SE802999999501"),
        (giro.BankgiroField(blank=True), "  ", ""),
    ],
)
def test_a_field_stores_the_bare_form(field: giro.BankgiroField, typed: str, stored: str) -> None:
    assert field.clean(typed, None) == stored


def test_a_field_refuses_what_is_wrong_or_missing() -> None:
    with pytest.raises(ValidationError):
        giro.BankgiroField().clean("991-2347", None)
    with pytest.raises(ValidationError):
        giro.BankgiroField().clean("", None)


def test_a_form_field_has_room_for_spaces() -> None:
    field = giro.OrganisationNumberField().formfield()
    assert field is not None
    assert field.clean("16 80 29 99 - 99 95") == "16 80 29 99 - 99 95"
