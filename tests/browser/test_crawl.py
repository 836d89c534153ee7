"""Every page that a link leads to, in both languages: it opens, keeps quiet and is accessible.

That no page asks another host or complains in the console is seen by the watch over every browser
test (tests/chromium.py).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import parse_qs, urldefrag, urljoin, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.apps import apps
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from playwright.sync_api import BrowserContext, Page

from config.demo.articles import write_articles
from events import first_rows as event_rows
from members import roles
from members.models import User
from tests.factories import billing, events, members

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

WIDTHS = (1280, 390)
SCHEMES = ("light", "dark")
LANGUAGES = ("sv", "en")
FILES = (".ics", "/pdf/", "/feed/", "/flode/")


# --- A small association --------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _site(live_server, settings):
    members.first_rows()
    event_rows.create(apps)
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

    def pages(self, *start: str) -> Iterator[str]:
        """Yields the path of each page while it is open."""
        todo = list(start)
        while todo:
            url = urldefrag(todo.pop(0)).url
            if not self._is_new(url):
                continue
            if urlsplit(url).path.endswith(FILES):
                self._note(url, self.page.request.get(url).status)
                continue
            response = self.page.goto(url)
            self._note(url, response.status if response else 0)
            todo += [urljoin(url, link) for link in self._links()]
            yield urlsplit(url).path

    def _is_new(self, url: str) -> bool:
        parts, base = urlsplit(url), urlsplit(self.page.url)
        same_site = base.netloc in {"", parts.netloc}
        key = (parts.path, frozenset(parse_qs(parts.query)))
        if not same_site or key in self.seen or not self.is_wanted(parts.path):
            return False
        self.seen.add(key)
        return True

    def _note(self, url: str, status: int) -> None:
        if status != 200:
            self.faults.append(f"{url}: {status}")

    def _links(self) -> list[str]:
        return self.page.locator("a[href]").evaluate_all(
            "links => links.map(link => link.getAttribute('href'))"
        )


def of_language(language: str) -> Callable[[str], bool]:
    """Swedish is all that is not English; the staff site is crawled by itself."""
    is_english = language == "en"
    return lambda path: path.startswith("/en/") == is_english and "/admin/" not in path


def address(name: str, language: str) -> str:
    with translation.override(language):
        return reverse(name)


def violations(page: Page) -> Iterator[str]:
    """At each width, in light and dark."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            found = Axe().run(page, options={"resultTypes": ["violations"]})
            for fault in found.response["violations"]:
                targets = [node["target"] for node in fault["nodes"]]
                yield f"{page.url} {width} {scheme}: {fault['id']} {targets[:3]}"


def log_in(context: BrowserContext, user: User, url: str) -> None:
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])


@pytest.mark.parametrize("language", LANGUAGES)
def test_public_pages(context: BrowserContext, page: Page, live_server, language):
    crawl = Crawl(page, of_language(language))
    faults = crawl.faults
    number = 0

    for path in crawl.pages(live_server.url + address("start", language)):
        number += 1
        if context.cookies() and page.locator("form[method=post]").count() == 0:
            faults.append(f"{path}: sets a cookie")
        context.clear_cookies()
        faults += violations(page)

    assert faults == []
    assert number > 20


@pytest.mark.parametrize("language", LANGUAGES)
def test_my_pages(context: BrowserContext, page: Page, live_server, member, language):
    log_in(context, member, live_server.url)
    mine = {address(name, language) for name in ("my-pages", "account_email", "mfa_index")}
    in_language = of_language(language)
    crawl = Crawl(page, lambda path: in_language(path))
    del mine
    faults = crawl.faults
    number = 0

    for _path in crawl.pages(live_server.url + address("my-pages", language)):
        number += 1

    assert faults == []
    assert number > 10
