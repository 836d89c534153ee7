"""A page that is the same for all is made once, and nobody gets what was made for somebody."""

from datetime import timedelta

import pytest
import redis
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config import kept_pages
from tests.factories import events, members
from tests.factories.news import create_article, text

pytestmark = pytest.mark.django_db


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
    assert answers[0] == answers[1]


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
    cache.clear()  # what sixty seconds do
    assert "Ett nytt ord" in Client().get(path).content.decode()


@pytest.fixture
def silent(monkeypatch):
    """How often a cache that does not answer has been asked; each time is seconds of waiting."""
    asked = []

    def away(*_, **__):
        asked.append(1)
        raise redis.TimeoutError

    monkeypatch.setattr(cache, "get", away)
    monkeypatch.setattr(cache, "set", away)
    return asked


def test_without_redis_the_pages_are_made_for_each_and_one_waits_for_it(article, silent):
    visitor = Client()
    made = [visitor.get(reverse("news:list")) for _ in range(5)]
    assert [answer.status_code for answer in made] == [200] * 5
    assert {answer.content for answer in made} == {made[0].content}
    assert silent == [1]


def test_control_every_visitor_waits_for_a_cache_that_is_asked_again(article, silent, monkeypatch):
    monkeypatch.setattr(kept_pages, "LEFT_ALONE_S", 0)
    visitor = Client()
    for _ in range(5):
        visitor.get(reverse("news:list"))
    assert silent == [1] * 10


def test_a_cache_that_is_back_is_found_after_a_while(
    article, silent, monkeypatch, django_assert_num_queries
):
    visitor, path = Client(), reverse("news:list")
    visitor.get(path)
    monkeypatch.undo()
    visitor.get(path)
    monkeypatch.setattr(kept_pages, "LEFT_ALONE_S", 0)  # what thirty seconds do
    made = visitor.get(path)
    with django_assert_num_queries(0):
        assert visitor.get(path).content == made.content
