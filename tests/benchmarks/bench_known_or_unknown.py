"""Does the time of an answer tell whether an address is known? Applying, logging in, resetting,
booking, asking for the newsletter.

Known and unknown addresses take turns, so that whatever else the machine does hits both alike. The
table is for a person to read: medians in milliseconds, how far apart they are, and the probability
that the two arms differ by chance alone (Mann-Whitney).
"""

import math
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.models import User
from tests.events.pages import fields
from tests.events.test_cart_pages import PAYER, conference, names, put_in
from tests.factories import members as make
from tests.factories.news import create_subscriber
from tests.members.pages import join_data, join_url
from tests.privacy.checked_form import ticket

pytestmark = pytest.mark.django_db

ROUNDS = 200
ARGON2 = "django.contrib.auth.hashers.Argon2PasswordHasher"


@pytest.fixture(autouse=True)
def _as_in_production(settings: Any) -> None:
    settings.PASSWORD_HASHERS = [ARGON2]
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


def compare(name: str, send: Callable[[Client, str], Any], capsys: Any) -> None:
    arms: dict[str, list[float]] = {"known": [], "unknown": []}
    for number in range(ROUNDS):
        for arm, address in (("known", known(number)), ("unknown", unknown(number))):
            arms[arm].append(seconds(send, address))
    one, other = median(arms["known"]), median(arms["unknown"])
    with capsys.disabled():
        print(
            f"\n{name:<20} known {one * 1000:7.2f} ms   unknown {other * 1000:7.2f} ms   "
            f"{(one / other - 1) * 100:+5.1f} %   p = {mann_whitney(*arms.values()):.2f}"
        )


def seconds(send: Callable[[Client, str], Any], address: str) -> float:
    client = Client()
    ready = send(client, address)
    begun = time.perf_counter()
    answer = ready()
    taken = time.perf_counter() - begun
    assert answer.status_code in {200, 302}
    return taken


def mann_whitney(one: list[float], other: list[float]) -> float:
    """Two-sided, by the normal approximation, which is good from some twenty values on."""
    ranked = sorted([(value, 0) for value in one] + [(value, 1) for value in other])
    ranks = sum(rank for rank, (_value, arm) in enumerate(ranked, start=1) if arm == 0)
    n, m = len(one), len(other)
    u = ranks - n * (n + 1) / 2
    z = (u - n * m / 2) / math.sqrt(n * m * (n + m + 1) / 12)
    return math.erfc(abs(z) / math.sqrt(2))


def bench_applying(capsys: Any) -> None:
    for number in range(ROUNDS):
        make.membership(
            make.person(email=known(number), password=None), starts_on=timezone.localdate()
        )

    def send(client: Client, address: str) -> Callable[[], Any]:
        data = join_data(client, email=address)
        return lambda: client.post(join_url(), data)

    compare("apply", send, capsys)


def bench_logging_in(capsys: Any) -> None:
    people_with_password()

    def send(client: Client, address: str) -> Callable[[], Any]:
        data = {"login": address, "password": "wrong horse battery"}
        return lambda: client.post(reverse("account_login"), data)

    compare("log in", send, capsys)


def bench_logging_in_without_a_password(capsys: Any) -> None:
    for number in range(ROUNDS):
        make.person(email=known(number), password=None)

    def send(client: Client, address: str) -> Callable[[], Any]:
        data = {"login": address, "password": "wrong horse battery"}
        return lambda: client.post(reverse("account_login"), data)

    compare("log in, no password", send, capsys)


def bench_asking_for_a_code(capsys: Any) -> None:
    people_with_password()

    def send(client: Client, address: str) -> Callable[[], Any]:
        return lambda: client.post(reverse("account_request_login_code"), {"email": address})

    compare("code", send, capsys)


def bench_resetting(capsys: Any) -> None:
    people_with_password()

    def send(client: Client, address: str) -> Callable[[], Any]:
        return lambda: client.post(reverse("account_reset_password"), {"email": address})

    compare("reset", send, capsys)


def bench_asking_for_the_newsletter(capsys: Any) -> None:
    """Known are those who read it already."""
    for number in range(ROUNDS):
        create_subscriber(email=known(number))

    def send(client: Client, address: str) -> Callable[[], Any]:
        human = ticket(action="newsletter")
        data = {"email": address, "consent": "on", "human_ticket": human}
        return lambda: client.post(reverse("news:newsletter"), data)

    compare("newsletter", send, capsys)


def bench_booking_as_a_guest(capsys: Any) -> None:
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

    compare("guest's booking", send, capsys)
