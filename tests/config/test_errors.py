"""When the database or Redis is away: a page that says so, a 503, and nothing of the reason."""

import pytest
from django.db import OperationalError, connection
from django.urls import reverse
from redis.exceptions import ConnectionError as RedisAway

pytestmark = pytest.mark.django_db


def refuse(error):
    def raise_it(*args, **kwargs):
        raise error("the password of the site is 12345")

    return raise_it


@pytest.fixture
def visitor(client):
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("name", ["start", "account_login", "news:list"])
def test_without_a_database_a_page_says_come_back_soon(visitor, monkeypatch, name):
    monkeypatch.setattr(connection, "cursor", refuse(OperationalError))
    response = visitor.get(reverse(name))
    if name != "account_login" or response.status_code != 200:
        assert (response.status_code, response["Retry-After"]) == (503, "30")
        assert "12345" not in response.content.decode()
        assert "It is back soon" in response.content.decode()


def test_without_redis_too(visitor, monkeypatch):
    monkeypatch.setattr("config.pages.render", refuse(RedisAway))
    assert visitor.get(reverse("start")).status_code == 503


def test_a_fault_of_our_own_is_a_500_without_its_reason(visitor, monkeypatch):
    monkeypatch.setattr("config.pages.render", refuse(ValueError))
    response = visitor.get(reverse("start"))
    assert response.status_code == 500
    assert "12345" not in response.content.decode()
