"""Whoever books as a guest or asks for the newsletter does not learn who is a member or a reader:
the answers are alike and cost the same queries. The times are compared in tests/benchmarks.
"""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from events.models import Event
from tests.events.pages import fields
from tests.events.test_cart_pages import PAYER, conference, names, put_in
from tests.factories import members
from tests.factories.news import create_subscriber
from tests.privacy.checked_form import ticket

pytestmark = pytest.mark.django_db

KNOWN, UNKNOWN = "kand@example.org", "okand@example.org"


@pytest.fixture(autouse=True)
def _patience(settings: Any) -> None:
    settings.HUMAN_CHECK_SHORTEST_S = 0
    settings.HUMAN_CHECK_SHORTEST_WITHOUT_PROOF_S = 0


def sent(client: Client, address: str, data: dict[str, Any]) -> tuple[int, str, int]:
    """Status, where it leads (without the key of one's own), and how many queries it took."""
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = client.post(address, data)
    return answer.status_code, answer.get("Location", "")[:12], len(asked)


def book(event: Event, email: str) -> tuple[int, str, int]:
    client = Client()
    put_in(client, event)
    page = client.get(reverse("events:checkout"))
    who = {
        name: email if name.startswith("email_") else value for name, value in names(page).items()
    }
    data = {**fields(page, "seen"), **who, **PAYER}
    return sent(client, reverse("events:checkout"), data)


def ask_for_the_newsletter(email: str) -> tuple[int, str, int]:
    data = {"email": email, "consent": "on", "human_ticket": ticket(action="newsletter")}
    return sent(Client(), reverse("news:newsletter"), data)


def test_a_guest_books_at_an_address_of_a_member() -> None:
    members.membership(members.person(email=KNOWN), starts_on=timezone.localdate())
    event = conference(timezone.now())
    book(event, "warm@example.org")  # what is looked up once and remembered
    assert book(event, KNOWN) == book(event, UNKNOWN)


def test_a_reader_asks_for_the_newsletter_again() -> None:
    create_subscriber(email=KNOWN)
    ask_for_the_newsletter("warm@example.org")
    assert ask_for_the_newsletter(KNOWN) == ask_for_the_newsletter(UNKNOWN)


@pytest.mark.parametrize("page", ["account_reset_password", "account_request_login_code"])
def test_somebody_asks_for_a_code(page: str) -> None:
    members.person(email=KNOWN)
    told = [
        sent(Client(), reverse(page), {"email": email})
        for email in ("warm@example.org", KNOWN, UNKNOWN)
    ]
    assert told[1] == told[2]
