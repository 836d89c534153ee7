"""Kills at random moments, of the worker or of its database: afterwards all is whole.

`DRILL_KILLS` says how many (50 unless set), `DRILL_SEED` repeats a run.
"""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from billing.models import Invoice, Series
from mail.models import Mail
from members.models import Membership
from tests.drills import figures, work
from tests.drills.work import ACTIVITIES, PEOPLE, TODAY
from tests.processes import database_url

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

KILLS = int(os.environ.get("DRILL_KILLS", "50"))
SEED = int(os.environ.get("DRILL_SEED", "0")) or random.randrange(1, 10**6)


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """An association in the middle of its year, and what a process of it needs."""
    monkeypatch.setenv("BANK_FILES", str(tmp_path / "bank"))
    work.prepare()
    return {
        **os.environ,
        "SITE_MODE": "test",
        "DATABASE_URL": database_url(),
        "ERASURE_LEDGER": str(tmp_path / "erasures.jsonl"),
    }


def start(activity: str, environment: dict[str, str]) -> subprocess.Popen[str]:
    worker = subprocess.Popen(
        [sys.executable, "-m", "tests.drills.work", activity],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert worker.stdout is not None
    assert worker.stdout.readline() == "ready\n", worker.communicate()[1]
    return worker


def break_database() -> None:
    """Every line to the database but ours is cut, as when it is restarted."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def kill(worker: subprocess.Popen[str], chance: random.Random) -> bool:
    """After a moment, it or its database. Returns whether it was still at work."""
    time.sleep(chance.uniform(0, 0.8))
    was_at_work = worker.poll() is None
    if chance.random() < 0.3:
        break_database()
        worker.communicate(timeout=120)
    else:
        worker.kill()
        worker.communicate()
    return was_at_work


def finish(activity: str, environment: dict[str, str]) -> None:
    worker = start(activity, environment)
    said = worker.communicate(timeout=300)
    assert worker.returncode == 0, said[1]


def drill_random_kills_leave_everything_whole_and_everything_gets_done(environment):
    print(f"DRILL_SEED={SEED} DRILL_KILLS={KILLS}")
    chance = random.Random(SEED)
    died_at_work = 0
    for number in range(KILLS):
        worker = start(list(ACTIVITIES)[number % len(ACTIVITIES)], environment)
        died_at_work += kill(worker, chance)
        assert work.faults() == []
    figures.note("one kind of work", f"{KILLS} kills, {died_at_work} of them at work; ledger whole")
    assert died_at_work >= KILLS // 3, "they were too quick to be killed at work"

    for activity in [*ACTIVITIES, *ACTIVITIES]:
        finish(activity, environment)
    assert work.faults() == []
    assert work.done() == dict.fromkeys(work.done(), PEOPLE)
    waiting = Mail.objects.exclude(state=Mail.State.SENT).filter(not_before__lte=timezone.now())
    assert waiting.exclude(state=Mail.State.DROPPED).count() == 0


def drill_the_control_without_transactions_they_leave_a_mess(environment):
    """The same kills, with every statement standing alone: the examination has to see it."""
    chance, unsafe = random.Random(SEED), {**environment, "DRILL_UNSAFE": "yes"}
    for number in range(KILLS):
        kill(start(("sign_up", "book", "renew", "erase")[number % 4], unsafe), chance)
        if work.faults():
            return
    pytest.fail("nothing was broken, so nothing would have been seen")


def drill_the_control_a_number_without_its_invoice_is_found(environment):
    """The same question to a ledger in which a number was taken and nothing issued."""
    assert work.faults() == []
    series = Series.objects.get(code=Invoice.Kind.INVOICE)
    Series.objects.filter(pk=series.pk).update(next=series.next + 1)
    assert "series invoice: a gap in the numbers" in work.faults()


def drill_two_nights_at_once_do_what_one_does(environment):
    """Two beats by mistake: everything is asked for twice at the same moment."""
    workers = [start("renew", environment), start("renew", environment)]
    for worker in workers:
        said = worker.communicate(timeout=300)
        assert worker.returncode == 0, said[1]
    assert work.faults() == []
    assert Membership.objects.filter(starts_on__gt=TODAY).count() == PEOPLE
    keys = Mail.objects.filter(key__contains="renew").values_list("key", flat=True)
    assert len(keys) == len(set(keys))
