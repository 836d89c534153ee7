"""A field is drawn once for everybody while nobody has filled it in."""

from decimal import Decimal

import pytest
from django import forms
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from members.models import MembershipKind
from privacy.templatetags.looks import looks


class Asking(forms.Form):
    name = forms.CharField(label=_("Name"), help_text=_("Your name"))
    agrees = forms.BooleanField(label="Agrees", required=False)
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
    form.same_for_all = set(SHOWN)
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
        ("agrees", lambda fields: setattr(fields["agrees"], "label", mark_safe("Agrees"))),
        ("name", lambda fields: setattr(fields["name"], "help_text", mark_safe("Your name"))),
        ("name", lambda fields: setattr(fields["name"], "show_hidden_initial", True)),
    ],
)
def test_whatever_is_drawn_otherwise_looks_otherwise(name: str, change: object) -> None:
    assert "" != looks(changed(change)[name]) != looks(Asking()[name])


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


class Counting(forms.Form):
    seats = forms.IntegerField(required=False)
    knows = forms.NullBooleanField(required=False)
    size = forms.ChoiceField(choices=[("", "?"), (0, "None"), (1, "One")], required=False)


@pytest.mark.parametrize(
    "known", [{"seats": 0}, {"seats": Decimal(0)}, {"knows": False}, {"size": 0}, {"size": "0"}]
)
def test_nought_and_no_are_answers(known: dict[str, object]) -> None:
    (name,) = known
    assert looks(Counting()[name]) != ""
    assert looks(Counting(initial=known)[name]) == ""


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("name", lambda fields: setattr(fields["name"], "label", "Who pays F10001")),
        ("name", lambda fields: setattr(fields["name"], "help_text", "As on F10001")),
        ("way", lambda fields: setattr(fields["way"], "choices", [("1", "F10001")])),
    ],
)
def test_words_of_this_form_only_are_drawn_each_time(name: str, change: object) -> None:
    form = changed(change)
    form.same_for_all = set()
    assert looks(form[name]) == ""


class Beginning(forms.Form):
    way = forms.ChoiceField(choices=[("a", "One way"), ("b", "Another")], initial="a")


def test_what_every_form_begins_with_is_nobodys_answer() -> None:
    begins, empty = looks(Beginning()["way"]), looks(Beginning(initial={"way": ""})["way"])
    assert begins == looks(Beginning(initial={"way": "a"})["way"])
    assert "" != begins != empty != ""
    assert looks(Beginning(initial={"way": "b"})["way"]) == ""


def test_a_field_of_this_form_only_is_drawn_each_time() -> None:
    """Its name may say whose seat it is, its label the number of an invoice."""
    form = Asking()
    form.fields["name_4f2a"] = forms.CharField()
    assert looks(form["name_4f2a"]) == ""
    form.same_for_all = {"name_4f2a"}
    assert looks(form["name_4f2a"]) != ""


@pytest.mark.parametrize("name", ["token", "kind"])
def test_what_is_hidden_and_a_choice_of_rows_are_drawn_each_time(name: str) -> None:
    assert looks(Asking()[name]) == ""


def test_what_is_told_by_its_place_in_memory_is_drawn_each_time() -> None:
    form = Asking()
    form.fields["name"].widget.attrs["data-told-by"] = object()
    assert looks(form["name"]) == ""
