"""What the office waits for in lists of very many rows, each behind a real server.

SCALE says how many people (10,000 unless set), each with a row of every kind.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse

from config.celery import app
from tests.benchmarks.bench_pages import cookie_of
from tests.benchmarks.conftest import SERVED
from tests.benchmarks.full_office import full_office
from tests.benchmarks.serving import Server, measure_page, serving
from tests.factories import events, members

SCALE = int(os.environ.get("SCALE", "10000"))
TIMES = 10
LISTS = {
    "people": "members_user",
    "memberships": "members_membership",
    "mails": "mail_mail",
    "bookings": "events_booking",
}
LOOKED_FOR = {
    ("people", "fee overdue"): "?standing=overdue",
    ("people", "name"): "?q=Medlem+7777",
    ("people", "telephone"): "?q=070-0007777",
    ("memberships", "fee overdue"): "?fee=overdue",
    ("memberships", "invoice"): "?q=2000007777",
    ("mails", "address"): "?q=member7777@example.org",
    ("bookings", "name"): "?q=Medlem+7777",
}
SEEN = {(name, "first page"): "" for name in LISTS} | LOOKED_FOR
pytestmark = [pytest.mark.django_db, pytest.mark.benchmark(group=SERVED)]


@dataclass
class Office:
    server: Server
    cookie: str


@pytest.fixture(scope="module")
def office(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any
) -> Iterator[Office]:
    app.conf.task_always_eager = False
    with django_db_blocker.unblock():
        events.first_rows()
        full_office(SCALE)
        cookie = cookie_of(members.person(is_staff=True, is_superuser=True))
        with serving(tmp_path_factory.mktemp("served")) as server:
            yield Office(server, cookie)
        call_command("flush", interactive=False, verbosity=0)
    app.conf.task_always_eager = True


@pytest.mark.parametrize("seen", SEEN, ids=" ".join)
def bench_list_of_the_office(office: Office, benchmark: Any, seen: tuple[str, str]) -> None:
    name, _what = seen
    address = reverse(f"admin:{LISTS[name]}_changelist") + SEEN[seen]
    measure_page(office.server, benchmark, address, office.cookie, times=TIMES)
