"""A field is drawn once for everybody while nobody has filled it in."""

import pytest
from django import forms
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from config.templatetags.looks import looks
from members.models import MembershipKind


class Asking(forms.Form):
    name = forms.CharField(label=_("Name"), help_text=_("Your name"))
    agrees = forms.BooleanField(required=False)
    way = forms.ChoiceField(choices=[("a", "One way"), ("b", "Another")], widget=forms.RadioSelect)
    token = forms.CharField(widget=forms.HiddenInput)
    kind = forms.ModelChoiceField(MembershipKind.objects.all())


SHOWN = ("name", "agrees", "way")


@pytest.mark.parametrize("name", SHOWN)
def test_two_empty_forms_look_the_same(name: str) -> None:
    first, second = looks(Asking()[name]), looks(Asking()[name])
    assert first == second != ""


def changed(change: object) -> Asking:
    form = Asking()
    change(form.fields)  # type: ignore[operator]
    return form


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("name", lambda fields: setattr(fields["name"], "label", "Surname")),
        ("name", lambda fields: setattr(fields["name"], "help_text", "")),
        ("name", lambda fields: setattr(fields["name"], "required", False)),
        ("name", lambda fields: setattr(fields["name"], "disabled", True)),
        ("name", lambda fields: fields["name"].widget.attrs.update(autocomplete="name")),
        ("name", lambda fields: setattr(fields["name"], "widget", forms.Textarea())),
        ("name", lambda fields: setattr(fields["name"].widget, "input_type", "tel")),
        ("way", lambda fields: setattr(fields["way"], "choices", [("a", "One way")])),
        ("agrees", lambda fields: setattr(fields["agrees"], "label", "A newer text")),
    ],
)
def test_whatever_is_drawn_otherwise_looks_otherwise(name: str, change: object) -> None:
    assert looks(changed(change)[name]) != looks(Asking()[name])


def test_another_prefix_looks_otherwise() -> None:
    assert looks(Asking(prefix="second")["name"]) != looks(Asking()["name"])


def test_another_language_looks_otherwise() -> None:
    with translation.override("sv"):
        swedish = looks(Asking()["name"])
    with translation.override("en"):
        assert looks(Asking()["name"]) != swedish


@pytest.mark.parametrize("name", SHOWN)
@pytest.mark.parametrize("data", [{}, {"name": "Maja", "agrees": "on", "way": "a"}])
def test_a_form_that_was_sent_is_drawn_each_time(name: str, data: dict[str, str]) -> None:
    assert looks(Asking(data)[name]) == ""


def test_what_is_filled_in_is_drawn_each_time() -> None:
    known = {"name": "Maja", "agrees": True, "way": "b"}
    assert {looks(Asking(initial=known)[name]) for name in SHOWN} == {""}


@pytest.mark.parametrize("name", ["token", "kind"])
def test_what_is_hidden_and_a_choice_of_rows_are_drawn_each_time(name: str) -> None:
    assert looks(Asking()[name]) == ""


def test_what_is_told_by_its_place_in_memory_is_drawn_each_time() -> None:
    form = Asking()
    form.fields["name"].widget.attrs["data-told-by"] = object()
    assert looks(form["name"]) == ""
