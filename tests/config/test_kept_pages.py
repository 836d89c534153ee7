"""A page that is the same for all is made once, and nobody gets what was made for somebody."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.cache import cache, caches
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import events, members
from tests.factories.news import create_article, text

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=ZoneInfo("Europe/Stockholm"))


@pytest.fixture(autouse=True)
def _kept(settings):
    settings.PAGES_KEPT_S = 60


@pytest.fixture
def article():
    return create_article()


def test_the_second_visitor_costs_no_query(article, django_assert_num_queries):
    path = reverse("news:list")
    first = Client().get(path)
    with django_assert_num_queries(0):
        second = Client().get(path)
    assert (second.content, second["ETag"]) == (first.content, first["ETag"])
    answers = [{**answer.headers, "X-Request-ID": ""} for answer in (first, second)]
    assert {**answers[0], "Age": "0"} == answers[1]


def test_who_has_the_page_is_told_so(article):
    path = reverse("news:list")
    tag = Client().get(path)["ETag"]
    answer = Client().get(path, headers={"If-None-Match": tag})
    assert (answer.status_code, answer.content) == (304, b"")


def test_the_languages_and_the_packing_are_pages_of_their_own(article):
    path = reverse("news:list")
    swedish, english = Client().get(path), Client().get(f"/en{path}".replace("nyheter", "news"))
    assert swedish.content != english.content
    packed = Client().get(path, headers={"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert not Client().get(path).has_header("Content-Encoding")


def test_who_brings_a_cookie_gets_the_page_made_anew(article):
    path = reverse("start")
    Client().get(path)
    member = Client()
    member.force_login(members.person(name="Berit Kaka"))
    own = member.get(path)
    assert own["Cache-Control"] == "no-store, private"
    # And nobody is given hers.
    assert Client().get(path).content != own.content


@pytest.mark.parametrize("address", ["account_login", "news:newsletter"])
def test_a_form_is_one_visitors(address):
    tokens = {Client().get(reverse(address)).cookies["csrftoken"].value for _ in range(2)}
    assert len(tokens) == 2


def test_a_page_with_a_nonce_is_not_kept():
    events.first_rows()
    event = events.event(published_at=timezone.now() - timedelta(days=1))
    path = reverse("events:event", args=[event.slug])
    assert Client().get(path).content != Client().get(path).content


def test_a_change_is_seen_when_its_time_has_come(article):
    path = reverse("news:list")
    before = Client().get(path).content
    create_article(texts={"sv": text(title="Ett nytt ord")})
    assert Client().get(path).content == before
    caches["pages"].clear()  # what sixty seconds do
    assert "Ett nytt ord" in Client().get(path).content.decode()


def test_a_kept_page_tells_its_age(article):
    """So that whoever keeps it behind us counts from when it was made."""
    path = reverse("news:list")
    with time_machine.travel(NOON, tick=False) as clock:
        assert not Client().get(path).has_header("Age")
        clock.shift(7)
        assert Client().get(path)["Age"] == "7"


def test_what_visitors_ask_for_pushes_out_no_limit(article, settings, tmp_path):
    """In a cache of files, as a small association has it: that one throws out at random."""
    settings.CACHES = {**settings.CACHES, "default": files(tmp_path, MAX_ENTRIES=50)}
    tickets = [f"ticket:{number}" for number in range(40)]
    for ticket in tickets:
        cache.add(ticket, True)
    for number in range(600):
        Client().get(f"{reverse('healthz')}?{number}")
    assert not any(cache.add(ticket, True) for ticket in tickets)
    assert 300 < len(caches["pages"]._cache) <= 500


def test_control_a_cache_that_is_full_forgets_tickets(settings, tmp_path):
    settings.CACHES = {**settings.CACHES, "default": files(tmp_path, MAX_ENTRIES=50)}
    tickets = [f"ticket:{number}" for number in range(40)]
    for key in [*tickets, *range(600)]:
        cache.set(key, True)
    assert any(cache.add(ticket, True) for ticket in tickets)


def test_a_cache_that_is_away_is_not_asked_for_a_page(article, settings):
    away = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://[::1]:1"}
    settings.CACHES = {**settings.CACHES, "default": away}
    made = [Client().get(reverse("news:list")) for _ in range(2)]
    assert [answer.status_code for answer in made] == [200, 200]


def files(directory, **options):
    backend = "django.core.cache.backends.filebased.FileBasedCache"
    return {"BACKEND": backend, "LOCATION": str(directory), "OPTIONS": options}
