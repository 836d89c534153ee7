"""What a search of the office finds is asked for once."""

import pytest
from django.contrib.admin.views.main import ChangeList
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members.admin.applications import ApplicationAdmin
from privacy import asked_once
from tests.factories import members as make

pytestmark = pytest.mark.django_db
LIST = reverse("admin:members_application_changelist")


@pytest.fixture
def chief(client):
    client.force_login(make.person(is_staff=True, is_superuser=True))
    return client


def searched(client) -> tuple[list[str], int]:
    """Who is found, and how many questions said what was looked for."""
    with CaptureQueriesContext(connection) as asked:
        rows = client.get(LIST, {"q": "Stina"}).context["cl"].result_list
        found = sorted(row.email for row in rows)
    return found, sum("%stina%" in query["sql"].lower() for query in asked)


def test_the_page_the_count_and_the_days_are_of_what_was_found_once(chief) -> None:
    found = sorted(make.in_review().email for _ in range(3))
    make.application(name="Någon Annan")
    assert searched(chief) == (found, 1)


def test_without_it_each_of_them_asks_anew(chief, monkeypatch) -> None:
    monkeypatch.setattr(ApplicationAdmin, "get_changelist", lambda *_a, **_kw: ChangeList)
    found = [make.in_review().email]
    assert searched(chief) == (found, 4)


def test_of_very_many_none_is_left_out(chief, monkeypatch) -> None:
    monkeypatch.setattr(asked_once, "MOST", 2)
    found = sorted(make.in_review().email for _ in range(3))
    assert searched(chief)[0] == found
