"""Saying yes and taking it back. Rows are only added; the last word of each purpose counts."""

from datetime import datetime

from django.db import transaction

from members import consent_chain
from members.models import Consent, ConsentText, User
from members.operations.starting import locked


@transaction.atomic
def give_consent(*, user: User, text: ConsentText, channel: str, now: datetime) -> Consent:
    """A yes to this text. Saying it twice leaves one row."""
    locked(user)
    standing = Consent.objects.live().filter(user=user, text=text).first()
    return standing or _write(user, text, Consent.Action.GIVEN, now=now, channel=channel)


@transaction.atomic
def withdraw_consent(*, user: User, purpose: str, channel: str, now: datetime) -> Consent | None:
    """Take back a yes, whatever text it was given to. None when there is no yes."""
    locked(user)
    given = Consent.objects.live().filter(user=user, text__purpose=purpose).first()
    if given is None:
        return None
    return _write(user, given.text, Consent.Action.WITHDRAWN, now=now, channel=channel)


def _write(user: User, text: ConsentText, action: str, *, now: datetime, channel: str) -> Consent:
    """Add the row, and its link in the chain."""
    consent = Consent.objects.create(user=user, text=text, action=action, at=now, channel=channel)
    consent_chain.seal()
    return consent
