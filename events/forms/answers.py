"""What those who come tell us: diet and access before, what they thought after."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models import Booking, Needs, SurveyAnswer
from privacy.personal_numbers import no_personal_number

RATINGS = [
    (5, pgettext_lazy("rating", "Very good")),
    (4, pgettext_lazy("rating", "Good")),
    (3, pgettext_lazy("rating", "Neither good nor bad")),
    (2, pgettext_lazy("rating", "Bad")),
    (1, pgettext_lazy("rating", "Very bad")),
]


class NeedsForm(forms.ModelForm):
    consents = forms.BooleanField(
        label=_("Yes, you may keep this until a week after the event."),
        error_messages={"required": _("We may only keep this if you say yes to it.")},
    )

    class Meta:
        model = Needs
        fields = ["diet", "allergies", "access", "may_be_named"]

    def clean_allergies(self) -> str:
        return _free_text(self.cleaned_data["allergies"])

    def clean_access(self) -> str:
        return _free_text(self.cleaned_data["access"])


def _free_text(typed: str) -> str:
    no_personal_number(typed)
    return typed


def needs_form_of(booking: Booking) -> NeedsForm:
    told = Needs.objects.filter(booking=booking).first()
    return NeedsForm(instance=told, initial={"consents": told is not None})


class SurveyForm(forms.ModelForm):
    rating = forms.TypedChoiceField(
        label=_("What did you think of the event?"),
        choices=RATINGS,
        coerce=int,
        widget=forms.RadioSelect,
    )
    useful = forms.CharField(
        label=_("What was most useful?"),
        required=False,
        max_length=1000,
        validators=[no_personal_number],
        widget=forms.Textarea({"rows": 4}),
    )
    better = forms.CharField(
        label=_("What could have been better?"),
        required=False,
        max_length=1000,
        validators=[no_personal_number],
        widget=forms.Textarea({"rows": 4}),
    )

    class Meta:
        model = SurveyAnswer
        fields = ["rating", "useful", "better"]

    def answer(self) -> SurveyAnswer:
        made: Any = self.save(commit=False)
        return made
