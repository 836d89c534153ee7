"""What a field of a form looks like while nobody has filled it in."""

from typing import Any

from django import template
from django.forms import BoundField
from django.forms.models import ModelChoiceIterator
from django.forms.widgets import boolean_check

register = template.Library()


@register.filter
def looks(field: BoundField) -> str:
    """All that its HTML is made of, but for the language; good for `{% cache %}`.

    Empty where it must be drawn each time: a form that was sent, an answer that is filled in, a
    choice of rows. So nothing that a person wrote, and nothing that is known of one, is kept.
    """
    widget = field.field.widget
    if field.form.is_bound or field.is_hidden or _is_filled(field.value()):
        return ""
    if isinstance(getattr(widget, "choices", None), ModelChoiceIterator):
        return ""
    made_of = repr((type(field.field), type(widget), _facts(field), _facts_of_widget(widget)))
    # Something told by where it stands in memory, and another may stand there tomorrow.
    return "" if " at 0x" in made_of else made_of


def _is_filled(value: Any) -> bool:
    return value not in (None, "", False, [])


def _facts(field: BoundField) -> tuple[Any, ...]:
    asked = field.field
    return (
        *(field.html_name, field.auto_id, str(field.label), str(field.help_text)),
        *(asked.required, asked.disabled, asked.localize, field.css_classes()),
        field.build_widget_attrs({}),
    )


def _facts_of_widget(widget: Any) -> dict[str, Any]:
    facts = dict(vars(widget))
    if "choices" in facts:
        facts["choices"] = list(widget.choices)
    if facts.get("check_test") is boolean_check:
        del facts["check_test"]  # the usual one, by which an empty box is not ticked
    return facts
