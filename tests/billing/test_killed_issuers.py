"""Workers that issue invoices are killed in the middle: no number is lost, none is given twice."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from billing import ledger
from billing.models import Invoice
from tests.processes import database_url

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.drill,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("committing"),
]

PATIENCE = 900  # seconds


def start(total: int, seed: int, *how: str) -> subprocess.Popen:
    command = [sys.executable, "-m", "tests.billing.issuing_worker", str(total), str(seed), *how]
    return subprocess.Popen(command, env={**os.environ, "DATABASE_URL": database_url()})


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def issue_with_kills(total: int, kills: int, seed: int) -> int:
    """How many were still at work when they were killed."""
    chance, killed = random.Random(seed), 0
    workers = [start(total, seed), start(total, seed + 1)]
    for kill in range(kills):
        goal = total * (kill + 1) // (kills + 1)
        wait_until(lambda goal=goal: Invoice.objects.count() >= goal)
        victim = chance.choice(workers)
        killed += victim.poll() is None
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        workers[workers.index(victim)] = start(total, seed + 10 + kill)
    assert [worker.wait(PATIENCE) for worker in workers] == [0, 0]
    return killed


def test_ten_thousand_numbers_have_no_gaps():
    total, kills = 10_000, 5

    killed = issue_with_kills(total, kills, seed=1)

    taken = Invoice.objects.order_by("sequence").values_list("sequence", flat=True)
    assert killed == kills
    assert list(taken) == list(range(10_001, 10_001 + total))
    assert list(ledger.findings()) == []


def test_numbers_taken_before_the_invoice_leave_gaps():
    """The control: what a database sequence would do, with one rollback in a hundred."""
    worker = start(1_000, 1, "number-first")

    assert worker.wait(PATIENCE) == 0
    assert any(finding.startswith("series invoice") for finding in ledger.findings())
