"""What needs doing today, for the front page of the admin. Each room tells its own part."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise

import billing.today
import events.today
import members.today
import privacy.today

Waiting = tuple[str | Promise, int, str]

ROOMS: list[Callable[[Any, date], Iterable[Waiting]]] = [
    members.today.waiting,
    billing.today.waiting,
    events.today.waiting,
    privacy.today.waiting,
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
