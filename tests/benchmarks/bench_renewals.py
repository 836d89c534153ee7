"""The renewal run as it is: two processes of `manage.py issue_renewals` on PostgreSQL.

SCALE says how many members (10,000 unless set); 1,000,000 takes a quarter of an hour. Beside it
stands the floor: the same rows copied by the database alone, into tables with the same indexes.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, models

from billing.models import Invoice, InvoiceLine, InvoiceVat
from mail.models import Mail
from members.models import Membership
from members.periods import year_number
from tests.benchmarks import filling
from tests.benchmarks.bench_server import worked
from tests.benchmarks.conftest import RUNS
from tests.processes import database_url

pytestmark = [pytest.mark.usefixtures("site"), pytest.mark.benchmark(group=RUNS)]

SCALE = int(os.environ.get("SCALE", "10000"))
PROCESSES = int(os.environ.get("PROCESSES", "2"))
YEAR = year_number(date(2025, 3, 16), 0)
TODAY = YEAR.last - timedelta(days=14)
WRITTEN = [Membership, Membership.history.model, Invoice, InvoiceLine, InvoiceVat, Mail]


def bench_renewal_run(benchmark: Any) -> None:
    filling.members_due(SCALE, YEAR)
    noted = benchmark.extra_info
    with database_cpu(noted):
        run = benchmark.pedantic(in_processes, args=("issue_renewals",), rounds=1)
    assert Membership.objects.filter(starts_on__gt=YEAR.last).count() == SCALE
    assert Mail.objects.count() == 2 * SCALE
    noted.update(run, items=SCALE, floor=floor())


def in_processes(command: str) -> dict[str, float]:
    """All at the same moment, to their end: what they spent, and the most that one of them held."""
    environment = {
        **os.environ,
        "SITE_MODE": "test",
        "CELERY_TASK_ALWAYS_EAGER": "false",
        "DATABASE_URL": database_url(),
    }
    started = [
        subprocess.Popen(
            [sys.executable, "manage.py", command, f"--date={TODAY}"],
            env=environment,
            stdout=subprocess.DEVNULL,
        )
        for _ in range(PROCESSES)
    ]
    spent = []
    for process in started:
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        spent.append(usage)
    assert [process.returncode for process in started] == [0] * PROCESSES
    return {
        "cpu": sum(usage.ru_utime + usage.ru_stime for usage in spent),
        "peak_mb": max(usage.ru_maxrss for usage in spent) / 1024,
    }


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


def floor() -> float:
    """Seconds for the same rows, copied."""
    return sum(map(copied, WRITTEN))


def copied(model: type[models.Model]) -> float:
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE bare (LIKE {table} INCLUDING ALL)")
        begun = time.perf_counter()
        cursor.execute(f"INSERT INTO bare SELECT * FROM {table}")
        taken = time.perf_counter() - begun
        cursor.execute("DROP TABLE bare")
    return taken
