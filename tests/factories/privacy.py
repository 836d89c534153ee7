"""What the privacy room keeps, each with a default for everything."""

import datetime as dt
from typing import Any

from django.contrib.auth import get_user_model

from privacy.collection import subject_of
from privacy.models import Erasure, Protection, Request
from privacy.operations import erase
from tests.factories import members

NOW = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)


def officer(**changes: Any) -> Any:
    return members.staff(members.roles.PRIVACY_OFFICER, **changes)


def erased(user: Any, *, now: dt.datetime = NOW, **changes: Any) -> Erasure:
    return erase(subject=subject_of(user.pk), **{"by": None, "now": now, **changes})


def again(user: Any) -> Any:
    """As the database has it now."""
    return get_user_model().objects.get(pk=user.pk)


def protection(user: Any, kind: str = "hold", **changes: Any) -> Protection:
    return Protection.objects.create(
        **{"person": user, "kind": kind, "reason": "a claim", **changes}
    )


def request(user: Any = None, kind: str = "access", **changes: Any) -> Request:
    received = changes.pop("received_at", NOW)
    return Request.objects.create(
        **{
            "person": user,
            "name": user.name if user else "Gäst",
            "email": user.email if user else "gast@example.org",
            "kind": kind,
            "received_at": received,
            "due_on": dt.date(2026, 12, 23),
            **changes,
        }
    )
