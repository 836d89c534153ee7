from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from privacy.models import Request
from privacy.personal_numbers import no_personal_number

# Erasure has a page of its own, and a copy is had without asking.
ASKED_HERE = (
    Request.Kind.RECTIFICATION,
    Request.Kind.RESTRICTION,
    Request.Kind.OBJECTION,
    Request.Kind.ACCESS,
)


class AskForm(forms.Form):
    """What somebody wants of us that the pages do not do at once."""

    kind = forms.ChoiceField(
        label=_("What do you want us to do?"),
        choices=[(kind.value, kind.label) for kind in ASKED_HERE],
        widget=forms.RadioSelect,
    )
    message = forms.CharField(
        label=_("Tell us more"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=4000,
        validators=[no_personal_number],
        help_text=_("What is wrong, which use you object to, or what you want to see."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("send", gettext("Send"), css_class="btn-primary"))


class SureForm(forms.Form):
    """What cannot be undone wants more than one press."""

    sure = forms.BooleanField(label=_("I want this, and know that it cannot be undone."))
