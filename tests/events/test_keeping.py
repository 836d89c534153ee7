"""How long a booking stays: half a year, and two years where there is a certificate of it."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from events import afterwards
from events.models import Booking, Certificate
from privacy.operations.clearing import clear
from privacy.retention import Rule, rules
from tests.factories import events as factory
from tests.factories import members
from tests.factories.events import DAY, NOW, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ledger(settings, tmp_path) -> None:
    settings.ERASURE_LEDGER = str(tmp_path / "erasures.jsonl")


def rule() -> Rule:
    (found,) = [rule for rule in rules() if rule.key == "events.Booking"]
    return found


def clear_at(now: datetime) -> set[int]:
    clear(rule(), now=now)
    return set(Booking.objects.values_list("pk", flat=True))


def test_with_a_certificate_it_stays_for_two_years() -> None:
    proof = factory.certified()
    other = factory.attended(proof.booking.event)
    assert clear_at(NOW + 170 * DAY) == {proof.booking_id, other.pk}
    assert clear_at(NOW + 190 * DAY) == {proof.booking_id}
    assert clear_at(NOW + 720 * DAY) == {proof.booking_id}
    assert clear_at(NOW + 735 * DAY) == set()
    assert not Certificate.objects.exists()


def test_corrected_it_goes_once_with_all_its_certificates() -> None:
    proof = factory.certified()
    Certificate.objects.update(revoked_at=NOW, revoked_because="Stavning")
    Certificate.objects.create(booking=proof.booking, name="Åsa", hours=2)
    assert rule().overdue(NOW + 735 * DAY) == [proof.booking_id]


def test_the_hours_of_a_year_can_be_added_up_when_it_is_over(client: Client) -> None:
    person = members.person()
    january = datetime(2026, 1, 12, 9, tzinfo=NOW.tzinfo)
    event = factory.event(starts_at=january, education_hours=2, attendance_noted_at=NOW)
    seat = factory.attended(event, user=person, email=person.email, name=person.name)
    Certificate.objects.create(booking=seat, name=person.name, hours=2)
    clear_at(january + timedelta(days=420))
    assert afterwards.years(afterwards.certificates_of(person)) == [TODAY.year]
    client.force_login(person)
    answer = client.get(reverse("events:transcript", args=[TODAY.year]))
    assert answer.content.startswith(b"%PDF-")
