"""What is written down when staff look at somebody's data."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AbstractBaseUser

from privacy.models import AccessLog


def note_look(
    *,
    by: AbstractBaseUser,
    persons: Iterable[Any],
    purpose: str,
    view: str,
    at: dt.datetime,
    role: str = "",
) -> list[AccessLog]:
    """One row for each person (primary key) that `by` saw. A look at oneself is nobody's business.

    Without `role`, the roles that `by` holds now: they may be others when the row is read.
    """
    role = role or role_of(by)
    return AccessLog.objects.bulk_create(
        AccessLog(actor_id=by.pk, person_id=pk, role=role, purpose=purpose, view=view, at=at)
        for pk in dict.fromkeys(persons)
        if pk != by.pk
    )


def role_of(person: Any) -> str:
    """The names of the person's groups, as they stand in the log."""
    names = ", ".join(person.groups.order_by("name").values_list("name", flat=True))
    return (names or ("staff" if person.is_staff else "-"))[:100]
