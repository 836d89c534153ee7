"""Does the time of an answer tell whether an address is known? Applying, logging in, resetting,
booking, handing a seat on, asking for the newsletter.

Known and unknown addresses take turns, so that whatever else the machine does hits both alike. The
table is for a person to read: medians in milliseconds, how far apart they are, and the probability
that the two arms differ by chance alone (Mann-Whitney). BENCH_ROUNDS=200 is enough to see 5 %; that
takes some minutes and a machine with nothing else to do.
"""

import os
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config import checks
from events import links
from members.models import User
from tests.benchmarks.conftest import COMPARED
from tests.events.pages import fields
from tests.events.test_cart_pages import PAYER, conference, names, put_in
from tests.factories import events as make_event
from tests.factories import members as make
from tests.factories.news import create_subscriber
from tests.members.pages import join_data, join_url
from tests.privacy.checked_form import ticket

pytestmark = pytest.mark.django_db

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "25"))
Send = Callable[[Client, str], Callable[[], Any]]


@pytest.fixture(autouse=True)
def _as_in_production(settings: Any) -> None:
    settings.PASSWORD_HASHERS = [checks.ARGON2]
    settings.ACCOUNT_RATE_LIMITS = False
    settings.HUMAN_CHECK_SHORTEST_S = 0
    settings.HUMAN_CHECK_SHORTEST_WITHOUT_PROOF_S = 0
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


@pytest.fixture(autouse=True)
def _no_limits(monkeypatch: Any) -> None:
    monkeypatch.setattr("privacy.rate_limits.Limit.allows", lambda *_arguments: True)


def known(number: int) -> str:
    return f"known{number}@example.org"


def unknown(number: int) -> str:
    return f"nobody{number}@example.org"


def people_with_password() -> None:
    """One hash for all: it is slow on purpose, and its time is not what is measured here."""
    for number in range(ROUNDS):
        make.person(email=known(number), password=None)
    User.objects.update(password=make_password(make.PASSWORD))


@pytest.fixture
def compare(request: pytest.FixtureRequest) -> Callable[..., None]:
    def comparing(name: str, send: Send) -> None:
        arms: dict[str, list[float]] = {"known": [], "unknown": []}
        for number in range(ROUNDS):
            turn = [("known", known(number)), ("unknown", unknown(number))]
            for arm, address in turn[:: 1 if number % 2 else -1]:  # neither is always the first
                arms[arm].append(seconds(send, address))
        request.config.stash[COMPARED].append((name, *arms.values()))

    return comparing


def seconds(send: Send, address: str) -> float:
    client = Client()
    ready = send(client, address)
    begun = time.perf_counter()
    answer = ready()
    taken = time.perf_counter() - begun
    assert answer.status_code in {200, 302}
    return taken


def bench_applying(compare: Callable[..., None]) -> None:
    for number in range(ROUNDS):
        make.membership(
            make.person(email=known(number), password=None), starts_on=timezone.localdate()
        )

    def send(client: Client, address: str) -> Callable[[], Any]:
        data = join_data(client, email=address)
        return lambda: client.post(join_url(), data)

    compare("apply", send)


def bench_logging_in(compare: Callable[..., None]) -> None:
    people_with_password()

    def send(client: Client, address: str) -> Callable[[], Any]:
        data = {"login": address, "password": "wrong horse battery"}
        return lambda: client.post(reverse("account_login"), data)

    compare("log in", send)


def bench_logging_in_without_a_password(compare: Callable[..., None]) -> None:
    for number in range(ROUNDS):
        make.person(email=known(number), password=None)

    def send(client: Client, address: str) -> Callable[[], Any]:
        data = {"login": address, "password": "wrong horse battery"}
        return lambda: client.post(reverse("account_login"), data)

    compare("log in, no password", send)


def bench_asking_for_a_code(compare: Callable[..., None]) -> None:
    people_with_password()

    def send(client: Client, address: str) -> Callable[[], Any]:
        return lambda: client.post(reverse("account_request_login_code"), {"email": address})

    compare("code", send)


def bench_resetting(compare: Callable[..., None]) -> None:
    people_with_password()

    def send(client: Client, address: str) -> Callable[[], Any]:
        return lambda: client.post(reverse("account_reset_password"), {"email": address})

    compare("reset", send)


def bench_asking_for_the_newsletter(compare: Callable[..., None]) -> None:
    """Known are those who read it already."""
    for number in range(ROUNDS):
        create_subscriber(email=known(number))

    def send(client: Client, address: str) -> Callable[[], Any]:
        human = ticket(action="newsletter")
        data = {"email": address, "consent": "on", "human_ticket": human}
        return lambda: client.post(reverse("news:newsletter"), data)

    compare("newsletter", send)


def bench_booking_as_a_guest(compare: Callable[..., None]) -> None:
    """Known are members, who would pay less once logged in."""
    for number in range(ROUNDS):
        make.membership(
            make.person(email=known(number), password=None), starts_on=timezone.localdate()
        )
    event = conference(timezone.now(), capacity=3 * ROUNDS)

    def send(client: Client, address: str) -> Callable[[], Any]:
        put_in(client, event)
        page = client.get(reverse("events:checkout"))
        who = {
            name: address if name.startswith("email_") else value
            for name, value in names(page).items()
        }
        data = {**fields(page, "seen"), **who, **PAYER}
        return lambda: client.post(reverse("events:checkout"), data)

    compare("guest's booking", send)


def bench_handing_a_seat_on(compare: Callable[..., None]) -> None:
    """Known are people with an account, who come instead of whoever holds the link."""
    people_with_password()
    event = conference(timezone.now(), capacity=3 * ROUNDS)

    def send(client: Client, address: str) -> Callable[[], Any]:
        path = reverse("events:swap", args=[links.token_of_booking(make_event.confirmed(event))])
        data = {**fields(client.get(path), "email"), "name": "Vera Ny", "email": address}
        return lambda: client.post(path, data)

    compare("hand a seat on", send)
