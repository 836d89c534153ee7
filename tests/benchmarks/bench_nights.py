"""The jobs of the night as they are: commands on PostgreSQL, over an association of any size.

SCALE says how many members (10,000 unless set); 1,000,000 takes a quarter of an hour for each.
Beside the renewals stands their floor: the same rows copied by the database alone, into tables with
the same indexes.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, models

from billing.models import Invoice, InvoiceLine, InvoiceVat, Reminder
from mail.models import Mail
from members.models import Membership
from members.periods import year_number
from tests.benchmarks import filling
from tests.benchmarks.bench_server import worked
from tests.benchmarks.conftest import RUNS
from tests.processes import database_url

pytestmark = [pytest.mark.usefixtures("site"), pytest.mark.benchmark(group=RUNS)]

SCALE = int(os.environ.get("SCALE", "10000"))
YEAR = year_number(date(2025, 3, 16), 0)
TODAY = YEAR.last - timedelta(days=14)
WEEK_LATE = TODAY + timedelta(days=37)
UNPAID_TOO_LONG = TODAY + timedelta(days=90)
WRITTEN = [Membership, Membership.history.model, Invoice, InvoiceLine, InvoiceVat, Mail]

Night = Callable[..., None]


@pytest.fixture
def night(benchmark: Any) -> Night:
    """Runs a command to its end and notes what that took for each person."""

    def measure(
        command: str, day: date | None, *more: object, processes: int = 1, items: int = SCALE
    ) -> None:
        noted = benchmark.extra_info
        with database_cpu(noted):
            asked = (command, *([f"--date={day}"] if day else []), *map(str, more))
            spent = benchmark.pedantic(in_processes, args=(processes, *asked), rounds=1)
        noted.update(spent, items=items)

    return measure


def bench_renewals_in_two_processes(night: Night, benchmark: Any) -> None:
    filling.members_due(SCALE, YEAR)
    night("issue_renewals", TODAY, processes=2)
    assert Membership.objects.filter(starts_on__gt=YEAR.last).count() == SCALE
    assert Mail.objects.count() == 2 * SCALE
    benchmark.extra_info["floor"] = sum(map(copied, WRITTEN))


def bench_reminders(night: Night) -> None:
    """Nobody has paid."""
    filling.renewed(SCALE, YEAR, issued_on=TODAY)
    night("send_reminders", WEEK_LATE)
    assert Reminder.objects.count() == SCALE


def bench_endings(night: Night) -> None:
    """All are unpaid for too long: each gets a credit note and two letters."""
    filling.renewed(SCALE, YEAR, issued_on=TODAY)
    night("end_memberships", UNPAID_TOO_LONG)
    assert Membership.objects.filter(ended_why="unpaid").count() == SCALE


def bench_student_notices(night: Night) -> None:
    filling.members_due(SCALE, YEAR, kind="student")
    night("student_notices", TODAY)
    assert Mail.objects.count() == SCALE


def bench_clear_expired(night: Night) -> None:
    """A newsletter to everybody is a year old for everybody on one and the same night."""
    filling.letters(SCALE, written_on=TODAY - timedelta(days=366))
    filling.letters(SCALE, written_on=TODAY)
    filling.settle()
    night("clear_expired", TODAY)
    assert Mail.objects.count() == SCALE


def bench_check_ledger(night: Night) -> None:
    """With so many invoices, and no fault."""
    filling.renewed(SCALE, YEAR, issued_on=TODAY)
    night("check_ledger", None)


def in_processes(count: int, *command: str) -> dict[str, float]:
    """All at the same moment, to their end: what they spent, and the most that one of them held."""
    environment = {
        **os.environ,
        "SITE_MODE": "test",
        "CELERY_TASK_ALWAYS_EAGER": "false",
        "DATABASE_URL": database_url(),
    }
    started = [
        subprocess.Popen(
            [sys.executable, "manage.py", *command], env=environment, stdout=subprocess.DEVNULL
        )
        for _ in range(count)
    ]
    peak = watched(started)
    spent = []
    for process in started:
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        spent.append(usage)
    assert [process.returncode for process in started] == [0] * count
    return {
        "cpu": sum(usage.ru_utime + usage.ru_stime for usage in spent),
        "peak_mb": peak,
    }


def watched(processes: list[subprocess.Popen[bytes]]) -> float:
    """The most that one of them held, in MB, as they go: what the kernel says of it afterwards is
    never less than what this process holds, which began them.
    """
    at_work = os.WEXITED | os.WNOHANG | os.WNOWAIT
    peak = 0.0
    while running := [one.pid for one in processes if not os.waitid(os.P_PID, one.pid, at_work)]:
        peak = max(peak, *map(peak_of, running))
        time.sleep(0.05)
    return peak


def peak_of(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text().splitlines()
    return sum(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))


@contextmanager
def database_cpu(noted: dict[str, Any]) -> Iterator[None]:
    """Seconds that the server's processes work meanwhile, those that have ended by then too."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        (directory,) = cursor.fetchone()
    server = Path(directory, "postmaster.pid").read_text().split()[0]
    before = family_worked(server)
    yield
    noted["database_cpu"] = family_worked(server) - before


def family_worked(parent: str) -> float:
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return worked(parent, with_ended=True) + sum(worked(child) for child in children)


def copied(model: type[models.Model]) -> float:
    """Seconds."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE bare (LIKE {table} INCLUDING ALL)")
        begun = time.perf_counter()
        cursor.execute(f"INSERT INTO bare SELECT * FROM {table}")
        taken = time.perf_counter() - begun
        cursor.execute("DROP TABLE bare")
    return taken
