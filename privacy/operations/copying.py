"""A copy of one's data waits behind a link that works once, for 72 hours."""

import datetime as dt
import secrets
from hashlib import sha256
from typing import Any

from django.db import transaction

from privacy.collection import guest, subject_of
from privacy.declarations import Subject
from privacy.models import Copy
from privacy.models.copies import LIVES


def make_copy(
    *, by: Any, now: dt.datetime, person: Any = None, email: str = ""
) -> tuple[Copy, str]:
    """The right to fetch, and the secret of its link, which is stored nowhere."""
    token = secrets.token_urlsafe(32)
    copy = Copy.objects.create(
        person=person,
        email="" if person else email.lower(),
        token_hash=_hash(token),
        made_at=now,
        expires_at=now + LIVES,
        made_by=by,
    )
    return copy, token


def waiting_copy(*, token: str, now: dt.datetime) -> Copy | None:
    """The copy behind the link, unless it was fetched, is too old or never was."""
    return Copy.objects.open(now).filter(token_hash=_hash(token)).first()


@transaction.atomic
def fetch(*, copy: Copy, now: dt.datetime) -> Subject | None:
    """Spend the link: whose data to hand out, or None to whoever came second."""
    if not Copy.objects.open(now).filter(pk=copy.pk).update(fetched_at=now):
        return None
    return subject_of(copy.person_id) if copy.person_id else guest(copy.email)


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
