"""Whoever may only look at a row brings no earlier version of it back."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from simple_history.admin import SimpleHistoryAdmin

from members import roles
from tests.factories import members

pytestmark = pytest.mark.django_db

WITH_HISTORY = sorted(
    model._meta.label_lower
    for model, page in admin.site._registry.items()
    if isinstance(page, SimpleHistoryAdmin)
)


def post(client: Client, label: str, row: int = 1, version: int = 1) -> int:
    name = f"admin:{label.replace('.', '_')}_simple_history"
    return client.post(reverse(name, args=[row, version]), {"name": "Annan"}).status_code


def test_nowhere_with_the_right_to_look(client):
    """An answer of 404 would mean that nobody had asked who is asking."""
    person = members.person(is_staff=True)
    person.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client.force_login(person)

    assert {label: post(client, label) for label in WITH_HISTORY} == dict.fromkeys(
        WITH_HISTORY, 403
    )
    assert len(WITH_HISTORY) > 10


def test_a_treasurer_gives_nobody_an_old_name(client):
    person = members.person(name="Gamla Namnet")
    person.name = "Nya Namnet"
    person.save()
    client.force_login(members.staff(roles.TREASURER))
    first = person.history.earliest()

    assert post(client, "members.user", person.pk, first.pk) == 403
    person.refresh_from_db()
    assert person.name == "Nya Namnet"


def test_a_secretary_still_brings_a_version_back(client):
    person = members.person(name="Gamla Namnet")
    person.name = "Nya Namnet"
    person.save()
    client.force_login(members.staff(roles.MEMBERSHIP_SECRETARY))
    first = person.history.earliest()

    page = client.get(reverse("admin:members_user_simple_history", args=[person.pk, first.pk]))

    assert page.status_code == 200
