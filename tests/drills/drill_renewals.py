"""Ten thousand years are renewed by two processes, which are killed again and again.

`DRILL_MEMBERS` says how many are renewed, `DRILL_RUN_KILLS` how often somebody is killed.
"""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
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
TOO_QUICK = "they were too quick to be killed at work"
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
    return association(tmp_path)


def association(tmp_path: Path) -> dict[str, str]:
    """Members whose year began today, so that a run in a year's time finds them all due. What a
    process of it needs.
    """
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
    assert killed(environment, "renew", renewed) >= KILLS, TOO_QUICK
    assert outcome() == WHOLE, f"DRILL_SEED={SEED}"


def drill_the_control_without_transactions_something_is_missing(environment):
    """The same kills, with every statement standing alone."""
    killed({**environment, "DRILL_UNSAFE": "yes"}, "renew", renewed)
    assert outcome() != WHOLE


def killed(environment: dict[str, str], activity: str, done: Callable[[], int]) -> int:
    """Two runs are killed again and again, and start anew. How many were still at work."""
    chance, at_work = random.Random(SEED), 0
    for number in range(KILLS):
        workers = begin(environment, activity)
        wait_for(MEMBERS * (number + 1) // (KILLS + 1), done, workers)
        for worker in workers:
            time.sleep(chance.uniform(0, 0.1))  # so that the blow falls anywhere in a batch
            at_work += worker.poll() is None
            worker.kill()
            worker.communicate()
    finish(environment, activity)
    return at_work


def finish(environment: dict[str, str], activity: str) -> None:
    for worker in begin(environment, activity):
        said = worker.communicate(timeout=PATIENCE)
        assert worker.returncode == 0 or "DRILL_UNSAFE" in environment, said[1]


def begin(environment: dict[str, str], activity: str) -> list[subprocess.Popen[str]]:
    """Two, at the same moment."""
    command = [sys.executable, "-m", "tests.drills.work", activity]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    workers = [subprocess.Popen(command, env=environment, **pipes) for _ in range(2)]
    assert [worker.stdout.readline() for worker in workers] == ["ready\n"] * 2
    return workers


def wait_for(goal: int, done: Callable[[], int], workers: list[subprocess.Popen[str]]) -> None:
    """Until so many have been done."""
    deadline = time.monotonic() + PATIENCE
    while done() < goal and any(worker.poll() is None for worker in workers):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def next_years():
    return Membership.objects.filter(starts_on__gt=YEAR.first)


def renewed() -> int:
    return next_years().count()


def outcome() -> dict[str, object]:
    years = list(next_years().values_list("user", "invoice"))
    return {
        "numbers without a gap": without_a_gap(Series.Code.INVOICE),
        "years a person": times(person for person, _invoice in years),
        "invoices a year": times(invoice for _person, invoice in years if invoice),
        "letters": Counter(letters()),
        "findings": list(integrity.findings()),
    }


def without_a_gap(code: str) -> bool:
    series = Series.objects.get(code=code)
    numbers = Invoice.objects.filter(kind=code).order_by("sequence")
    taken = range(series.first, series.next)
    return list(numbers.values_list("sequence", flat=True)) == list(taken)


def letters() -> list[str]:
    """What each is about: `membership:17:renewal`, `invoice:17`."""
    keys = (key.split(":") for key in Mail.objects.values_list("key", flat=True))
    return [about if about != "membership" else rest[-1] for about, *rest in keys]


def times(things) -> dict[int, int]:
    """How many stand there once, how many twice."""
    return dict(Counter(Counter(things).values()))
