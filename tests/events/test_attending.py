"""The day and the proof of it: who came, certificates, needs, the survey."""

import uuid
from decimal import Decimal
from typing import Any

import pytest

from events import operations
from events.models import Booking, Certificate, Needs, SurveyAnswer
from events.refusals import (
    AnsweredAlready,
    ConsentMissing,
    NotOverYet,
    NotThere,
    ReasonMissing,
    TooEarly,
    WrongState,
)
from mail.models import Mail
from tests.factories import events as factory
from tests.factories import members
from tests.factories.events import DAY, HOUR, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Any:
    return members.staff()


# --- Attendance -----------------------------------------------------------------------------


def test_those_who_came_are_certified_and_thanked(staff: Any) -> None:
    event = factory.held_yesterday()
    came, stayed_away = factory.attended(event), factory.confirmed(event)
    operations.note_attendance(event=event, by=staff, now=NOW)
    certificate = Certificate.objects.get()
    assert (certificate.booking, certificate.name) == (came, came.name)
    assert (certificate.hours, certificate.issued_by) == (Decimal("2.50"), staff)
    assert len(certificate.code) == 14
    assert list(Mail.objects.values_list("to", flat=True)) == [came.email]
    stayed_away.refresh_from_db()
    assert stayed_away.state == "confirmed"


def test_noted_twice_is_once(staff: Any) -> None:
    event = factory.attended(factory.held_yesterday()).event
    first = operations.note_attendance(event=event, by=staff, now=NOW)
    again = operations.note_attendance(event=event, by=staff, now=NOW + HOUR)
    assert again.attendance_noted_at == first.attendance_noted_at
    assert (Certificate.objects.count(), Mail.objects.count()) == (1, 1)


def test_attendance_is_not_noted_before_the_end(staff: Any) -> None:
    with pytest.raises(NotOverYet):
        operations.note_attendance(event=factory.event(), by=staff, now=NOW)


def test_without_hours_there_is_nothing_to_certify(staff: Any) -> None:
    event = factory.held_yesterday(education_hours=0)
    factory.attended(event)
    operations.note_attendance(event=event, by=staff, now=NOW)
    assert (Certificate.objects.count(), Mail.objects.count()) == (0, 1)


def test_checked_in_late_is_certified_at_once_and_taken_back_is_revoked(staff: Any) -> None:
    booking = factory.confirmed(factory.held_yesterday())
    operations.note_attendance(event=booking.event, by=staff, now=NOW)
    operations.check_in(booking=booking, by=staff, now=NOW)
    assert booking.certificates.get().is_valid
    operations.undo_check_in(booking=booking, by=staff, now=NOW)
    revoked = booking.certificates.get()
    assert (revoked.is_valid, bool(revoked.revoked_because)) == (False, True)


# --- Walk-ins -------------------------------------------------------------------------------


def walk_in(event: Any, staff: Any, **changes: Any) -> Booking:
    return operations.walk_in(
        **{
            "event": event,
            "key": uuid.uuid4(),
            "person": factory.attendee(),
            "by": staff,
            "now": event.starts_at,
            **changes,
        }
    )


def test_a_walk_in_is_there_even_when_the_event_is_full(staff: Any) -> None:
    event = factory.event(capacity=1)
    factory.confirmed(event, seat=1)
    booking = walk_in(event, staff)
    assert (booking.state, booking.seat, booking.is_walk_in) == ("attended", 2, True)


def test_a_walk_in_sent_twice_is_one(staff: Any) -> None:
    event, key, person = factory.event(), uuid.uuid4(), factory.attendee()
    first = walk_in(event, staff, key=key, person=person)
    assert walk_in(event, staff, key=key, person=person) == first
    assert Booking.objects.count() == 1


