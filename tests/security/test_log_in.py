"""The second step cannot be got round, and a session lives no longer than it should."""

import time
from datetime import UTC, datetime

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.test import Client
from django.urls import reverse

from mail.models import Mail
from members.models import User
from tests.factories import members as make
from tests.members.test_accounts import code_in

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

NOW = datetime(2026, 3, 2, 12, 0, 5, tzinfo=UTC)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NEW = "a staple for the battery"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def person() -> User:
    return make.person()


@pytest.fixture
def in_two_steps(person: User) -> User:
    totp.TOTP.activate(person, SECRET)
    return person


def code(secret: str = SECRET) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))


def is_in(client: Client) -> bool:
    return client.get(reverse("my-pages")).status_code == 200


def give_password(client: Client, person: User, password: str = make.PASSWORD):
    return client.post(reverse("account_login"), {"login": person.email, "password": password})


def give_code(client: Client, typed: str):
    return client.post(reverse("mfa_authenticate"), {"code": typed})


def logged_in(person: User, password: str = make.PASSWORD) -> Client:
    client = Client()
    give_password(client, person, password)
    assert is_in(client)
    return client


def confirm(client: Client) -> None:
    client.post(reverse("account_reauthenticate"), {"password": make.PASSWORD})


# --- Two steps ----------------------------------------------------------------------------------


def test_both_steps_let_one_in(client: Client, in_two_steps: User) -> None:
    assert give_password(client, in_two_steps).url.startswith(reverse("mfa_authenticate"))
    assert not is_in(client)
    give_code(client, code())
    assert is_in(client)


def test_a_code_is_good_once(in_two_steps: User, clock) -> None:
    used, again, later = Client(), Client(), Client()
    for client in (used, again, later):
        give_password(client, in_two_steps)
    shown = code()
    give_code(used, shown)
    give_code(again, shown)
    assert (is_in(used), is_in(again)) == (True, False)
    clock.shift(31)
    give_code(later, code())
    assert is_in(later)


def test_guessing_the_second_step_ends(client: Client, in_two_steps: User) -> None:
    """Then even the right one is refused: whoever guesses must not learn that it was."""
    give_password(client, in_two_steps)
    for _ in range(12):
        give_code(client, "000000")
    give_code(client, code())
    assert not is_in(client)


def test_a_recovery_code_is_good_once(in_two_steps: User) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes  # noqa: PLC0415

    [spare, *_rest] = RecoveryCodes.activate(in_two_steps).get_unused_codes()
    used, again = Client(), Client()
    for client in (used, again):
        give_password(client, in_two_steps)
        give_code(client, spare)
    assert (is_in(used), is_in(again)) == (True, False)


def test_a_code_by_mail_is_the_first_step_only(client: Client, in_two_steps: User) -> None:
    client.post(reverse("account_request_login_code"), {"email": in_two_steps.email})
    mailed = code_in(Mail.objects.get())
    answer = client.post(reverse("account_confirm_login_code"), {"code": mailed})
    assert answer.url.startswith(reverse("mfa_authenticate"))
    assert not is_in(client)


def test_a_new_password_is_the_first_step_only(client: Client, in_two_steps: User) -> None:
    client.post(reverse("account_reset_password"), {"email": in_two_steps.email})
    mailed = code_in(Mail.objects.get())
    there = client.post(reverse("account_confirm_password_reset_code"), {"code": mailed}).url
    client.post(there, {"password1": NEW, "password2": NEW})
    in_two_steps.refresh_from_db()
    assert in_two_steps.check_password(NEW)
    assert not is_in(client)
    assert give_password(Client(), in_two_steps, NEW).url.startswith(reverse("mfa_authenticate"))


def test_the_first_step_opens_nothing(client: Client, in_two_steps: User) -> None:
    """Not even where the second one is turned off."""
    give_password(client, in_two_steps)
    for name in ("mfa_deactivate_totp", "account_email", "account_change_password"):
        assert client.post(reverse(name)).status_code == 302
    assert Authenticator.objects.filter(user=in_two_steps).count() == 1


# --- Where a log-in leads -----------------------------------------------------------------------

ELSEWHERE = [
    "https://evil.example/",
    "//evil.example",
    "https:evil.example",
    "http:///evil.example",
    "/\\evil.example",
    "\thttps://evil.example",
    "https://testserver@evil.example/",
    "javascript:attack()",
]


