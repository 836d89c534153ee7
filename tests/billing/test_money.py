from decimal import Decimal as D

import pytest
from django.utils import translation

from billing import money


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("0.005", "0.01"),
        ("-0.005", "-0.01"),
        ("1.004", "1.00"),
        ("2.675", "2.68"),
        ("1645", "1645.00"),
    ],
)
def test_halves_are_rounded_away_from_zero(amount: str, expected: str) -> None:
    assert money.rounded(D(amount)) == D(expected)


@pytest.mark.parametrize(
    ("amount", "sv", "en"),
    [
        ("0", "0\u00a0kr", "SEK\u00a00"),
        ("200", "200\u00a0kr", "SEK\u00a0200"),
        ("1645", "1\u00a0645\u00a0kr", "SEK\u00a01,645"),
        ("1645.00", "1\u00a0645\u00a0kr", "SEK\u00a01,645"),
        ("1645.5", "1\u00a0645,50\u00a0kr", "SEK\u00a01,645.50"),
        ("1234567.89", "1\u00a0234\u00a0567,89\u00a0kr", "SEK\u00a01,234,567.89"),
        ("-1645", "\u22121\u00a0645\u00a0kr", "\u2212SEK\u00a01,645"),
        ("-0.001", "0\u00a0kr", "SEK\u00a00"),
    ],
)
def test_price_on_a_page(amount: str, sv: str, en: str) -> None:
    assert [money.format_price(D(amount), language) for language in ("sv", "en")] == [sv, en]


@pytest.mark.parametrize(
    ("amount", "sv", "en"),
    [
        ("0", "0,00\u00a0kr", "SEK\u00a00.00"),
        ("1645", "1\u00a0645,00\u00a0kr", "SEK\u00a01,645.00"),
        ("-99.9", "\u221299,90\u00a0kr", "\u2212SEK\u00a099.90"),
    ],
)
def test_amount_on_a_document(amount: str, sv: str, en: str) -> None:
    assert [money.format_amount(D(amount), language) for language in ("sv", "en")] == [sv, en]


def test_the_active_language_decides_when_none_is_given() -> None:
    with translation.override("en"):
        assert money.format_figure(D("1645")) == "1,645.00"
    with translation.override("sv"):
        assert money.format_figure(D("1645")) == "1\u00a0645,00"
    with translation.override(None):
        assert money.format_figure(D("1645")) == "1\u00a0645,00"


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [("1", "1"), ("1.00", "1"), ("100", "100"), ("2.50", "2,5"), ("-1", "\u22121"), ("0", "0")],
)
def test_quantity(quantity: str, expected: str) -> None:
    assert money.format_quantity(D(quantity), "sv") == expected


def test_percent() -> None:
    assert money.format_percent(D("25.00"), "sv") == "25\u00a0%"
    assert money.format_percent(D("6"), "en") == "6%"


def test_money_field_has_room_for_the_largest_invoice_and_says_so_in_migrations() -> None:
    field = money.MoneyField()
    assert (field.max_digits, field.decimal_places) == (12, 2)
    assert field.deconstruct()[3] == {"max_digits": 12, "decimal_places": 2}
