"""What one request costs in the web process, beside the floor: a view that does nothing."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_benchmark.fixture import BenchmarkFixture

from tests.factories import billing
from tests.factories.news import create_articles

pytestmark = [pytest.mark.django_db, pytest.mark.benchmark(group="pages")]


def ask(client: Client, address: str) -> Callable[[], None]:
    def once() -> None:
        answer = client.get(address)
        assert answer.status_code == 200

    return once


def bench_floor(benchmark: BenchmarkFixture, client: Client) -> None:
    """All middleware and one trivial view: no page can be cheaper than this."""
    benchmark(ask(client, reverse("healthz")))


@pytest.mark.parametrize("name", ["start", "news:list"])
def bench_public_page(benchmark: BenchmarkFixture, client: Client, name: str) -> None:
    create_articles(30)
    benchmark(ask(client, reverse(name)))


@pytest.mark.benchmark(group="invoices")
def bench_issue_invoice(benchmark: BenchmarkFixture) -> None:
    """Number, snapshot, lines, reference and the mail in the queue, in one transaction."""
    benchmark(billing.issue_invoice)
