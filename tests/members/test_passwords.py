"""Passwords as ASVS 6.2 has them: long, of any characters, pasted, and nothing to be guessed."""

import gzip
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import password_validation
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import translation

from mail.models import Mail
from members import roles
from members.models import User
from tests.factories import members as make
from tests.members.test_accounts import code_in

pytestmark = pytest.mark.django_db

LONG = "Åtta gröna 鯨 äter sakta under bron " * 6
ALLOWED = {
    "twelve of one kind": "kqzvxwjyhgbt",
    "figures alone": "482916037552",
    "without capital, figure or sign": "en lugn gren i vinden",
    "spaces at both ends": "  ljung och lera  ",
    "other scripts and pictures": "鯨は静かに泳いでいる🐳🐳🐳",
    "64": LONG[:64],
    "128": LONG[:128],
    "200": LONG[:200],
    "a word of ours among others": "dataskydd och ljung bland gröna renar",
    "a name among others": "andersson hittar ljung i gröna renar",
}
REFUSED = {
    "eleven": "kqzvxwjyhgb",
    "common": "123456789012",
    "along the keyboard": "QWERTYUIOPAS",
    "one letter": "aaaaaaaaaaaaaaaa",
    "the association's name": "forum för dataskydd",
    "and a year": "Dataskydd2026!",
    "without accents": "forening-2026-01",
    "its address": "dpforum.se 2026",
    "its conference": "NordicPrivacyArena26",
    "what it is about, twice": "dataskyddDATASKYDD",
    "a word of ours and a common one": "dataskydd12345678",
    "our word for a password": "Lösenord-2026!",
    "one's own name": "Eskil Andersson",
    "a part of one's name": "andersson-2026",
    "a part of one's name, and a day": "Andersson 2026-11-27",
    "one's address": "eskilpost@byran",
    "one's employer": "Kanslibyrån 2026",
}


def person(**changes: Any) -> User:
    details = {"name": "Eskil Andersson", "email": "eskilpost@byran.example"}
    return make.person(**details, employer="Kanslibyrån i Umeå AB", **changes)


def refusals(password: str, user: User | None = None) -> list[str | None]:
    try:
        password_validation.validate_password(password, user)
    except ValidationError as error:
        return [one.code for one in error.error_list]
    return []


@pytest.mark.parametrize("what", ALLOWED)
def test_a_good_one(what: str) -> None:
    assert refusals(ALLOWED[what], person()) == []


@pytest.mark.parametrize("what", REFUSED)
def test_one_that_can_be_guessed(what: str) -> None:
    assert refusals(REFUSED[what], person())


def test_the_names_of_others_are_no_reason() -> None:
    assert refusals("andersson-2026") == []


def test_the_three_thousand_commonest_are_refused() -> None:
    """Most of them for their length; of the list's long ones each for being there."""
    listed = Path(password_validation.__file__).with_name("common-passwords.txt.gz")
    common = gzip.decompress(listed.read_bytes()).decode().split()
    # The list is in the order of how often they are seen; "eleven" above stands for the short ones.
    assert len(common) > 3000
    assert [one for one in common[:3000] if len(one) >= 12 and not refusals(one)] == []
    long = [one for one in common if len(one) >= 12]
    missed = [one for one in long if "password_too_common" not in refusals(one)]
    assert (len(long) > 150, missed) == (True, [])


def test_what_is_kept_of_it_is_argon2(settings: Any) -> None:
    """The tests' own quick one stands before it; config.E003 says so of production."""
    settings.PASSWORD_HASHERS = settings.PASSWORD_HASHERS[1:]
    kept = make.person()
    kept.set_password(LONG)
    assert kept.password.startswith("argon2$argon2id$")
    assert Argon2PasswordHasher().verify(LONG, kept.password)
    # All of it counts, not the first 72 bytes.
    assert not kept.check_password(LONG[:-1])


# --- Every form that sets one -------------------------------------------------------------------


def choose(who: User, client: Client) -> str:
    client.force_login(who)
    return reverse("account_set_password")


def change(who: User, client: Client) -> str:
    client.post(reverse("account_login"), {"login": who.email, "password": make.PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": make.PASSWORD})
    return reverse("account_change_password")


def reset(who: User, client: Client) -> str:
    client.post(reverse("account_reset_password"), {"email": who.email})
    code = {"code": code_in(Mail.objects.get())}
    return client.post(reverse("account_confirm_password_reset_code"), code).url


def in_the_office(who: User, client: Client) -> str:
    client.force_login(who)
    return reverse("admin:password_change")


WAYS = {"choose": choose, "change": change, "reset": reset, "office": in_the_office}


def opened(way: str) -> tuple[User, Client, str]:
    who = person(password=None) if way == "choose" else person()
    if way == "office":
        who.is_staff = True
        who.save()
        make.staff(roles.EDITOR)
    client = Client()
    return who, client, WAYS[way](who, client)


def send(client: Client, address: str, password: str) -> Any:
    old = {"oldpassword": make.PASSWORD, "old_password": make.PASSWORD}
    new = dict.fromkeys(("password1", "password2", "new_password1", "new_password2"), password)
    return client.post(address, {**old, **new})


@pytest.mark.parametrize("way", WAYS)
def test_each_form_refuses_what_can_be_guessed_and_says_why(way: str) -> None:
    who, client, address = opened(way)
    before = who.password
    with translation.override("sv"):
        answer = send(client, address, "Andersson-dataskydd-1")
    who.refresh_from_db()
    assert (answer.status_code, who.password) == (200, before)
    assert "lätt att gissa" in answer.content.decode()


@pytest.mark.parametrize("way", WAYS)
def test_each_form_takes_a_long_one_as_it_was_typed(way: str) -> None:
    who, client, address = opened(way)
    typed = f"  {LONG[:140]}  "
    send(client, address, typed)
    who.refresh_from_db()
    assert who.check_password(typed)


@pytest.mark.parametrize("way", WAYS)
def test_each_form_lets_a_password_manager_fill_it_in(way: str) -> None:
    _who, client, address = opened(way)
    page = client.get(address)
    fields = [
        field.field.widget
        for field in page.context["form"]
        if field.field.widget.input_type == "password"
    ]
    assert len(fields) >= 2
    assert {widget.attrs["autocomplete"] for widget in fields[-2:]} == {"new-password"}
    assert all("maxlength" not in widget.attrs for widget in fields)
    assert b"onpaste" not in page.content


def test_the_log_in_lets_it_too(client: Client) -> None:
    page = client.get(reverse("account_login"))
    widget = page.context["form"].fields["password"].widget
    assert widget.attrs["autocomplete"] == "current-password" and "maxlength" not in widget.attrs
    assert b"onpaste" not in page.content


def test_no_script_of_ours_minds_pasting(settings: Any) -> None:
    scripts = list(Path(settings.BASE_DIR, "static").rglob("*.js"))
    assert len(scripts) > 5
    assert [one.name for one in scripts if "paste" in one.read_text()] == []
