"""What is handed over to the books."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from billing.forms.amounts import DayField


class PeriodForm(forms.Form):
    """Last month, unless told otherwise."""

    since = DayField(label=pgettext_lazy("period", "from"))
    until = DayField(label=pgettext_lazy("period", "to"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        last = timezone.localdate().replace(day=1) - timedelta(days=1)
        self.initial = {"since": last.replace(day=1), "until": last, **self.initial}

    @property
    def period(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("since", "until")}


class DayForm(forms.Form):
    day = DayField(label=_("as of"))
