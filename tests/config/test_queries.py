"""What each page asks of the database: little, and no more of an association ten times as large.

Every page of `tests/pages.py` over the invented association, first as it is and then grown. A
list that asks once for each of its rows is found here, whichever page it stands on.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection, transaction
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
CONTROL = "a page that asks for each row"

Counts = dict[str, int]


@pytest.fixture(scope="module")
def counts(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Counts, Counts]]:
    """Of each page: over an association of fifty members, and over the same one grown."""
    settings = override_settings(DEMO=True, REMEMBERED_S=3600)
    # Time stands still: a session of staff is written once a minute.
    now = time_machine.travel(NOW, tick=False)
    with django_db_blocker.unblock(), settings, now, transaction.atomic():
        logging.getLogger("django.request").disabled = True  # some pages are refusals
        yield counted()
        logging.getLogger("django.request").disabled = False
        transaction.set_rollback(True)
        caches["template_fragments"].clear()


def counted() -> tuple[Counts, Counts]:
    events.first_rows()  # an earlier test that committed has emptied the tables
    news_rows.create(apps)
    call_command("seed_demo", members=50)
    remember()
    browsers = cache(pages.browser_of)
    asked = [(page, browsers(page.who), page.address()) for page in pages.PAGES]
    small = of_all(asked)
    people, invoices = User.objects.count(), Invoice.objects.count()
    grow(TIMES)
    assert (User.objects.count(), Invoice.objects.count()) == (TIMES * people, TIMES * invoices)
    return small, of_all(asked)


def remember() -> None:
    """What a process asks once: the kinds of rows, the foot of the pages."""
    ContentType.objects.get_for_models(*apps.get_models())
    Client().get(reverse("start"))


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


def test_a_page_asks_little(counts: tuple[Counts, Counts]) -> None:
    assert above(counts[0], (*pages.PUBLIC, *pages.MEMBERS), MOST) == {}


def test_a_page_of_the_office_asks_somewhat_more(counts: tuple[Counts, Counts]) -> None:
    assert above(counts[0], pages.STAFF, MOST_IN_THE_OFFICE) == {}


def above(counts: Counts, which: Iterable[pages.Page], most: int) -> Counts:
    asked = {page.name: counts[page.name] for page in which}
    return {name: number for name, number in asked.items() if number > ALLOWED.get(name, most)}


def test_no_page_asks_more_of_ten_times_as_many_rows(counts: tuple[Counts, Counts]) -> None:
    small, grown = counts
    # Fewer are fine: that somebody has opened an invoice is written the first time.
    more = {page.name for page in pages.PAGES if grown[page.name] > small[page.name]}
    assert more == set()


def test_what_asks_for_each_row_is_found(counts: tuple[Counts, Counts]) -> None:
    """The scale weighs."""
    small, grown = counts
    assert grown[CONTROL] - 1 == TIMES * (small[CONTROL] - 1) > 500
