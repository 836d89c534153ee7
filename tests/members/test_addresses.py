"""A new address is confirmed from both ends: the new one by a code, the old one by silence."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from mail.models import Mail
from members import operations
from members.models import User
from tests.factories import members as make
from tests.members.test_accounts import code_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def thief() -> Client:
    """Logged in as somebody else, with that person's password."""
    person = make.person(email="gammal@example.org", language="sv")
    client = Client()
    client.post(reverse("account_login"), {"login": person.email, "password": make.PASSWORD})
    ask_again = reverse("account_reauthenticate")
    client.post(ask_again, {"password": make.PASSWORD})
    return client


def ask_for(client: Client, email: str) -> None:
    client.post(reverse("account_email"), {"email": email, "action_add": ""})


def stop_link(mail: Mail) -> str:
    [url] = re.findall(rf"{settings.SITE_URL}(\S+)", mail.text.split("14 ")[1])[:1]
    return url


def told_old_address() -> Mail:
    return Mail.objects.filter(to="gammal@example.org").latest("pk")


def test_the_old_address_is_told_and_can_stop_what_is_asked_for(thief) -> None:
    ask_for(thief, "ny@example.org")
    code = code_in(Mail.objects.get(to="ny@example.org"))
    link = stop_link(told_old_address())
    assert Client().get(link).status_code == 200
    assert Client().post(link).context["done"]
    thief.post(reverse("account_email_verification_sent"), {"code": code})
    person = User.objects.get()
    assert (person.email, person.has_usable_password()) == ("gammal@example.org", False)
    assert thief.get(reverse("members:details")).status_code == 302


def test_the_old_address_can_take_back_what_has_happened(thief) -> None:
    ask_for(thief, "ny@example.org")
    code = code_in(Mail.objects.get(to="ny@example.org"))
    thief.post(reverse("account_email_verification_sent"), {"code": code})
    assert User.objects.get().email == "ny@example.org"
    Client().post(stop_link(told_old_address()))
    person = User.objects.get()
    addresses = person.emailaddress_set.values_list("email", "verified", "primary")
    assert (person.email, list(addresses)) == (
        "gammal@example.org",
        [("gammal@example.org", True, True)],
    )
    assert thief.get(reverse("members:details")).status_code == 302


def test_looking_at_the_link_changes_nothing(thief) -> None:
    ask_for(thief, "ny@example.org")
    Client().get(stop_link(told_old_address()))
    assert User.objects.get().has_usable_password()
    assert thief.get(reverse("members:details")).status_code == 200


def test_an_address_of_somebody_else_is_told_alike(thief) -> None:
    make.person(email="annan@example.org")
    ask_for(thief, "annan@example.org")
    assert Mail.objects.filter(to="gammal@example.org").count() == 1


def test_a_second_step_of_the_thief_goes_too(thief) -> None:
    owner = User.objects.get()
    ask_for(thief, "ny@example.org")
    owner.authenticator_set.create(type="totp", data={})
    Client().post(stop_link(told_old_address()))
    assert owner.authenticator_set.count() == 0


def test_somebody_else_who_has_the_address_by_now_keeps_it() -> None:
    person = make.person(email="gammal@example.org")
    version = person.history.latest()
    person.email = "ny@example.org"
    person.save()
    person.emailaddress_set.all().delete()
    make.person(email="gammal@example.org")
    with pytest.raises(operations.AddressTaken):
        operations.keep_address(version=version)


def test_a_link_that_is_not_ours_is_nothing(client) -> None:
    assert client.get(reverse("members:keep-address", args=["1:abc:def"])).status_code == 404
