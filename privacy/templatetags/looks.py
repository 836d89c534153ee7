"""What a field of a form looks like while nobody has filled it in."""

from typing import Any

from django import template
from django.forms import BoundField, Field
from django.forms.models import ModelChoiceIterator
from django.forms.widgets import CheckboxInput, boolean_check
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def looks(field: BoundField) -> str:
    """All that its HTML is made of, but for the language; good for `{% cache %}`.

    Empty where it must be drawn each time: a form that was sent, an answer that is filled in, a
    choice of rows, words that only this form has. So nothing that a person wrote, and nothing
    that is known of one, is kept.
    """
    widget = field.field.widget
    if field.form.is_bound or field.is_hidden or not _says_nothing(field):
        return ""
    if isinstance(getattr(widget, "choices", None), ModelChoiceIterator):
        return ""
    if not _is_everybodys(field):
        return ""
    made_of = repr((type(field.field), type(widget), _facts(field), _facts_of_widget(widget)))
    # Something told by where it stands in memory, and another may stand there tomorrow.
    return "" if " at 0x" in made_of else made_of


def _says_nothing(field: BoundField) -> bool:
    """Empty, or what every form of the class begins with."""
    value = field.value()  # 0 is an answer, and so is no in a choice of yes, no and unknown
    if value is False:
        return isinstance(field.field.widget, CheckboxInput)
    return value is None or value in ("", []) or _is_first_answer(field, value)


def _is_first_answer(field: BoundField, value: Any) -> bool:
    declared = _declared(field)
    first = declared.initial if declared else None
    return isinstance(value, str) and isinstance(first, str) and str(value) == str(first)


def _is_everybodys(field: BoundField) -> bool:
    """With the words that every form of the class has; or the form says so (`same_for_all`)."""
    if field.name in getattr(field.form, "same_for_all", ()):
        return True
    declared = _declared(field)
    return declared is not None and _told(declared) == _told(field.field)


def _declared(field: BoundField) -> Field | None:
    return getattr(type(field.form), "base_fields", {}).get(field.name)


def _told(field: Field) -> tuple[Any, ...]:
    choices = list(getattr(field.widget, "choices", ()))
    return str(field.label), str(field.help_text), choices


def _facts(field: BoundField) -> tuple[Any, ...]:
    asked = field.field
    return (
        *(field.html_name, field.auto_id, field.css_classes(), str(field.value())),
        *_words(field.label, field.help_text),
        *(asked.required, asked.disabled, asked.localize, asked.show_hidden_initial),
        field.build_widget_attrs({}),
    )


def _words(*texts: Any) -> list[tuple[str, bool]]:
    """Each with whether it is HTML already."""
    return [(str(text), isinstance(str(text), SafeString)) for text in texts]


def _facts_of_widget(widget: Any) -> dict[str, Any]:
    facts = dict(vars(widget))
    if "choices" in facts:
        facts["choices"] = list(widget.choices)
    if facts.get("check_test") is boolean_check:
        del facts["check_test"]  # the usual one, by which an empty box is not ticked
    return facts
