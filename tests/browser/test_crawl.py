"""Every page that a link leads to, in both languages: it opens, keeps quiet and is accessible.

That no page asks another host or complains in the console is seen by the watch over every browser
test (tests/chromium.py).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle, product
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.apps import apps
from django.conf import settings
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone, translation
from playwright.sync_api import BrowserContext, Page

from config.demo.articles import write_articles
from config.demo.views import ERRORS
from events import first_rows as event_rows
from members import roles
from members.models import User
from news import first_rows as news_rows
from tests.factories import billing, events, members

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

LOOKS = list(product((1280, 390), ("light", "dark")))
# Each kind of page in all four: two in either language.
FIRST_LOOKS = {"sv": [LOOKS[0], LOOKS[3]], "en": [LOOKS[1], LOOKS[2]]}
PAGES_OF_A_VIEW = 4
LANGUAGES = ("sv", "en")
REFUSING = (
    ("members:join", "?kind=ordinary"),
    ("members:join", "?kind=student"),
    ("news:newsletter", ""),
    ("account_login", ""),
    ("account_reset_password", ""),
)
# Files whose address ends like a page's; the others have a dot in their name.
FILES = {"news:feed", "billing:invoice-pdf", "billing:receipt-pdf", "privacy:export"}


# --- A small association --------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _site(live_server, settings):
    members.first_rows()
    event_rows.create(apps)
    news_rows.create(apps)
    settings.SITE_URL = live_server.url
    now = timezone.now()
    write_articles(now=now, authors=[members.staff(roles.EDITOR)])
    published = {"published_at": now - timedelta(days=400)}
    events.conference(starts_at=now + timedelta(days=90), **published)
    events.event(starts_at=now + timedelta(days=30), online_capacity=20, **published)
    full = events.event(starts_at=now + timedelta(days=40), capacity=1, **published)
    events.confirmed(full)
    events.event(starts_at=now - timedelta(days=30), **published)


@pytest.fixture
def member() -> User:
    """With a paid year, an open invoice and a seat."""
    today = timezone.localdate()
    person = members.membership(starts_on=today - timedelta(days=300)).user
    members.employer(person)
    billing.issue_invoice(buyer=person, today=today)
    seminar = events.Event.objects.filter(online_capacity=20).get()
    events.confirmed(seminar, user=person, booked_by=person, name=person.name, email=person.email)
    return person


# --- Crawling -------------------------------------------------------------------------------


@dataclass
class Crawl:
    """Follows the links of each page once. Addresses that differ in a query's values are one."""

    page: Page
    is_wanted: Callable[[str], bool]
    seen: set[tuple[str, frozenset[str]]] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def pages(self, start: str) -> Iterator[str]:
        """The path of each page that can be reached, while it is open."""
        todo = [start]
        while todo:
            for path in self.open([todo.pop(0)]):
                todo += self.links("body")
                yield path

    def open(self, urls: Iterable[str]) -> Iterator[str]:
        """The path of each that is new, while it is open; files are only fetched."""
        for url in filter(self._is_new, urls):
            if is_file(urlsplit(url).path):
                self._note(url, self.page.request.get(url).status)
                continue
            response = self.page.goto(url)
            self._note(url, response.status if response else 0)
            yield urlsplit(self.page.url).path

    def links(self, place: str) -> list[str]:
        found = self.page.locator(f"{place} a[href]")
        return found.evaluate_all("links => links.map(link => link.href.split('#')[0])")

    def _is_new(self, url: str) -> bool:
        parts, here = urlsplit(url), urlsplit(self.page.url)
        is_ours = here.netloc in {"", parts.netloc}
        key = (parts.path, frozenset(parse_qs(parts.query)))
        if not is_ours or key in self.seen or not self.is_wanted(parts.path):
            return False
        self.seen.add(key)
        return True

    def _note(self, url: str, status: int) -> None:
        if status != 200:
            self.faults.append(f"{url}: {status}")


def view_of(path: str) -> str:
    """Its name, as in `news:article`."""
    with translation.override("en" if path.startswith("/en/") else "sv"):
        return resolve(path).view_name


def is_file(path: str) -> bool:
    """Chromium has a viewer of its own for some, which is no page of ours."""
    return "." in path.rsplit("/", 1)[-1] or view_of(path) in FILES


def of_language(language: str) -> Callable[[str], bool]:
    """Swedish is all that is not English; the staff site is crawled by itself."""
    is_english = language == "en"
    return lambda path: path.startswith("/en/") == is_english and "/admin/" not in path


