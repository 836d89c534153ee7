"""Ten thousand years are renewed by two processes, which are killed again and again.

`DRILL_MEMBERS` says how many are renewed, `DRILL_RUN_KILLS` how often somebody is killed.
"""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from billing.models import Invoice, Series
from config import integrity
from mail.models import Mail
from members.models import Membership
from members.periods import year_number
from tests.benchmarks import filling
from tests.drills.drill_kills import SEED
from tests.drills.work import TODAY
from tests.factories import events
from tests.processes import database_url

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

MEMBERS = int(os.environ.get("DRILL_MEMBERS", "10000"))
KILLS = int(os.environ.get("DRILL_RUN_KILLS", "8"))
PATIENCE = 300  # seconds
YEAR = year_number(TODAY, 0)
WHOLE = {
    "numbers without a gap": True,
    "years a person": {1: MEMBERS},
    "invoices a year": {1: MEMBERS},
    "letters": Counter(renewal=MEMBERS, invoice=MEMBERS),
    "findings": [],
}


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Members whose year began today, so that a run in a year's time finds them all due."""
    events.first_rows()
    filling.members_due(MEMBERS, YEAR)
    return {
        **os.environ,
        "SITE_MODE": "test",
        "CELERY_TASK_ALWAYS_EAGER": "false",  # the letters wait
        "DATABASE_URL": database_url(),
        "ERASURE_LEDGER": str(tmp_path / "erasures.jsonl"),
    }


def drill_a_run_that_is_killed_leaves_no_gap_and_forgets_nobody(environment):
    assert renew_with_kills(environment) >= KILLS, "they were too quick to be killed at work"
    assert outcome() == WHOLE, f"DRILL_SEED={SEED}"


def drill_the_control_without_transactions_something_is_missing(environment):
    """The same kills, with every statement standing alone."""
    renew_with_kills({**environment, "DRILL_UNSAFE": "yes"})
    assert outcome() != WHOLE


def renew_with_kills(environment: dict[str, str]) -> int:
    """Both are killed again and again, and start anew. Returns how many were still at work."""
    chance, at_work = random.Random(SEED), 0
    for number in range(KILLS):
        workers = begin(environment)
        wait_for(MEMBERS * (number + 1) // (KILLS + 1), workers)
        for worker in workers:
            time.sleep(chance.uniform(0, 0.1))  # so that the blow falls anywhere in a batch
            at_work += worker.poll() is None
            worker.kill()
            worker.communicate()
    for worker in begin(environment):
        said = worker.communicate(timeout=PATIENCE)
        assert worker.returncode == 0 or "DRILL_UNSAFE" in environment, said[1]
    return at_work


def begin(environment: dict[str, str]) -> list[subprocess.Popen[str]]:
    """Two, at the same moment."""
    command = [sys.executable, "-m", "tests.drills.work", "renew"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    workers = [subprocess.Popen(command, env=environment, **pipes) for _ in range(2)]
    assert [worker.stdout.readline() for worker in workers] == ["ready\n"] * 2
    return workers


def wait_for(goal: int, workers: list[subprocess.Popen[str]]) -> None:
    """Until so many have been renewed."""
    deadline = time.monotonic() + PATIENCE
    while next_years().count() < goal and any(worker.poll() is None for worker in workers):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def next_years():
    return Membership.objects.filter(starts_on__gt=YEAR.first)


def outcome() -> dict[str, object]:
    series = Series.objects.get(code=Series.Code.INVOICE)
    numbers = Invoice.objects.order_by("sequence").values_list("sequence", flat=True)
    years = list(next_years().values_list("user", "invoice"))
    kinds = (key.rpartition(":")[2] if "renewal" in key else key.split(":")[0] for key in letters())
    return {
        "numbers without a gap": list(numbers) == list(range(series.first, series.next)),
        "years a person": times(person for person, _invoice in years),
        "invoices a year": times(invoice for _person, invoice in years if invoice),
        "letters": Counter(kinds),
        "findings": list(integrity.findings()),
    }


def letters() -> list[str]:
    return list(Mail.objects.values_list("key", flat=True))


def times(things) -> dict[int, int]:
    """How many stand there once, how many twice."""
    return dict(Counter(Counter(things).values()))
