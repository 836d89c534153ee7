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
    what: str = "",
    guests: Iterable[str] = (),
) -> list[AccessLog]:
    """One row for each person (primary key) that `by` saw. A look at oneself is nobody's business.

    `guests` are fingerprints of addresses; `purpose` a key of the register or a reason in words.
    Without `role`, the roles that `by` holds now: they may be others when the row is read.
    """
    seen = [{"person_id": pk} for pk in dict.fromkeys(persons) if pk != by.pk]
    seen += [{"guest": mark} for mark in dict.fromkeys(guests)]
    if not seen:
        return []
    said = {
        "role": role or role_of(by),
        "purpose": purpose[:200],
        "what": what[:200],
        "view": view[:200],
        "at": at,
    }
    return AccessLog.objects.bulk_create(AccessLog(actor_id=by.pk, **one, **said) for one in seen)


def role_of(person: Any) -> str:
    """The names of the person's groups, as they stand in the log."""
    names = ", ".join(person.groups.order_by("name").values_list("name", flat=True))
    return (names or ("staff" if person.is_staff else "-"))[:100]
