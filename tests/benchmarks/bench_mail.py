"""The queue of outgoing mail, and the floor of all work that writes."""

import itertools
from collections.abc import Callable

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from mail import operations
from mail.models import Mail
from tests.benchmarks.conftest import WORK
from tests.factories.mail import create_mail

pytestmark = pytest.mark.benchmark(group=WORK)

_count = itertools.count(1)


def bench_floor_one_row_committed(
    benchmark: BenchmarkFixture, count_queries: Callable[..., None]
) -> None:
    """Nothing that is written costs less."""
    count_queries(write_row)
    benchmark.pedantic(write_row, rounds=300, warmup_rounds=20)


def bench_mail_queued(benchmark: BenchmarkFixture, count_queries: Callable[..., None]) -> None:
    """Subject, text and HTML rendered in the receiver's language, and the row."""
    queue_mail()
    count_queries(queue_mail)
    benchmark.pedantic(queue_mail, rounds=300)


def bench_mail_sent(benchmark: BenchmarkFixture, count_queries: Callable[..., None]) -> None:
    """Claimed, handed to a mail server that takes it at once, marked."""
    operations.send_one(mail_id=queue_mail().pk)
    waiting = queue_mail()
    count_queries(lambda: operations.send_one(mail_id=waiting.pk))
    benchmark.pedantic(send, setup=lambda: ((queue_mail(),), {}), rounds=300)


def write_row() -> None:
    create_mail(key=f"bench:row:{next(_count)}")


def queue_mail() -> Mail:
    return operations.queue(
        key=f"bench:{next(_count)}",
        template="billing/email/reminder",
        receiver=operations.Receiver(email="anna@example.org", language="sv"),
        context={"heading": "Påminnelse", "text": "Betala gärna", "balance": "1 645 kr"},
    )


def send(mail: Mail) -> None:
    assert operations.send_one(mail_id=mail.pk)
