from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from billing.forms import AmountField, DayField, QuantityField
from billing.money import format_amount, format_figure

D = Decimal
AMOUNTS = st.decimals(-9_999_999, 9_999_999, places=2, allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1645", "1645"),
        ("1645,00", "1645"),
        ("1645.5", "1645.50"),
        ("1 645,00", "1645"),
        ("1\xa0645,00\xa0kr", "1645"),
        ("1,645.00", "1645"),
        ("SEK 1,645.00", "1645"),
        ("-355", "-355"),
        ("\u2212355,50", "-355.50"),
        ("+12", "12"),
    ],
)
def test_amounts_are_read_alike_in_both_languages(typed, amount, language):
    with translation.override(language):
        assert AmountField().clean(typed) == D(amount)


@pytest.mark.parametrize(
    "typed", ["1,645", "1.645,00", "1.645.00", "1e5", "0,005", "x", "1645 EUR", "NaN", "--1", "٣"]
)
def test_amounts_that_could_mean_something_else_are_refused(typed):
    with pytest.raises(ValidationError):
        AmountField().clean(typed)


@given(AMOUNTS)
@pytest.mark.parametrize("language", ["sv", "en"])
def test_what_is_shown_can_be_typed(language, amount):
    with translation.override(language):
        for shown in (format_figure(amount), format_amount(amount), str(amount)):
            assert AmountField().clean(shown) == amount


def test_fields_begin_as_they_are_read():
    with translation.override("sv"):
        assert AmountField().prepare_value(D("1645.00")) == "1\xa0645,00"
        assert QuantityField().prepare_value(D("1.50")) == "1,5"
        assert AmountField().prepare_value("som det skrevs") == "som det skrevs"


@pytest.mark.parametrize("typed", ["9999-12-31", "0001-01-01", "1999-12-31", "2026-02-30", "x"])
def test_days_that_cannot_be_counted_from_are_refused(typed):
    with pytest.raises(ValidationError):
        DayField().clean(typed)


def test_days_of_this_century_are_days():
    assert DayField().clean("2000-01-01") == date(2000, 1, 1)
    assert DayField().clean("2099-12-31") == date(2099, 12, 31)
