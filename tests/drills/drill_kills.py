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

from billing.models import BankFile, BankTransaction, Invoice, Payment, Series
from config import integrity
from events.models import Booking
from mail.models import Mail
from members.models import Membership, User
from tests.benchmarks.bench_billing import entry
from tests.billing.bankdata.camt import Camt
from tests.drills.work import ACTIVITIES, PEOPLE, TODAY
from tests.factories import billing, events, members
from tests.processes import database_url

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

KILLS = int(os.environ.get("DRILL_KILLS", "50"))
SEED = int(os.environ.get("DRILL_SEED", "0")) or random.randrange(1, 10**6)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An association in the middle of its year, and what a process of it needs."""
    events.first_rows()
    events.event(slug="drill", capacity=PEOPLE, prices={"public": "500"})
    for number in range(PEOPLE):
        billing.issue_invoice(source=f"drill:{number}", today=TODAY)
        members.membership(starts_on=TODAY, paid=False)
    to_bank = [billing.issue_invoice(source=f"bank:{number}") for number in range(PEOPLE)]
    file = tmp_path / "bank.xml"
    file.write_bytes(Camt(tuple(entry(invoice) for invoice in to_bank)).data())
    return {
        **os.environ,
        "SITE_MODE": "test",
        "DATABASE_URL": database_url(),
        "BANK_FILE": str(file),
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


def be_whole() -> None:
    found = list(integrity.findings())
    assert found == []
    for series in Series.objects.all():
        numbers = sorted(
            Invoice.objects.filter(kind=series.code).values_list("sequence", flat=True)
        )
        assert numbers == list(range(series.first, series.next)), "a gap in the numbers"


def drill_random_kills_leave_everything_whole_and_everything_gets_done(environment):
    print(f"DRILL_SEED={SEED} DRILL_KILLS={KILLS}")
    chance = random.Random(SEED)
    died_at_work = 0
    for kill in range(KILLS):
        worker = start(list(ACTIVITIES)[kill % len(ACTIVITIES)], environment)
        time.sleep(chance.uniform(0, 0.8))
        died_at_work += worker.poll() is None
        if chance.random() < 0.3:
            break_database()
            worker.communicate(timeout=120)
        else:
            worker.kill()
            worker.communicate()
        be_whole()
    assert died_at_work >= KILLS // 3, "they were too quick to be killed at work"

    for activity in ACTIVITIES:
        for _twice in range(2):
            worker = start(activity, environment)
            said = worker.communicate(timeout=300)
            assert worker.returncode == 0, said[1]
    be_whole()
    assert User.objects.filter(email__startswith="new").count() == PEOPLE
    assert Membership.objects.filter(starts_on__gt=TODAY).count() == PEOPLE * 2
    assert Booking.objects.filter(event__slug="drill", state="confirmed").count() == PEOPLE
    paid = Payment.objects.filter(external_id__startswith="drill:")
    assert paid.count() == PEOPLE
    assert BankFile.objects.count() == 1
    assert BankTransaction.objects.count() == PEOPLE
    assert Payment.objects.filter(bank_transaction__isnull=False).count() == PEOPLE
    waiting = Mail.objects.exclude(state=Mail.State.SENT).filter(not_before__lte=timezone.now())
    assert waiting.count() == 0


def drill_the_control_a_number_without_its_invoice_is_found(environment):
    """The same question to a ledger in which a number was taken and nothing issued."""
    be_whole()
    series = Series.objects.get(code=Invoice.Kind.INVOICE)
    Series.objects.filter(pk=series.pk).update(next=series.next + 1)
    with pytest.raises(AssertionError):
        be_whole()


def drill_two_nights_at_once_do_what_one_does(environment):
    """Two beats by mistake: everything is asked for twice at the same moment."""
    workers = [start("renew", environment), start("renew", environment)]
    for worker in workers:
        said = worker.communicate(timeout=300)
        assert worker.returncode == 0, said[1]
    be_whole()
    assert Membership.objects.filter(starts_on__gt=TODAY).count() == PEOPLE
    keys = Mail.objects.filter(key__contains="renew").values_list("key", flat=True)
    assert len(keys) == len(set(keys))
