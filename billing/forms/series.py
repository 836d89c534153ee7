"""Setting up a number series."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from billing.models import Series
from billing.operations.series import SeriesRefused, demand_possible


class SeriesForm(forms.ModelForm):
    class Meta:
        model = Series
        fields = ("prefix", "first")

    def clean(self) -> dict[str, Any]:
        """With the series locked until the admin's transaction ends."""
        cleaned = super().clean() or {}
        if not self.errors:
            series = Series.locked(self.instance.code)
            try:
                demand_possible(series, prefix=cleaned["prefix"], first=cleaned["first"])
            except SeriesRefused as refusal:
                raise ValidationError(str(refusal)) from refusal
        return cleaned