def leads(answer) -> str:
    return str(answer.get("Location", ""))


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_no_step_of_a_log_in_leads_to_another_site(in_two_steps: User, wanted: str) -> None:
    """With the right answers, unlike the walk over every page."""
    client, went = Client(), []
    typed = {"login": in_two_steps.email, "password": make.PASSWORD, "next": wanted}
    went.append(client.post(reverse("account_login"), typed))
    went.append(client.post(reverse("mfa_authenticate"), {"code": code(), "next": wanted}))
    assert is_in(client)
    typed = {"password": make.PASSWORD, "next": wanted}
    went.append(client.post(reverse("account_reauthenticate"), typed))
    went.append(client.post(reverse("account_logout"), {"next": wanted}))
    assert not is_in(client)
    assert [leads(answer) for answer in went if "evil" in leads(answer).partition("?")[0]] == []
    assert [leads(answer)[:1] for answer in went] == ["/"] * 4


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_no_code_by_mail_leads_to_another_site(person: User, wanted: str) -> None:
    client = Client()
    typed = {"email": person.email, "next": wanted}
    asked = client.post(reverse("account_request_login_code"), typed)
    mailed = code_in(Mail.objects.get())
    page = reverse("account_confirm_login_code")
    went = client.post(page, {"code": mailed, "next": wanted})
    assert is_in(client)
    assert [leads(answer)[:1] for answer in (asked, went)] == ["/", "/"]
    assert not leads(went).startswith(("//", "/\\"))


# --- Sessions -----------------------------------------------------------------------------------


def test_a_log_in_has_a_session_of_its_own_and_the_one_before_is_dead(person: User) -> None:
    client = Client()
    planted = client.session
    planted["from"] = "before"
    planted.save()
    before = planted.session_key
    client.cookies[settings.SESSION_COOKIE_NAME] = before
    give_password(client, person)
    assert is_in(client)
    assert client.session.session_key != before
    assert not client.session.exists(before)


def test_a_log_out_ends_it_on_the_server(person: User) -> None:
    client, thief = logged_in(person), Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = client.session.session_key
    assert is_in(thief)
    client.post(reverse("account_logout"))
    assert not is_in(thief)


def test_a_new_password_ends_every_session(person: User) -> None:
    here, elsewhere = logged_in(person), logged_in(person)
    confirm(here)
    typed = {"oldpassword": make.PASSWORD, "password1": NEW, "password2": NEW}
    here.post(reverse("account_change_password"), typed)
    person.refresh_from_db()
    assert person.check_password(NEW)
    assert not is_in(elsewhere)


def test_a_forgotten_password_ends_every_session(person: User) -> None:
    thief, client = logged_in(person), Client()
    client.post(reverse("account_reset_password"), {"email": person.email})
    mailed = code_in(Mail.objects.get())
    there = client.post(reverse("account_confirm_password_reset_code"), {"code": mailed}).url
    client.post(there, {"password1": NEW, "password2": NEW})
    assert not is_in(thief)


def test_turning_the_second_step_on_or_off_ends_the_others(
    person: User, clock, django_capture_on_commit_callbacks
) -> None:
    here, thief = logged_in(person), logged_in(person)
    confirm(here)
    secret = here.get(reverse("mfa_activate_totp")).context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        here.post(reverse("mfa_activate_totp"), {"code": code(secret)})
    assert Authenticator.objects.filter(user=person, type="totp").exists()
    assert (is_in(here), is_in(thief)) == (True, False)

    clock.shift(31)
    another = Client()
    give_password(another, person)
    give_code(another, code(secret))
    assert is_in(another)
    here.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=person, type="totp").exists()
    assert (is_in(here), is_in(another)) == (True, False)


def test_a_new_address_ends_the_others(person: User) -> None:
    here, thief = logged_in(person), logged_in(person)
    confirm(here)
    here.post(reverse("account_email"), {"email": "ny@example.org", "action_add": ""})
    mailed = code_in(Mail.objects.get(to="ny@example.org"))
    here.post(reverse("account_email_verification_sent"), {"code": mailed})
    person.refresh_from_db()
    assert person.email == "ny@example.org"
    assert (is_in(here), is_in(thief)) == (True, False)


def test_one_sees_ones_sessions_and_ends_the_others(person: User) -> None:
    here, elsewhere, other = logged_in(person), logged_in(person), logged_in(make.person())
    page = reverse("usersessions_list")
    assert {row.user for row in here.get(page).context["sessions"]} == {person}
    assert UserSession.objects.filter(user=person).count() == 2
    here.post(page)
    assert (is_in(here), is_in(elsewhere), is_in(other)) == (True, False, True)


@pytest.mark.parametrize("name", ["mfa_activate_totp", "mfa_generate_recovery_codes"])
def test_an_hour_after_the_log_in_one_is_asked_again(person: User, clock, name: str) -> None:
    if name == "mfa_generate_recovery_codes":
        totp.TOTP.activate(person, SECRET)
    client = Client()
    give_password(client, person)
    if name == "mfa_generate_recovery_codes":
        give_code(client, code())
    clock.shift(3600)
    answer = client.get(reverse(name))
    assert answer.status_code == 302
    assert answer.url.startswith((reverse("account_reauthenticate"), reverse("mfa_reauthenticate")))
