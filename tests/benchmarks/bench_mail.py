"""The queue of outgoing mail, and the floor of all work that writes."""

import itertools
from collections.abc import Callable

import pytest

from billing.emails import send_documents
from mail import operations
from mail.models import Mail
from tests.benchmarks.conftest import WORK
from tests.factories import billing
from tests.factories.mail import create_mail

pytestmark = [pytest.mark.usefixtures("site"), pytest.mark.benchmark(group=WORK)]

MAILS, MAILED = 300, 100

_count = itertools.count(1)


def bench_floor_one_row_committed(work: Callable[..., None]) -> None:
    """Nothing that is written costs less."""
    write_row()
    work(write_row, times=MAILS)


def bench_mail_queued(work: Callable[..., None]) -> None:
    """Subject, text and HTML rendered in the receiver's language, and the row."""
    queue_mail()
    work(queue_mail, times=MAILS)


def bench_mail_sent(work: Callable[..., None]) -> None:
    """Claimed, handed to a mail server that takes it at once, marked."""
    waiting = iter([queue_mail() for _ in range(MAILS)])
    work(lambda: send(next(waiting)), times=MAILS)


def bench_mail_of_a_mailing_sent(work: Callable[..., None]) -> None:
    """An invoice queued among many: worded when it leaves, its PDF made, all by one sweep."""
    billing.issue_invoice()
    operations.sweep()
    send_documents([billing.issue_invoice(mail=False) for _ in range(MAILED)])
    work(sweep, items=MAILED)


def sweep() -> None:
    assert operations.sweep() == MAILED


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
