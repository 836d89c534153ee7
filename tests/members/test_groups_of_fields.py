"""A group of empty fields is drawn once for everybody, and only as long as it is the same."""

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from crispy_forms.utils import render_crispy_form
from django import forms
from django.core.cache import caches
from django.utils import translation

from members.forms.layout import EmployerFieldset, Group, Notice

KEPT = caches["template_fragments"]


class Asking(forms.Form):
    name = forms.CharField(label="Name")
    street = forms.CharField(label="Street", required=False)

    def __init__(self, *parts: object, show_labels: bool = True, **more: object) -> None:
        super().__init__(**more)  # type: ignore[arg-type]
        self.helper = FormHelper()
        self.helper.form_tag, self.helper.disable_csrf = False, True
        self.helper.form_show_labels = show_labels
        self.helper.layout = Layout(*parts)


def about(legend: str = "About you", why: str = "We need it.") -> Group:
    inner = EmployerFieldset("Employer", "street")
    return Group(legend, "name", inner, Notice(why, anchor="membership"))


def groups() -> int:
    return sum(":group:" in key for key in KEPT._cache)


def test_it_is_kept_and_the_same_when_drawn_again() -> None:
    first = render_crispy_form(Asking(about()))
    assert groups() == 2  # the one within as well
    assert render_crispy_form(Asking(about())) == first
    assert groups() == 2
    KEPT.clear()
    assert render_crispy_form(Asking(about())) == first


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        (lambda: Asking(about("Who comes")), "Who comes"),
        (lambda: Asking(about(why="The law says so.")), "The law says so."),
        (lambda: Asking(about(), initial={"name": "Maja"}), "Maja"),
        (lambda: Asking(about(), data={"name": ""}), "field-error"),
        (lambda: Asking(about(), prefix="second"), "second-name"),
    ],
)
def test_whatever_differs_is_drawn(changed: object, says: str) -> None:
    before = render_crispy_form(Asking(about()))
    assert says in render_crispy_form(changed())  # type: ignore[operator]
    assert render_crispy_form(Asking(about())) == before


def test_labels_and_languages_are_told_apart() -> None:
    assert "form-label" in render_crispy_form(Asking(about()))
    assert "form-label" not in render_crispy_form(Asking(about(), show_labels=False))
    with translation.override("sv"):
        swedish = render_crispy_form(Asking(about()))
    with translation.override("en"):
        assert render_crispy_form(Asking(about())) != swedish


def test_nothing_of_a_person_and_nothing_told_by_its_place_is_kept() -> None:
    render_crispy_form(Asking(Group("About you", "name"), initial={"name": "Maja"}))
    render_crispy_form(Asking(Group("About you", Div("name"))))
    assert groups() == 0