def test_whoever_has_a_seat_is_checked_in_on_it(staff: Any) -> None:
    event = factory.event()
    seated = factory.confirmed(event, email="vera@byran.example")
    found = walk_in(event, staff, person=factory.attendee(email="Vera@byran.example"))
    assert (found, found.state, Booking.objects.count()) == (seated, "attended", 1)


def test_nobody_walks_in_the_day_before(staff: Any) -> None:
    event = factory.event()
    with pytest.raises(TooEarly):
        walk_in(event, staff, now=event.starts_at - DAY)


# --- Certificates ---------------------------------------------------------------------------


def test_a_correction_revokes_and_reissues(staff: Any) -> None:
    first = factory.certified()
    operations.show_name(certificate=first, is_shown=True)
    second = operations.correct_certificate(
        certificate=first, name="Åsa Öberg", hours=Decimal(2), reason="Stavning", by=staff, now=NOW
    )
    first.refresh_from_db()
    assert (first.revoked_at, first.revoked_because) == (NOW, "Stavning")
    assert (second.name, second.hours, second.is_valid, second.shows_name) == (
        "Åsa Öberg",
        2,
        True,
        True,
    )
    assert first.code != second.code


def test_a_correction_needs_a_reason_and_a_valid_certificate(staff: Any) -> None:
    first = factory.certified()
    words = {"name": "Åsa", "hours": Decimal(2), "by": staff, "now": NOW}
    with pytest.raises(ReasonMissing):
        operations.correct_certificate(certificate=first, reason=" ", **words)
    operations.correct_certificate(certificate=first, reason="Fel", **words)
    with pytest.raises(WrongState):
        operations.correct_certificate(certificate=first, reason="Fel", **words)
    assert Certificate.objects.count() == 2


# --- Needs ----------------------------------------------------------------------------------


def test_needs_are_kept_with_consent_and_taken_back() -> None:
    booking = factory.confirmed(factory.event(asks_needs=True))
    told = Needs(diet="vegan", access="Hörslinga")
    with pytest.raises(ConsentMissing):
        operations.tell_needs(booking=booking, needs=told, now=NOW)
    operations.tell_needs(booking=booking, needs=told, consents=True, now=NOW)
    kept = Needs.objects.get()
    assert (kept.diet, kept.access, kept.consented_at) == ("vegan", "Hörslinga", NOW)
    operations.tell_needs(booking=booking, needs=Needs(diet="none"), consents=True, now=NOW)
    assert Needs.objects.get().diet == "none"
    operations.tell_needs(booking=booking, needs=None, now=NOW)
    assert not Needs.objects.exists()


@pytest.mark.parametrize(
    ("event", "booking"),
    [({"asks_needs": False}, {}), ({"asks_needs": True}, {"state": "waiting", "seat": None})],
)
def test_needs_are_not_asked_of_others(event: Any, booking: Any) -> None:
    with pytest.raises(WrongState):
        operations.tell_needs(
            booking=factory.confirmed(factory.event(**event), **booking),
            needs=Needs(diet="vegan"),
            consents=True,
            now=NOW,
        )


# --- The survey -----------------------------------------------------------------------------


def test_an_answer_is_kept_without_its_giver() -> None:
    booking = factory.certified().booking
    versions = booking.history.count()
    operations.answer_survey(booking=booking, answer=SurveyAnswer(rating=4, useful="Allt"))
    answer = SurveyAnswer.objects.get()
    assert (answer.event, answer.rating, answer.useful) == (booking.event, 4, "Allt")
    booking.refresh_from_db()
    assert booking.has_answered_survey
    # No version with an hour either.
    assert booking.history.count() == versions
    with pytest.raises(AnsweredAlready):
        operations.answer_survey(booking=booking, answer=SurveyAnswer(rating=1))
    assert SurveyAnswer.objects.count() == 1


def test_who_was_not_there_does_not_answer() -> None:
    booking = factory.confirmed(factory.held_yesterday())
    with pytest.raises(NotThere):
        operations.answer_survey(booking=booking, answer=SurveyAnswer(rating=1))
