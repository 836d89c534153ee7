"""What the journeys share: a site with its first rows, and people who click."""

import re
from typing import Any, Protocol

import pytest
from django.apps import apps
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, pgettext
from playwright.sync_api import BrowserContext, Page, expect

from events import first_rows as event_rows
from members.models import User
from tests.factories import members as member_factories

PHONE = 390
DESK = 1280
PATIENCE_MS = 20_000

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(autouse=True)
def _site(transactional_db, settings):
    """A test that commits empties every table afterwards, so each begins by filling them."""
    member_factories.first_rows()
    event_rows.create(apps)
    # Tests type faster than people: the human check must not take them for machines.
    settings.HUMAN_CHECK_SHORTEST_S = 0
    settings.HUMAN_CHECK_SHORTEST_WITHOUT_PROOF_S = 0


@pytest.fixture(autouse=True)
def _address(live_server, settings):
    """Mails and papers link to the running site."""
    settings.SITE_URL = live_server.url


# --- Browsers -------------------------------------------------------------------------------


class Visit(Protocol):
    def __call__(self, *, width: int = DESK, **options: Any) -> Page: ...


class LogIn(Protocol):
    def __call__(self, user: User, *, width: int = DESK, **options: Any) -> Page: ...


def patient_page(context: BrowserContext, width: int) -> Page:
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    return page


@pytest.fixture
def visit(live_server, new_context) -> Visit:
    """A visitor's browser: no account, no cookie."""

    def enter(*, width: int = DESK, **options: Any) -> Page:
        return patient_page(new_context(base_url=live_server.url, **options), width)

    return enter


@pytest.fixture
def log_in(live_server, new_context) -> LogIn:
    """A browser of their own for somebody with an account."""

    def enter(user: User, *, width: int = DESK, **options: Any) -> Page:
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        context: BrowserContext = new_context(base_url=live_server.url, **options)
        context.add_cookies(
            [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
        )
        return patient_page(context, width)

    return enter


def sees(page: Page, words: str) -> None:
    expect(page.get_by_text(words)).to_be_visible()


# --- Words and addresses in a language ------------------------------------------------------


class Say(Protocol):
    def __call__(self, text: str, context: str = "", **values: object) -> str: ...


def in_language(language: str) -> Say:
    """`say("Log in")` is what the page calls it in that language."""

    def say(text: str, context: str = "", **values: object) -> str:
        with translation.override(language):
            words = pgettext(context, text) if context else gettext(text)
        return words % values if values else words

    return say


def address(name: str, *arguments: object, language: str = "sv") -> str:
    with translation.override(language):
        return reverse(name, args=arguments)


# --- Mail -----------------------------------------------------------------------------------


class Mailbox:
    """The mails that left, as their receivers see them."""

    def to(self, address: str) -> list[mail.EmailMessage]:
        return [message for message in mail.outbox if address in message.recipients()]

    def subjects(self, address: str) -> list[str]:
        return [message.subject for message in self.to(address)]

    def last(self, address: str) -> mail.EmailMessage:
        return self.to(address)[-1]

    def link(self, address: str, *, containing: str) -> str:
        """The newest link of that kind in the mails to somebody."""
        links = [
            link
            for message in self.to(address)
            for link in re.findall(r"https?://\S+", str(message.body))
            if containing in link
        ]
        assert links, f"no link with {containing!r} in the mails to {address}"
        return links[-1]


@pytest.fixture
def mailbox(mailoutbox) -> Mailbox:
    return Mailbox()
