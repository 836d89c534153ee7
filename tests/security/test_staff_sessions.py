"""Staff log in in two steps, and for a working day at most."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from config import staff_sessions
from members import roles
from tests.factories import members
from tests.security.association import MEMBER, SUPERUSER, VISITOR, Association

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
OFFICE = "admin:index"


def alone(site: Association, role: str) -> Client:
    """Without the second step."""
    Authenticator.objects.filter(user=site.people[role]).delete()
    return site.client(role)


@pytest.mark.parametrize("role", [SUPERUSER, "secretary"])
@pytest.mark.parametrize("name", [OFFICE, "admin:members_user_changelist"])
def test_without_the_second_step_the_office_leads_to_where_it_is_turned_on(site, role, name):
    client = alone(site, role)

    for response in (client.get(reverse(name)), client.post(reverse(name))):
        assert (response.status_code, response["Location"]) == (302, reverse("mfa_index"))
    assert "Personal loggar in i två steg" in client.get(reverse("mfa_index")).content.decode()


def test_acts_of_staff_ask_for_the_second_step_too(site):
    address = reverse("admin:members_application_approve", args=[site.application.pk])

    response = alone(site, "secretary").post(address)

    assert response["Location"] == reverse("mfa_index")
    site.application.refresh_from_db()
    assert site.application.state == "in_review"


def test_with_the_second_step_it_opens(site):
    assert site.client("secretary").get(reverse(OFFICE)).status_code == 200


def test_members_and_visitors_are_asked_for_nothing_new(site):
    assert site.client(MEMBER).get(reverse("my-pages")).status_code == 200
    assert site.client(MEMBER).get(reverse(OFFICE)).status_code in {302, 403}
    assert site.client(VISITOR).get(reverse(OFFICE)).status_code == 302


def test_the_admins_own_log_in_form_is_never_shown(site):
    """It knows no limits and no second step."""
    response = site.client(VISITOR).get(reverse("admin:login"))
    assert response["Location"].startswith(reverse("account_login"))


def test_where_it_is_not_asked_for_it_is_not(db, client):
    client.force_login(members.staff(roles.TREASURER))
    assert client.get(reverse(OFFICE)).status_code == 200


# --- How long ---------------------------------------------------------------------------------


def stays(site: Association, role: str, *minutes: int) -> bool:
    """Whether somebody who asks for a page so many minutes after the log-in is still known."""
    with time_machine.travel(NOW, tick=False) as clock:
        client = site.client(role)
        client.get(reverse("start"))
        for minute in minutes:
            clock.move_to(NOW + timedelta(minutes=minute))
            response = client.get(reverse("my-pages"))
        return bool(response.status_code == 200)


def test_half_an_hour_without_a_page_ends_it(site):
    assert stays(site, "treasurer", 30)
    assert not stays(site, "treasurer", 31)


def test_eight_hours_end_it_however_busy(site):
    every_quarter = list(range(15, 8 * 60 + 1, 15))
    assert stays(site, "treasurer", *every_quarter)
    assert not stays(site, "treasurer", *every_quarter, 8 * 60 + 5)


def test_a_members_own_session_is_left_alone(site):
    assert stays(site, MEMBER, 31, 10 * 60)


def test_what_ended_is_gone_and_says_why(site):
    with time_machine.travel(NOW, tick=False) as clock:
        client = site.client("treasurer")
        client.get(reverse(OFFICE))
        key = client.session.session_key
        clock.move_to(NOW + timedelta(hours=1))
        response = client.get("/en" + reverse("start"))
    assert "logged out for safety" in response.content.decode()
    assert not client.session.exists(key)


def test_a_page_a_minute_does_not_write_the_session_each_time(site, django_assert_num_queries):
    with time_machine.travel(NOW, tick=False) as clock:
        client = site.client("treasurer")
        client.get(reverse("start"))
        noted = client.session[staff_sessions.SEEN]
        clock.move_to(NOW + timedelta(seconds=59))
        client.get(reverse("start"))
        assert client.session[staff_sessions.SEEN] == noted
        clock.move_to(NOW + timedelta(seconds=60))
        client.get(reverse("start"))
        assert client.session[staff_sessions.SEEN] != noted
