"""A room full of members behind one address gets in, whoever guesses does not, and a forged header
is no way round.
"""

from datetime import date

import pytest
import time_machine
from allauth.account.adapter import get_adapter
from django.test import Client, RequestFactory
from django.urls import reverse

from mail.models import Mail
from privacy.rate_limits import network_of
from tests.factories import members

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

NOON = members.noon(date(2026, 3, 2))
VENUE = "198.51.100.7"
GUESSES = 5  # of one account within five minutes, as ACCOUNT_RATE_LIMITS says


def log_in(email: str, password: str = members.PASSWORD, **headers: str) -> int:
    answer = Client(REMOTE_ADDR=VENUE, **headers).post(
        reverse("account_login"), {"login": email, "password": password}
    )
    return answer.status_code


def ask(page: str, email: str) -> str:
    """Where the answer leads."""
    answer = Client(REMOTE_ADDR=VENUE).post(reverse(page), {"email": email})
    return str(answer.get("Location", answer.status_code))


def test_sixty_people_in_one_room_log_in() -> None:
    people = [members.person() for _ in range(60)]
    assert {log_in(person.email) for person in people} == {302}


def test_sixty_people_in_one_room_ask_for_a_code() -> None:
    people = [members.person(password=None) for _ in range(60)]
    asked = [ask("account_request_login_code", who.email) for who in people]
    assert asked == [reverse("account_confirm_login_code")] * 60


def test_sixty_people_in_one_room_have_forgotten_their_password() -> None:
    people = [members.person() for _ in range(60)]
    asked = [ask("account_reset_password", who.email) for who in people]
    assert asked == [reverse("account_confirm_password_reset_code")] * 60


def test_nobody_fills_another_ones_mailbox_with_codes() -> None:
    victim = members.person(password=None)
    for _ in range(10):
        ask("account_request_login_code", victim.email)
    assert Mail.objects.filter(to=victim.email).count() == 3


def test_whoever_guesses_is_stopped_and_the_next_table_is_not() -> None:
    victim, neighbour = members.person(), members.person()
    for _ in range(GUESSES):
        assert log_in(victim.email, "wrong horse battery") == 200
    # Even the right one: whoever tries must not learn that it was.
    assert log_in(victim.email) == 200
    assert log_in(neighbour.email) == 302


@pytest.mark.parametrize("proxies", [0, 1])
def test_a_forged_header_is_no_way_round(settings, proxies: int) -> None:
    """The proxy writes down whom it saw, last; what stands before it was sent by the visitor."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    victim = members.person()
    seen = f", {VENUE}" if proxies else ""
    for number in range(40):
        log_in(victim.email, "wrong", HTTP_X_FORWARDED_FOR=f"203.0.113.{number}{seen}")
    forged = {"HTTP_X_FORWARDED_FOR": f"203.0.113.99{seen}"}
    assert log_in(victim.email, **forged) == 200
    request = RequestFactory(REMOTE_ADDR=VENUE).get("/", **forged)
    assert get_adapter().get_client_ip(request) == VENUE
    assert network_of(request).address == f"{VENUE}/32"


def test_guessing_one_password_for_many_accounts_ends_too() -> None:
    """No limit by account sees it. Who sits at the same address waits for a minute."""
    late = members.person()
    with time_machine.travel(NOON, tick=False) as clock:
        guessed = [log_in(f"nobody{number}@example.org", "wrong") for number in range(120)]
        assert (set(guessed), log_in(late.email)) == ({200}, 200)
        clock.shift(61)
        assert log_in(late.email) == 302
