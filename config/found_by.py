"""What search engines read first: which pages there are, and which are none of their business."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

import events.editions
from events.models import Event
from news.editions import START
from news.models import Article, Page
from privacy.access import public

LANGUAGES = ("sv", "en")
STANDING = (
    "start",
    "news:list",
    "events:list",
    "members:join",
    "news:newsletter",
    "privacy:notice",
)
# Nothing secret is guarded by this: it only spares visitors the useless hits.
NOT_TO_BE_LISTED = ("admin:index", "my-pages", "events:cart", "account_login")


@dataclass(frozen=True)
class Entry:
    """One page in its languages: address by language."""

    addresses: dict[str, str]
    changed_at: datetime | None = None

    @property
    def alternates(self) -> dict[str, str]:
        return self.addresses if len(self.addresses) > 1 else {}


@public
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    closed = [address for name in NOT_TO_BE_LISTED for address in _named(name).values()]
    paths = [address.removeprefix(settings.SITE_URL) for address in closed]
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in paths),
        "",
        f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}",
    ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain")


@public
@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every public page, each in its own language with a pointer to the other. Four queries."""
    entries = [*_standing(), *_pages(), *_articles(timezone.now()), *_events(timezone.now())]
    return render(request, "sitemap.xml", {"entries": entries}, content_type="application/xml")


def _standing() -> Iterator[Entry]:
    return (Entry(_named(name)) for name in STANDING)


def _pages() -> Iterator[Entry]:
    for page in Page.objects.shown().exclude(code=START):
        addresses = {code: page.edition(code).canonical_url for code in page.languages}
        yield Entry(addresses, page.updated_at)


def _articles(now: datetime) -> Iterator[Entry]:
    for article in Article.objects.published(now).newest_first():
        addresses = {code: article.edition(code).canonical_url for code in article.languages}
        yield Entry(addresses, article.updated_at)


def _events(now: datetime) -> Iterator[Entry]:
    for event in Event.objects.published(now).order_by("-starts_at", "-pk"):
        yield Entry({code: events.editions.edition(event, code).full_url for code in LANGUAGES})


def _named(name: str) -> dict[str, str]:
    return _in_each(lambda _code: f"{settings.SITE_URL}{reverse(name)}")


def _in_each(address: Callable[[str], str]) -> dict[str, str]:
    found = {}
    for code in LANGUAGES:
        with translation.override(code):
            found[code] = address(code)
    return found
