"""Pieces of crispy layouts that our forms share."""

from hashlib import sha256
from typing import Any

from crispy_forms.layout import Fieldset
from django import forms
from django.core.cache import caches
from django.template import Context
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from privacy.templatetags.looks import looks

AN_HOUR = 3600


class Notice:
    """Why a group of fields is asked for, with the way to the privacy notice."""

    def __init__(self, text: str | Promise, *, anchor: str) -> None:
        self.text = text
        self.anchor = anchor

    def __repr__(self) -> str:
        return f"Notice({self.text}, {self.anchor})"

    def render(self, form: forms.Form, *_args: Any, **_kwargs: Any) -> SafeString:
        return render_to_string(
            "includes/field_notice.html", {"text": self.text, "anchor": self.anchor}
        )


class Group(Fieldset):
    """Drawn once for everybody while nobody has filled in any of its fields, as they are."""

    def render(self, form: Any, context: Context, *args: Any, **kwargs: Any) -> SafeString:
        key = self._key(form, context)
        if not key:
            return super().render(form, context, *args, **kwargs)
        drawn = caches["template_fragments"].get(key)
        if drawn is None:
            drawn = super().render(form, context, *args, **kwargs)
            caches["template_fragments"].set(key, drawn, AN_HOUR)
        return drawn

    def _key(self, form: Any, context: Context) -> str:
        """Of all that is in it and how that looks; empty where it must be drawn each time."""
        looked = [looks(form[pointer.name]) for pointer in self.get_field_names()]
        shows = [context.get(f"form_show_{what}") for what in ("labels", "errors")]
        told = repr((get_language(), shows, self.told(), looked))
        # As in `looks`: a part that is told by where it stands in memory says nothing.
        if not all(looked) or " at 0x" in told:
            return ""
        return f"group:{sha256(told.encode()).hexdigest()}"

    def told(self) -> list[Any]:
        """Its own words, and those of what is in it."""
        inner = [part.told() if isinstance(part, Group) else repr(part) for part in self.fields]
        return [type(self).__name__, str(self.legend), self.css_class, inner]


class EmployerFieldset(Group):
    """Put away by the style sheet while the person pays for themselves; there without it."""

    def __init__(self, legend: str | Promise, *fields: Any) -> None:
        super().__init__(legend, *fields, css_class="employer-only")
