"""Fields for what a treasurer types."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from billing.money import format_figure, format_quantity

# `1645`, `1 645,00`, `1,645.00`, `-1645.5`; never a comma or a point that could be either.
_AMOUNT = re.compile(r"([+-]?)([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+(?=\.))(?:[.,]([0-9]{1,2}))?")
_FILLING = re.compile(r"\s|kr|sek", re.IGNORECASE)


class AmountField(forms.DecimalField):
    """An amount as it is shown here or typed anywhere, whatever the language of the page.

    Django's own reads `1645,00` as 164500 on an English page.
    """

    default_error_messages = {"invalid": _("Write the amount like 1645,00.")}

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        super().__init__(max_digits=12, decimal_places=2, **options)

    def to_python(self, value: Any) -> Any:
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        found = _AMOUNT.fullmatch(_FILLING.sub("", value).replace("\u2212", "-"))
        if not found:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        sign, whole, decimals = found.groups()
        return Decimal(f"{sign}{whole.replace(',', '')}.{decimals or '0'}")

    def prepare_value(self, value: Any) -> Any:
        return format_figure(value) if isinstance(value, Decimal) else value


class QuantityField(AmountField):
    default_error_messages = {"invalid": _("Write the quantity like 2 or 1,5.")}

    def prepare_value(self, value: Any) -> Any:
        return format_quantity(value) if isinstance(value, Decimal) else value


class DayField(forms.DateField):
    """A day that can be counted on from: at the end of the calendar nothing could be added."""

    FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], **options)
        self.validators += [MinValueValidator(self.FIRST), MaxValueValidator(self.LAST)]
