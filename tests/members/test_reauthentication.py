"""Everybody can show that it is still them: those without a password by a code in their mail."""

import pytest
from django.test import Client
from django.urls import reverse

from mail.models import Mail
from members import mailed_codes
from members.models import User
from tests.factories import members as make
from tests.members.test_accounts import code_in

pytestmark = pytest.mark.django_db

EMAIL = reverse("account_email")
NEW = {"email": "ny@example.org", "action_add": ""}


@pytest.fixture
def person(client) -> User:
    person = make.person(password=None, email="utan@example.org")
    client.force_login(person)
    return person


def page() -> str:
    return reverse("members:confirm-by-code")


def enter_code(client: Client, code: str = "", **more: str):
    client.post(page(), {"send": "1", **more})
    code = code or code_in(Mail.objects.latest("pk"))
    return client.post(page(), {"code": code, **more})


@pytest.mark.parametrize("address", ["account_reauthenticate", "mfa_activate_totp"])
def test_whoever_has_no_password_is_led_to_the_code(client, person, address: str) -> None:
    answer = client.get(reverse(address))
    assert (answer.status_code, answer.url.split("?")[0]) == (302, page())


def test_the_code_opens_what_was_asked_for(client, person) -> None:
    asked = client.post(EMAIL, NEW)
    assert asked.url == f"{page()}?next={EMAIL.replace('/', '%2F')}"
    assert not Mail.objects.exists()
    enter_code(client, next=EMAIL)
    assert Mail.objects.filter(to="ny@example.org").count() == 1


def test_without_anything_asked_it_leads_to_my_pages(client, person) -> None:
    assert enter_code(client).url == reverse("my-pages")


def test_looking_mails_nothing(client, person) -> None:
    assert client.get(page()).status_code == 200
    assert not Mail.objects.exists()


@pytest.mark.parametrize("code", ["FELA-KTIG", "", "x" * 10_000, "😀"])
def test_a_wrong_code_is_told_and_opens_nothing(client, person, code: str) -> None:
    client.post(page(), {"send": "1"})
    answer = client.post(page(), {"code": code})
    assert answer.context["verify_form"].errors
    assert client.get(reverse("mfa_activate_totp")).status_code == 302


def test_guessing_ends_the_code(client, person) -> None:
    client.post(page(), {"send": "1"})
    code = code_in(Mail.objects.get())
    for _ in range(mailed_codes.ATTEMPTS):
        client.post(page(), {"code": "FELA-KTIG"})
    client.post(page(), {"code": code})
    assert client.get(reverse("mfa_activate_totp")).status_code == 302


def test_an_old_code_is_good_no_longer(client, person) -> None:
    client.post(page(), {"send": "1"})
    code = code_in(Mail.objects.get())
    session = client.session
    session["confirm_by_code"] = {**session["confirm_by_code"], "at": 0}
    session.save()
    client.post(page(), {"code": code})
    assert client.get(reverse("mfa_activate_totp")).status_code == 302


def test_no_more_than_five_codes_are_mailed(client, person) -> None:
    for _ in range(8):
        client.post(page(), {"send": "1"})
    assert Mail.objects.count() == 5


def test_a_log_in_by_code_counts(client) -> None:
    person = make.person(password=None)
    client.post(reverse("account_request_login_code"), {"email": person.email})
    code = code_in(Mail.objects.get())
    client.post(reverse("account_confirm_login_code"), {"code": code})
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_a_forgotten_password_can_be_got_round(client) -> None:
    client.force_login(make.person())
    asked = client.get(reverse("account_reauthenticate"))
    urls = [way["url"] for way in asked.context["reauthentication_alternatives"]]
    assert urls == [page()]


def test_a_second_step_cannot_be_got_round(client) -> None:
    person = make.person()
    person.authenticator_set.create(type="totp", data={})
    client.force_login(person)
    assert client.get(page()).url == reverse("account_reauthenticate")