def address(name: str, language: str) -> str:
    with translation.override(language):
        return reverse(name)


@dataclass
class Inspection:
    """Axe on pages of each view: the first in all of `first`, some more in the looks by turns.

    Those have the colours of the first, which take Axe as long as all else. The twentieth article
    is opened, but has nothing to be inspected that the others have not.
    """

    page: Page
    first: list[tuple[int, str]] = field(default_factory=list)
    views: Counter[str] = field(default_factory=Counter)
    turn: Iterator[tuple[int, str]] = field(default_factory=lambda: cycle(LOOKS))

    def faults(self, path: str) -> list[str]:
        view = view_of(path)
        self.views[view] += 1
        if self.views[view] > PAGES_OF_A_VIEW:
            return []
        is_first = self.views[view] == 1
        looks = (self.first if is_first else []) or [next(self.turn)]
        self.page.evaluate(Axe().axe_script)
        return [fault for look in looks for fault in self._faults(*look, colours=is_first)]

    def _faults(self, width: int, scheme: Any, *, colours: bool) -> list[str]:
        self.page.set_viewport_size({"width": width, "height": 900})
        # Colours on their way from one scheme to the other are no fault.
        self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        rules = {"color-contrast": {"enabled": colours}}
        found = self.page.evaluate(
            "options => axe.run(options)", {"resultTypes": ["violations"], "rules": rules}
        )
        return [
            f"{self.page.url} {width} {scheme}: {fault['id']} {fault['nodes'][0]['target']}"
            for fault in found["violations"]
        ]


def log_in(context: BrowserContext, user: User, url: str) -> None:
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])


# --- What each reader finds -----------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_public_pages(context: BrowserContext, page: Page, live_server, language):
    crawl = Crawl(page, of_language(language))
    inspection = Inspection(page, FIRST_LOOKS[language])

    for path in crawl.pages(live_server.url + address("start", language)):
        if context.cookies() and page.locator("form[method=post]").count() == 0:
            crawl.faults.append(f"{path}: a cookie without a form")
        context.clear_cookies()
        crawl.faults += inspection.faults(path)

    assert crawl.faults == []
    assert {
        "news:article",
        "news:topic",
        "events:event",
        "events:cart",
        "members:join",
        "privacy:notice",
        "privacy:cookies",
        "account_login",
    } <= set(inspection.views)


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_a_member(context: BrowserContext, page: Page, live_server, member, language):
    log_in(context, member, live_server.url)
    in_language, news = of_language(language), address("news:list", language)
    crawl = Crawl(page, lambda path: in_language(path) and not path.startswith(news))
    inspection = Inspection(page, FIRST_LOOKS[language])

    for path in crawl.pages(live_server.url + address("my-pages", language)):
        crawl.faults += inspection.faults(path)

    assert crawl.faults == []
    assert {
        "my-pages",
        "members:details",
        "members:payer",
        "members:consents",
        "members:card",
        "members:leave",
        "privacy:my-data",
        "events:booking",
        "billing:invoice",
        "account_email",
        "mfa_index",
    } <= set(inspection.views)


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_staff(context: BrowserContext, page: Page, live_server, member, language):
    """Every list and the pages to add; in Swedish, which staff reads, the first row of each too."""
    members.in_review()
    billing.bank_transaction()
    log_in(context, members.person(is_staff=True, is_superuser=True), live_server.url)
    crawl = Crawl(page, lambda path: path.startswith(address("admin:index", language)))
    rows: list[str] = []

    page.goto(live_server.url + address("admin:index", language))
    lists = crawl.links("#content-main")
    for _path in crawl.open(lists):
        rows += crawl.links("#result_list tbody tr:first-child th")
    opened = list(crawl.open(rows if language == "sv" else []))

    assert crawl.faults == []
    assert len(lists) > 30
    assert len(opened) > 15 or language == "en"


# --- What nobody links to -------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_that_say_no(page: Page, live_server, language):
    """Errors and refused forms are pages as well, and those that are read in a worse mood."""
    inspection = Inspection(page)
    faults = []

    for status in ERRORS:
        with translation.override(language):
            page.goto(live_server.url + reverse("demo:error", args=[status]))
        faults += inspection.faults(urlsplit(page.url).path)
    for name, query in REFUSING:
        page.goto(live_server.url + address(name, language) + query)
        page.locator("main form").evaluate("form => { form.noValidate = true; form.submit(); }")
        page.locator(".error-summary").wait_for()
        faults += inspection.faults(urlsplit(page.url).path)

    assert faults == []
