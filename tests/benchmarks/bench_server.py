"""Seats a second at one hot event; and the server for whoever measures a page of very many rows."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from events.models import Booking
from tests.benchmarks.conftest import VISITS
from tests.benchmarks.serving import (
    Browser,
    Server,
    done,
    figures,
    measure_page,
    serving,
    worked,
)
from tests.factories import events

__all__ = ["Server", "worked"]  # for other benchmarks
pytestmark = [pytest.mark.usefixtures("site"), pytest.mark.benchmark(group=VISITS)]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serving(tmp_path) as started:
        yield started


@pytest.fixture
def served(server: Server, benchmark: Any) -> Callable[..., None]:
    return partial(measure_page, server, benchmark)


# --- One hot event ------------------------------------------------------------------------------

SEATS, WISHES, BUYERS = 400, 500, 8
TOKEN = "a" * 32


def bench_seat_of_a_hot_event(server: Server, benchmark: Any) -> None:
    """Seats a second: eight lines at once want more than there are, each time with a new cart."""
    now = timezone.now()
    event = events.event(
        capacity=SEATS, prices={"public": "500"}, starts_at=now + timedelta(days=30)
    )
    path = reverse("events:hold", args=[event.slug, "on_site"])
    for _ in range(20):
        server.browser().get(reverse("events:event", args=[event.slug]))
    told: list[tuple[float, int]] = []
    begun = server.cpu()
    benchmark.pedantic(lambda: rush(server, path, told), rounds=1)
    benchmark.extra_info.update(figures(told, server.cpu() - begun))
    assert Booking.objects.filter(event=event, state="held").count() == SEATS
    assert len(told) == WISHES


def rush(server: Server, path: str, told: list[tuple[float, int]]) -> None:
    wishes = iter(range(WISHES))
    buyers = [
        threading.Thread(target=buy, args=(server.browser(), path, wishes, told))
        for _ in range(BUYERS)
    ]
    for buyer in buyers:
        buyer.start()
    for buyer in buyers:
        buyer.join()


def buy(browser: Browser, path: str, wishes: Iterator[int], told: list[tuple[float, int]]) -> None:
    for number in wishes:
        # Somebody else each time, elsewhere. The token in cookie and form are the same.
        browser.cookies, browser.number = {"csrftoken": TOKEN}, number
        told.append(done(put_into_cart, browser, path))


def put_into_cart(browser: Browser, path: str) -> None:
    answer = browser.post(path, {"csrfmiddlewaretoken": TOKEN})
    assert answer.status in {302, 409}  # held, or full
