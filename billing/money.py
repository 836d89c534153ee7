"""Amounts in kronor: rounding, storing and showing them."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import models
from django.utils.translation import get_language

ZERO = Decimal("0.00")
ORE = Decimal("0.01")
NBSP = "\u00a0"
MINUS = "\u2212"


def rounded(amount: Decimal) -> Decimal:
    """To whole öre, halves away from zero, so that a credit mirrors what it credits."""
    return amount.quantize(ORE, rounding=ROUND_HALF_UP)


class MoneyField(models.DecimalField):
    """An amount in SEK with two decimals."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 12)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(*args, **kwargs)


def format_price(amount: Decimal, language: str | None = None) -> str:
    """For pages: `1 645 kr` or `SEK 1,645`; decimals only where there are öre."""
    exact = rounded(amount)
    whole = exact == exact.to_integral_value()
    return _with_currency(_digits(exact, 0 if whole else 2, _english(language)), language)


def format_amount(amount: Decimal, language: str | None = None) -> str:
    """For documents: `1 645,00 kr` or `SEK 1,645.00`, always two decimals."""
    return _with_currency(format_figure(amount, language), language)


def format_figure(amount: Decimal, language: str | None = None) -> str:
    """For the columns of a document: `1 645,00` or `1,645.00`."""
    return _digits(rounded(amount), 2, _english(language))


def format_quantity(quantity: Decimal, language: str | None = None) -> str:
    """Without superfluous zeros: `1`, `2,5`."""
    plain = quantity.normalize()
    decimals = max(0, -int(plain.as_tuple().exponent))
    return _digits(plain, decimals, _english(language))


def format_percent(rate: Decimal, language: str | None = None) -> str:
    """`25 %` or `25%`."""
    space = "" if _english(language) else NBSP
    return f"{format_quantity(rate, language)}{space}%"


def _english(language: str | None) -> bool:
    return (language or get_language() or "sv").startswith("en")


def _digits(amount: Decimal, decimals: int, english: bool) -> str:
    text = f"{amount:,.{decimals}f}"
    if not english:
        text = text.translate({ord(","): NBSP, ord("."): ","})
    if not any(digit in text for digit in "123456789"):
        text = text.removeprefix("-")
    return text.replace("-", MINUS)


def _with_currency(figure: str, language: str | None) -> str:
    if not _english(language):
        return f"{figure}{NBSP}kr"
    sign = MINUS if figure.startswith(MINUS) else ""
    return f"{sign}SEK{NBSP}{figure.removeprefix(MINUS)}"
