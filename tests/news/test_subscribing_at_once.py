"""One address asked for many times at the same moment, on real connections."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction

from mail.models import Mail
from news import operations
from news.models import Subscriber
from tests.factories.news import NOW, create_subscriber

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]
PRESSES = 8


def at_once(do) -> list[object]:
    start = threading.Barrier(PRESSES)

    def run(_index: int) -> object:
        start.wait()
        try:
            return do()
        finally:
            connection.close()

    with ThreadPoolExecutor(PRESSES) as pool:
        return list(pool.map(run, range(PRESSES)))


def test_many_presses_are_one_subscriber_and_one_mail():
    def press() -> int:
        return operations.subscribe(
            email="lasare@example.org", language="sv", consent="Ja", now=NOW
        ).pk

    assert len(set(at_once(press))) == 1
    assert (Subscriber.objects.count(), Mail.objects.count()) == (1, 1)


def test_without_the_guard_they_would_collide():
    """The control: look first and write then."""
    looked = threading.Barrier(PRESSES)

    @transaction.atomic
    def press() -> bool:
        is_new = not Subscriber.objects.filter(email__iexact="lasare@example.org").exists()
        looked.wait()
        try:
            return is_new and bool(create_subscriber())
        except IntegrityError:
            transaction.set_rollback(True)
            return False

    assert at_once(press).count(False) == PRESSES - 1
