"""A copy and an erasure of somebody with ten years, forty events and thirty invoices."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from members.models import User
from privacy.collection import subject_of
from privacy.export import archive
from privacy.operations import erase_account
from tests.benchmarks.conftest import WORK
from tests.factories import billing, events, mail, members
from tests.privacy.people import look_at

pytestmark = [pytest.mark.usefixtures("site"), pytest.mark.benchmark(group=WORK)]

NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
YEARS, EVENTS, INVOICES = 10, 40, 30


@pytest.fixture(autouse=True)
def ledger(settings: Any, tmp_path: Path) -> None:
    settings.ERASURE_LEDGER = str(tmp_path / "erasures.jsonl")


def bench_copy_of_a_long_life(work: Callable[..., None]) -> None:
    user = a_long_life()
    work(lambda: archive(subject_of(user.pk), now=NOW), items=1)


def bench_erasure_of_a_long_life(work: Callable[..., None]) -> None:
    user = a_long_life()
    work(lambda: erase_account(pk=user.pk, by=None, now=NOW), items=1)


def a_long_life() -> User:
    user = members.person()
    members.employer(user)
    for number in range(YEARS):
        members.membership(user, starts_on=dt.date(2016 + number, 3, 2))
        members.in_review(user, state="approved", decided_at=NOW)
    for _number in range(EVENTS):
        events.confirmed(events.event(), user=user, name=user.name, email=user.email)
    for number in range(INVOICES - YEARS):
        billing.pay(billing.issue_invoice(buyer=user, price=str(Decimal(100 + number))))
    for number in range(100):
        mail.create_mail(key=f"long:{number}", person=user, to=user.email)
        look_at(user)
    return user
