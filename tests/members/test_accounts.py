"""Log-in, codes and resets: their mails go through our queue, and nobody learns who is known."""

import re

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client
from django.urls import reverse
from django.utils import translation

from mail.models import Mail
from members.models import User
from tests.factories import members as make

pytestmark = pytest.mark.django_db


def code_in(mail: Mail) -> str:
    [code] = re.findall(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", mail.text)
    return code


def ask_for_code(client, email: str):
    return client.post(reverse("account_request_login_code"), {"email": email})


def test_nobody_signs_up_without_becoming_a_member(client) -> None:
    page = client.get(reverse("account_signup"))
    assert reverse("members:join") in page.content.decode()
    client.post(reverse("account_signup"), {"email": "x@example.org", "password1": make.PASSWORD})
    assert User.objects.count() == 0


def test_a_password_stored_with_other_settings_is_stored_anew(client, settings) -> None:
    settings.PASSWORD_HASHERS = ["members.hashers.Argon2"]
    person = make.person(password=None)
    djangos = Argon2PasswordHasher()
    person.password = djangos.encode(make.PASSWORD, djangos.salt())
    person.save()
    client.post(reverse("account_login"), {"login": person.email, "password": make.PASSWORD})
    person.refresh_from_db()
    assert person.password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert person.check_password(make.PASSWORD)


def test_a_code_by_mail_logs_in(client) -> None:
    person = make.person(password=None)
    ask_for_code(client, person.email)
    mail = Mail.objects.get()
    assert (mail.to, mail.person) == (person.email, person)
    client.post(reverse("account_confirm_login_code"), {"code": code_in(mail)})
    assert client.get(reverse("members:details")).context["user"] == person


def test_the_code_mail_is_in_the_persons_language(client) -> None:
    with translation.override("sv"):
        ask_for_code(client, make.person(language="en").email)
    assert Mail.objects.get().language == "en"
    assert Mail.objects.get().subject == "Your code to log in"


def test_an_unknown_address_is_answered_alike_and_told_by_mail() -> None:
    person = make.person()
    known = ask_for_code(Client(), person.email)
    unknown = ask_for_code(Client(), "okand@example.org")
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    told = Mail.objects.get(to="okand@example.org")
    assert told.person is None
    assert reverse("members:join") in told.text


def test_a_password_reset_is_answered_alike(client) -> None:
    person = make.person()
    answers = [
        client.post(reverse("account_reset_password"), {"email": email})
        for email in (person.email, "okand@example.org")
    ]
    assert answers[0].url == answers[1].url
    assert Mail.objects.count() == 2


def test_a_new_address_is_used_once_its_code_is_entered(client) -> None:
    person = make.person(email="gammal@example.org")
    client.post(reverse("account_login"), {"login": person.email, "password": make.PASSWORD})
    client.post(
        reverse("account_reauthenticate") + "?next=" + reverse("account_email"),
        {"password": make.PASSWORD},
    )
    client.post(reverse("account_email"), {"email": "ny@example.org", "action_add": ""})
    person.refresh_from_db()
    assert person.email == "gammal@example.org"
    code = code_in(Mail.objects.get(to="ny@example.org"))
    client.post(reverse("account_email_verification_sent"), {"code": code})
    person.refresh_from_db()
    assert person.email == "ny@example.org"
    assert Mail.objects.filter(to="gammal@example.org").exists()


@pytest.mark.parametrize("written", ["ASA@example.org", "Asa@Example.Org", "asa@example.org"])
def test_log_in_does_not_mind_the_case(client, written: str) -> None:
    make.person(email="asa@example.org")
    client.post(reverse("account_login"), {"login": written, "password": make.PASSWORD})
    assert client.get(reverse("members:details")).status_code == 200


def test_a_log_in_leaves_no_version_of_the_person(client) -> None:
    anna = make.person()
    versions = anna.history.count()

    client.force_login(anna)

    anna.refresh_from_db()
    assert anna.last_login is not None
    assert anna.history.count() == versions
