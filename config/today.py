"""What needs doing today, for the front page of the admin. Each room tells its own part."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

import billing.today
import events.today
import members.today
import privacy.today
from config.models import JobRun

Waiting = tuple[str | Promise, int, str]


def nights(user: Any, today: date) -> Iterable[Waiting]:
    """Jobs that failed or never ended; among them the proof that the ledger is whole."""
    if user.is_staff:
        latest = JobRun.objects.filter(day__gte=today - timedelta(days=1))
        wrong = {run.name for run in latest if not run.went_well}
        yield _("Nightly jobs that went wrong"), len(wrong), reverse("admin:running")


ROOMS: list[Callable[[Any, date], Iterable[Waiting]]] = [
    members.today.waiting,
    billing.today.waiting,
    events.today.waiting,
    privacy.today.waiting,
    nights,
]


@dataclass(frozen=True)
class Task:
    """Something waiting for staff: how many, and where to go."""

    title: str | Promise
    count: int
    url: str


def for_staff(user: Any) -> list[Task]:
    """What `user` may deal with, by room; what is done is left out."""
    today = timezone.localdate()
    tasks = (Task(*waiting) for room in ROOMS for waiting in room(user, today))
    return [task for task in tasks if task.count]
