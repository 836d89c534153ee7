"""Milliseconds of CPU that a request takes from a web process, beside a view that does nothing.

The application is called as the web server calls it, through all middleware. What the database
itself spends is not in it.
"""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.wsgi import application
from events.models import Event
from members.models import User
from news.models import Article
from tests.benchmarks.conftest import PAGES
from tests.factories import events, members
from tests.factories.news import create_articles

pytestmark = [
    pytest.mark.usefixtures("site"),
    pytest.mark.benchmark(group=PAGES, timer=time.process_time),
]


def asking(address: str, *, cookie: str = "") -> Callable[[], None]:
    def ask() -> None:
        statuses: list[str] = []
        request: dict[str, Any] = {"PATH_INFO": address, "HTTP_HOST": "testserver"}
        if cookie:
            request["HTTP_COOKIE"] = cookie
        setup_testing_defaults(request)
        response: Any = application(request, lambda status, _headers: statuses.append(status))
        b"".join(response)
        response.close()
        assert statuses == ["200 OK"]

    return ask


def programme() -> Event:
    """Twenty events, each with its prices and thirty seats taken. Returns the next one."""
    now = timezone.now()
    made = [events.event(capacity=50, starts_at=now + timedelta(days=day)) for day in range(5, 25)]
    for event in made:
        for seat in range(1, 31):
            events.confirmed(event, seat=seat)
    return made[0]


def member_of_three_years() -> User:
    today = timezone.localdate()
    person = members.person()
    for years in (2, 1, 0):
        members.membership(person, starts_on=today - timedelta(days=100 + 366 * years))
    return person


def cookie_of(person: User) -> str:
    client = Client()
    client.force_login(person)
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={client.cookies[name].value}"


def bench_floor_an_empty_view(page: Callable[..., None]) -> None:
    page(asking(reverse("healthz")))


def bench_start(page: Callable[..., None]) -> None:
    create_articles(30)
    programme()
    page(asking(reverse("start")))


def bench_news_list(page: Callable[..., None]) -> None:
    create_articles(30)
    page(asking(reverse("news:list")))


def bench_article(page: Callable[..., None]) -> None:
    create_articles(30)
    page(asking(Article.objects.all()[0].edition("sv").url))


def bench_event_list(page: Callable[..., None]) -> None:
    programme()
    page(asking(reverse("events:list")))


def bench_event(page: Callable[..., None]) -> None:
    page(asking(reverse("events:event", args=[programme().slug])))


def bench_event_as_member(page: Callable[..., None]) -> None:
    address = reverse("events:event", args=[programme().slug])
    page(asking(address, cookie=cookie_of(member_of_three_years())))


def bench_join(page: Callable[..., None]) -> None:
    page(asking(reverse("members:join")))


def bench_privacy_notice(page: Callable[..., None]) -> None:
    page(asking(reverse("privacy:notice")))


def bench_log_in_page(page: Callable[..., None]) -> None:
    page(asking(reverse("account_login")))


def bench_my_pages(page: Callable[..., None]) -> None:
    """Three years with their invoices, and five seats."""
    person = member_of_three_years()
    for day in range(5, 10):
        event = events.event(starts_at=timezone.now() + timedelta(days=day))
        events.confirmed(event, user=person, name=person.name, email=person.email, seat=1)
    page(asking(reverse("my-pages"), cookie=cookie_of(person)))
