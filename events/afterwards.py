"""What is left of an event for those who were there, and for members: proof, papers, a survey."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from events.editions import edition, page_language
from events.models import Booking, Certificate, Document, Event
from members.models import User
from members.standing import standing_of


@dataclass(frozen=True)
class Paper:
    title: str
    url: str


@dataclass(frozen=True)
class After:
    certificate: Certificate | None
    papers: list[Paper]
    asks_survey: bool


def of_booking(booking: Booking) -> After:
    """On the page of a booking."""
    was_there = booking.state == Booking.State.ATTENDED
    return After(
        certificate=valid_certificate(booking) if was_there else None,
        papers=papers_of(booking),
        asks_survey=_asks_survey(booking),
    )


def valid_certificate(booking: Booking) -> Certificate | None:
    rows = Certificate.objects.filter(booking=booking, revoked_at=None)
    return rows.select_related("booking__event", "booking__user").first()


def _asks_survey(booking: Booking) -> bool:
    is_noted = booking.event.attendance_noted_at is not None
    was_there = booking.state == Booking.State.ATTENDED
    return is_noted and was_there and not booking.has_answered_survey


def papers_of(booking: Booking) -> list[Paper]:
    if booking.state not in Booking.COMING:
        return []
    readers: set[str] = {Document.Readers.BOOKED}
    if booking.state == Booking.State.ATTENDED:
        readers.add(Document.Readers.ATTENDED)
    return _papers(booking.event, readers)


def papers_for(event: Event, user: User | None) -> list[Paper]:
    """On the event's page: those for all members, for members."""
    if user is None or not standing_of(user, timezone.localdate()).in_good_standing:
        return []
    return _papers(event, {Document.Readers.MEMBERS})


def _papers(event: Event, readers: set[str]) -> list[Paper]:
    language = page_language()
    return [
        Paper(getattr(document, f"title_{language}") or document.title_sv, document.url)
        for document in event.documents.all()
        if document.readers in readers
    ]


# --- A year's hours ---------------------------------------------------------------------------


def certificates_of(user: User) -> Sequence[Certificate]:
    """The valid ones of a person, the oldest event first."""
    mine = Booking.objects.of_person(user)
    rows = Certificate.objects.filter(booking__in=mine, revoked_at=None)
    rows = rows.select_related("booking__event", "booking__user")
    return list(rows.order_by("booking__event__starts_at", "pk"))


def of_year(certificates: Sequence[Certificate], year: int) -> list[Certificate]:
    return [c for c in certificates if _year(c) == year]


def years(certificates: Sequence[Certificate]) -> list[int]:
    """The newest first."""
    return sorted({_year(certificate) for certificate in certificates}, reverse=True)


def _year(certificate: Certificate) -> int:
    return timezone.localdate(certificate.booking.event.starts_at).year


# --- For a stranger with a code ---------------------------------------------------------------


@dataclass(frozen=True)
class Proof:
    """What anybody with the code may read: nothing of the person that they did not choose."""

    code: str
    is_valid: bool
    title: str
    when: str
    hours: str
    name: str


def proof(certificate: Certificate) -> Proof:
    from events.papers import hours  # noqa: PLC0415  typst is slow to load

    text = edition(certificate.booking.event)
    return Proof(
        code=certificate.code,
        is_valid=certificate.is_valid,
        title=str(text.title),
        when=text.when,
        hours=hours(certificate.hours),
        name=certificate.name if certificate.shows_name else "",
    )
