"""The free first year of students: once for each person, whatever name or address comes back."""

from collections.abc import Sequence
from datetime import date

from members.fingerprints import all_fingerprints, fingerprint
from members.models import Application, FreeYear


def marks_of(application: Application) -> list[str]:
    """What a person is known by again: the address and the student card."""
    return [mark for mark in (application.email, application.mecenat_number) if mark]


def had_free_year(marks: Sequence[str]) -> bool:
    known = [print_ for mark in marks for print_ in all_fingerprints(mark)]
    return FreeYear.objects.filter(fingerprint__in=known).exists()


def remember(marks: Sequence[str], *, today: date) -> None:
    """Also under marks that are new, so that no second one of the two opens the door again."""
    for mark in marks:
        FreeYear.objects.get_or_create(fingerprint=fingerprint(mark), defaults={"given_on": today})
