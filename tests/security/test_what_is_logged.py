"""Who came in, who did not, and what was refused stands in the log, one line each (ASVS 16.3)."""

import json
import logging
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.urls import reverse

from config import logs
from members import roles
from members.models import User
from tests.factories import members
from tests.members.test_accounts import ask_for_code, code_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return members.person(email="anna@example.org")


@pytest.fixture
def written(caplog: pytest.LogCaptureFixture) -> Any:
    """The lines as production writes them, but for the requests that were answered."""
    caplog.set_level(logging.INFO)
    logging.getLogger("django.request").disabled = False

    def lines() -> list[str]:
        kept = [record for record in caplog.records if record.name != "request"]
        return [logs.JsonLines().format(record) for record in kept]

    return lines


def told(lines: list[str], logger: str) -> list[tuple[str, str]]:
    read = [json.loads(line) for line in lines]
    return [(line["level"], line["event"]) for line in read if line["logger"] == logger]


def log_in(email: str, password: str = members.PASSWORD) -> None:
    Client().post(reverse("account_login"), {"login": email, "password": password})


def test_a_log_in_by_password_and_by_code(person: User, written: Any) -> None:
    log_in(person.email)
    client = Client()
    ask_for_code(client, person.email)
    client.post(reverse("account_confirm_login_code"), {"code": code_in(person.mails.get())})
    assert told(written(), "members.accounts") == [("info", f"logged in: person {person.pk}")] * 2


def test_one_that_was_refused(person: User, written: Any) -> None:
    """The same account is told apart from another, known or not, and no address is written."""
    for email in (person.email, "ANNA@example.org", "okand@example.org"):
        log_in(email, "wrong horse battery")
    lines = written()
    assert [level for level, _event in told(lines, "members.accounts")] == ["warning"] * 3
    one, same, other = (event for _level, event in told(lines, "members.accounts"))
    assert one == same != other
    assert "@" not in "".join(lines) and "wrong horse" not in "".join(lines)


def test_a_second_step_that_was_refused(person: User, written: Any) -> None:
    totp.TOTP.activate(person, totp.generate_totp_secret())
    client = Client()
    client.post(reverse("account_login"), {"login": person.email, "password": members.PASSWORD})
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    [line] = told(written(), "members.accounts")
    assert line == ("warning", f"second step refused: person {person.pk}")


@pytest.mark.parametrize("typed", ['a\n{"event": "logged in"}', "a\r\nb", '"a\nb"@example.org'])
def test_nobody_writes_a_line_of_their_own_by_logging_in(typed: str, written: Any) -> None:
    log_in(typed, "a\nlogged in: person 1")
    assert all(len(line.splitlines()) == 1 and json.loads(line) for line in written())
    assert "logged in" not in "".join(event for _, event in told(written(), "members.accounts"))


def test_what_somebody_may_not_do(written: Any) -> None:
    client = Client()
    client.force_login(members.staff(roles.EDITOR))
    assert client.get(reverse("admin:billing_invoice_changelist")).status_code == 403
    [(level, event)] = told(written(), "django.request")
    assert (level, event) == ("warning", "403 admin/billing/invoice/")


def test_a_form_from_elsewhere(person: User, written: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    typed = {"login": person.email, "password": members.PASSWORD}
    assert client.post(reverse("account_login"), typed).status_code == 403
    assert told(written(), "django.security.csrf") != []
    assert client.get(reverse("my-pages")).status_code == 302
