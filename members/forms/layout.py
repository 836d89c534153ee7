"""Pieces of crispy layouts that our forms share."""

from typing import Any

from crispy_forms.layout import Fieldset
from django import forms
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString


class Notice:
    """Why a group of fields is asked for, with the way to the privacy notice."""

    def __init__(self, text: str | Promise, *, anchor: str) -> None:
        self.text = text
        self.anchor = anchor

    def render(self, form: forms.Form, *_args: Any, **_kwargs: Any) -> SafeString:
        return render_to_string(
            "includes/field_notice.html", {"text": self.text, "anchor": self.anchor}
        )


class EmployerFieldset(Fieldset):
    """Put away by the style sheet while the person pays for themselves; there without it."""

    def __init__(self, legend: str | Promise, *fields: Any) -> None:
        super().__init__(legend, *fields, css_class="employer-only")
