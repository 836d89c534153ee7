"""The certificate and its public page, the year's hours, papers and the survey."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events import links, operations
from events.models import Certificate, Document, SurveyAnswer
from tests.events import pages
from tests.factories import events as factory
from tests.factories import members
from tests.factories.events import NOW

pytestmark = pytest.mark.django_db


def url(name: str, certificate: Certificate) -> str:
    return reverse(f"events:{name}", args=[links.token_of_booking(certificate.booking)])


def test_the_certificate_is_a_pdf(client: Client) -> None:
    certificate = factory.certified(name="Åsa Öberg")
    page = client.get(url("booking", certificate))
    assert reverse(
        "events:certificate-file", args=[links.token_of_booking(certificate.booking)]
    ) in (page.content.decode())
    answer = client.get(url("certificate-file", certificate))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF-")


def test_a_stranger_verifies_the_code_and_reads_what_the_holder_chose(client: Client) -> None:
    certificate = factory.certified(name="Åsa Öberg")
    found = client.get(reverse("events:verify"), {"code": f" {certificate.code.lower()} "})
    page = pages.text(client.get(found["Location"]))
    assert str(certificate.booking.event.title_sv) in page
    assert ("2,5" in page, "Åsa Öberg" in page) == (True, False)
    client.post(url("show-name", certificate), {"show": "yes"})
    assert "Åsa Öberg" in pages.text(client.get(found["Location"]))


def test_a_revoked_certificate_says_so_and_nothing_else(client: Client) -> None:
    certificate = factory.certified(name="Åsa Öberg")
    operations.correct_certificate(
        certificate=certificate, name="Å", hours=certificate.hours, reason="x", by=members.staff()
    )
    page = pages.text(client.get(reverse("events:certificate", args=[certificate.code])))
    assert certificate.booking.event.title_sv not in page


def test_an_unknown_code(client: Client) -> None:
    assert client.get(reverse("events:verify"), {"code": "AAAA"}).status_code == 404
    assert client.get(reverse("events:certificate", args=["AAAA"])).status_code == 404
    assert client.get(reverse("events:verify")).status_code == 200


def test_who_has_no_certificate_gets_none(client: Client) -> None:
    token = links.token_of_booking(factory.confirmed(factory.held_yesterday()))
    assert client.get(reverse("events:certificate-file", args=[token])).status_code == 404


def test_the_hours_of_a_year(client: Client) -> None:
    person = members.person()
    factory.certified(user=person, email=person.email, name=person.name)
    client.force_login(person)
    address = reverse("events:transcript", args=[NOW.year])
    assert f'{address}">{NOW.year} (PDF)' in client.get(reverse("my-pages")).content.decode()
    assert client.get(address).content.startswith(b"%PDF-")
    assert client.get(reverse("events:transcript", args=[NOW.year - 1])).status_code == 404


def test_the_survey_is_answered_once(client: Client) -> None:
    certificate = factory.certified()
    address = url("survey", certificate)
    assert address in client.get(url("booking", certificate)).content.decode()
    assert client.post(address, {"useful": "Allt"}).status_code == 409
    client.post(address, {"rating": "5", "useful": "Allt"})
    assert SurveyAnswer.objects.get().rating == 5
    assert address not in client.get(url("booking", certificate)).content.decode()
    client.post(address, {"rating": "1"})
    assert SurveyAnswer.objects.count() == 1


@pytest.mark.parametrize(
    ("readers", "shown"),
    [("booked", {"came", "booked"}), ("attended", {"came"}), ("members", {"member"})],
)
def test_papers_are_for_whom_they_are(readers: str, shown: set[str]) -> None:
    event = factory.held_yesterday()
    Document.objects.create(
        event=event, title_sv="Bilder", url="https://papper.example/1", readers=readers
    )
    came, booked = factory.attended(event), factory.confirmed(event)
    member, at_event = Client(), reverse("events:event", args=[event.slug])
    member.force_login(members.membership(starts_on=timezone.localdate()).user)
    answers = {
        "came": Client().get(reverse("events:booking", args=[links.token_of_booking(came)])),
        "booked": Client().get(reverse("events:booking", args=[links.token_of_booking(booked)])),
        "member": member.get(at_event),
        "stranger": Client().get(at_event),
    }
    assert {who for who, page in answers.items() if "papper.example" in page.content.decode()} == (
        shown
    )


def test_diet_and_badge_are_chosen_on_the_bookings_page(client: Client) -> None:
    soon = timezone.now() + timedelta(days=3)
    event = factory.conference(starts_at=soon, asks_needs=True)
    booking = factory.confirmed(event)
    token = links.token_of_booking(booking)
    page = client.get(reverse("events:booking", args=[token]))
    assert "<svg" in page.content.decode()
    needs = {"diet": "vegan", "allergies": "", "access": ""}
    assert client.post(reverse("events:needs", args=[token]), needs).status_code == 409
    client.post(reverse("events:needs", args=[token]), {**needs, "consents": "on"})
    assert booking.needs.diet == "vegan"
    client.post(reverse("events:needs", args=[token]), {"take-back": "1"})
    booking = type(booking).objects.get(pk=booking.pk)
    assert not hasattr(booking, "needs")
    client.post(reverse("events:badge", args=[token]), {"badge": "employer"})
    booking.refresh_from_db()
    assert booking.badge == "employer"
    assert client.post(reverse("events:badge", args=[token]), {"badge": "x"}).status_code == 404
