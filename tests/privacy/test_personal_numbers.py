"""No personal identity numbers: no column for one, and none in what people write freely."""

import re

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from events.forms.answers import NeedsForm, SurveyForm
from privacy.models import Request
from privacy.personal_numbers import holds_personal_number
from tests.factories import members

# Numbers that the Tax Agency publishes for tests.
NUMBERS = ["811228-9874", "19811228-9874", "8112289874", "198112289874", "811228+9874"]
NO_NUMBERS = [
    "802412-3456",  # an organisation: the "month" is 24
    "811228-9875",  # wrong check digit
    "811328-9874",  # no such month
    "070-123 45 67",
    "12 mars 2027 kl. 10.00",
    "556016-0680",
    "98811228987412",
    "",
]


@pytest.mark.parametrize("number", [*NUMBERS, "Jag heter Åsa, 811228-9874.", "701063-2391"])
def test_a_number_is_seen_however_it_is_written(number):
    assert holds_personal_number(number)


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_is_none_is_let_alone(text):
    assert not holds_personal_number(text)


def test_no_column_is_for_one():
    names = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
    ]

    assert [n for n in names if re.search(r"personn|personal_n|ssn|identity_num|birth", n)] == []


@pytest.mark.parametrize("field", ["allergies", "access"])
def test_what_one_needs_at_an_event_holds_none(field):
    assert "personal_number" in codes(NeedsForm({field: "Nötter, 811228-9874"}), field)
    assert codes(NeedsForm({field: "Nötter"}), field) == []


@pytest.mark.parametrize("field", ["useful", "better"])
def test_what_one_thinks_of_it_neither(field):
    assert codes(SurveyForm({field: "Hälsar 811228-9874"}), field) == ["personal_number"]


def codes(form, field) -> list[str]:
    return [error.code for error in form.errors.as_data().get(field, [])]


@pytest.mark.django_db
def test_a_request_with_one_is_sent_back_with_all_that_was_written(client: Client):
    client.force_login(members.person())
    said = {"kind": "objection", "message": "Sluta nu. 19811228-9874"}

    page = client.post(reverse("privacy:ask"), said)

    assert codes(page.context["form"], "message") == ["personal_number"]
    assert "Sluta nu." in page.text
    assert not Request.objects.exists()
