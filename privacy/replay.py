"""Erasing again, in a restored database, everybody who was erased after the backup was made."""

import datetime as dt
from collections.abc import Iterator

from django.contrib.auth import get_user_model

from privacy import erasure_ledger
from privacy.collection import guest, guest_addresses, subject_of
from privacy.declarations import Subject
from privacy.models import Erasure
from privacy.operations.erasing import erase


def replay(*, now: dt.datetime) -> list[Erasure]:
    """Safe to repeat."""
    wanted = {entry.who: entry for entry in erasure_ledger.unknown_here()}
    done = []
    for subject in _everybody() if wanted else ():
        entry = next((wanted[mark] for mark in subject.marks() if mark in wanted), None)
        if entry is not None:
            done.append(erase(subject=subject, by=None, now=now, number=entry.number))
            del wanted[entry.who]
    return done


def _everybody() -> Iterator[Subject]:
    for pk in get_user_model()._default_manager.order_by("pk").values_list("pk", flat=True):
        yield subject_of(pk)
    for email in sorted(guest_addresses()):
        yield guest(email)
