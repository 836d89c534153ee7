"""What each page asks of the database: little, and no more of an association ten times as large.

Every page of `tests/pages.py` over the invented association, first as it is and then grown. A
list that asks once for each of its rows is found here, whichever page it stands on. So is a piece
of a page that a process remembers and should have drawn anew.
"""

import logging
import pickle
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple
from unittest import mock
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html

from billing.models import Invoice
from events.models import Booking
from members.models import User
from news import first_rows as news_rows
from tests import pages
from tests.factories import events
from tests.growing import grow

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Europe/Stockholm"))
TIMES = 10
MOST, MOST_IN_THE_OFFICE = 12, 35
ALLOWED = {
    "my-data": 51,  # one for each table in which there may be something of the person
    "checkout-errors": 16,  # waits for whoever is checking out the same cart
}
ONCE_ONLY = r'<input type="hidden"[^>]*>|<input type="text" hidden[^>]*>|(nonce|challenge)="[^"]*"'
CONTROL = "a page that asks for each row"

Counts = dict[str, int]


class Measured(NamedTuple):
    small: Counts
    grown: Counts
    unlike: set[str]
    """Pages that look otherwise after all the others were shown to their readers."""
    remembered: str
    """All that a process remembers by then."""
    people: list[str]
    """Everybody's address, and the numbers of what they have booked and been invoiced."""


@pytest.fixture
def measured(settings: Any) -> Iterator[Measured]:
    """Of each page: over an association of fifty members, and over the same one grown."""
    settings.DEMO, settings.REMEMBERED_S = True, 3600
    # Time stands still: a session of staff is written once a minute.
    with time_machine.travel(NOW, tick=False):
        logging.getLogger("django.request").disabled = True  # some pages are refusals
        yield counted()
        logging.getLogger("django.request").disabled = False


def counted() -> Measured:
    events.first_rows()  # an earlier test that committed has emptied the tables
    news_rows.create(apps)
    call_command("seed_demo", members=50)
    remember()
    browsers = cache(pages.browser_of)
    asked = [(page, browsers(page.who), page.address()) for page in pages.PAGES]
    small = of_all(asked)
    unlike = drawn_otherwise(asked)
    remembered = "".join(map(pickle.loads, caches["template_fragments"]._cache.values()))
    assert len(carelessly(asked)) > 1, "a piece that one reader is shown of another is not found"
    people, invoices = User.objects.count(), Invoice.objects.count()
    grow(TIMES)
    remember()
    assert (User.objects.count(), Invoice.objects.count()) == (TIMES * people, TIMES * invoices)
    known = [
        *User.objects.exclude(email="").values_list("email", flat=True),
        *(number.hex for number in Booking.objects.values_list("public_id", flat=True)),
        *Invoice.objects.values_list("number", flat=True),
    ]
    return Measured(small, of_all(asked), unlike, remembered, known)


def remember() -> None:
    """What a process asks once: the kinds of rows, the foot of the pages. The rest it asks anew."""
    caches["template_fragments"].clear()
    ContentType.objects.get_for_models(*apps.get_models())
    Client().get(reverse("start"))


def drawn_otherwise(asked: list[tuple[pages.Page, Client, str]]) -> set[str]:
    """Each page as a process draws it that has shown them all, and as one without a memory."""
    nothing = {"template_fragments": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    unlike = set()
    for page, browser, address in asked:
        if page.press:
            continue
        remembered = drawn(browser, address)
        with override_settings(CACHES={**settings.CACHES, **nothing}):
            if drawn(browser, address) != remembered:
                unlike.add(page.name)
    return unlike


def carelessly(asked: list[tuple[pages.Page, Client, str]]) -> set[str]:
    """As if a piece were remembered by its name, whomever it was drawn for. The control."""
    some = [one for one in asked if one[0].name in {"start", "join-ordinary", "my-pages"}]
    with mock.patch("django.templatetags.cache.make_template_fragment_key", lambda name, _on: name):
        caches["template_fragments"].clear()
        return drawn_otherwise([*some, *some])


def drawn(browser: Client, address: str) -> str:
    """But for what is different each time: tokens, numbers of tickets, nonces, tasks to solve."""
    return re.sub(ONCE_ONLY, "", browser.get(address).content.decode())


def of_all(asked: list[tuple[pages.Page, Client, str]]) -> Counts:
    return {page.name: queries(page, browser, address) for page, browser, address in asked} | {
        CONTROL: asked_by(seat_by_seat)
    }


def queries(page: pages.Page, browser: Client, address: str) -> int:
    """Of opening it; of a page with `press`, of sending its form."""
    if not page.press:
        return asked_by(browser.get, address)
    button = html.fromstring(browser.get(address).content.decode()).cssselect(page.press)[-1]
    form = next(button.iterancestors("form"))
    return asked_by(browser.post, form.get("action") or address, dict(form.form_values()))


def asked_by(ask: Callable[..., Any], *arguments: Any) -> int:
    with CaptureQueriesContext(connection) as captured:
        ask(*arguments)
    return len(captured)


def seat_by_seat() -> None:
    """A list as nobody should write it."""
    for booking in Booking.objects.all():
        str(booking.event.title_sv)


def test_a_page_asks_little_and_shows_what_is_its_readers(measured: Measured) -> None:
    """One test, because the association takes twenty seconds."""
    small, grown = measured.small, measured.grown
    assert {
        "asks much": above(small, (*pages.PUBLIC, *pages.MEMBERS), MOST),
        "asks much for a page of the office": above(small, pages.STAFF, MOST_IN_THE_OFFICE),
        # Fewer are fine: that somebody has opened an invoice is written the first time.
        "asks more of more rows": {name for name in small if grown[name] > small[name]} - {CONTROL},
        "looks otherwise once others were shown theirs": measured.unlike,
        "is remembered of a person": {one for one in measured.people if one in measured.remembered},
    } == {
        "asks much": {},
        "asks much for a page of the office": {},
        "asks more of more rows": set(),
        "looks otherwise once others were shown theirs": set(),
        "is remembered of a person": set(),
    }
    # The scale weighs: what asks for each row is found, and there are forms in the memory.
    assert grown[CONTROL] - 1 == TIMES * (small[CONTROL] - 1) > 500
    assert "form-control" in measured.remembered


def above(counts: Counts, which: Iterable[pages.Page], most: int) -> Counts:
    asked = {page.name: counts[page.name] for page in which}
    return {name: number for name, number in asked.items() if number > ALLOWED.get(name, most)}
