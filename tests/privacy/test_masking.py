"""Sensitive columns are under cover until asked for; protected people stand on no list."""

import datetime as dt
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from config.newsletter import Members
from events.exporting import attendees_csv
from events.models import Booking
from members.models import Application, Consent, User
from privacy import masking
from privacy.models import AccessLog
from privacy.protected import without_hidden
from tests.factories import billing, events, members
from tests.factories import privacy as factory
from tests.privacy.test_looks import address, staff_pages

pytestmark = pytest.mark.django_db

SECRET = "9988776655"


def boss(**changes) -> User:
    return members.person(**{"is_staff": True, "is_superuser": True, **changes})


def reveal_url(application: Application) -> str:
    return reverse("admin:members_application_reveal", args=[application.pk])


def change_url(application: Application) -> str:
    return reverse("admin:members_application_change", args=[application.pk])


def test_no_page_of_the_staff_shows_what_is_sensitive_unasked(client: Client):
    """But for the page on which the studies are judged, which says so."""
    application = members.in_review(mecenat_number="1")
    application.mecenat_number = SECRET
    application.save()  # so that the history tells it
    client.force_login(boss())

    pages = [name for name in dict.fromkeys(staff_pages()) if "members_application" in name]
    urls = {name: address(name) for name in pages}
    shown = {name for name, url in urls.items() if url and SECRET in client.get(url).text}

    assert len(pages) >= 8
    assert shown == {"admin:members_application_approve"}


def test_it_is_shown_for_a_reason_that_the_person_can_read(client: Client):
    application = members.in_review(mecenat_number=SECRET)
    client.force_login(members.staff())

    assert reveal_url(application) in client.get(change_url(application)).text
    assert client.post(reveal_url(application), {"reason": ""}).status_code == 200
    assert SECRET not in client.get(change_url(application)).text
    client.post(reveal_url(application), {"reason": "The school called"})

    assert SECRET in client.get(change_url(application)).text
    look = AccessLog.objects.get(view="reveal", person=application.user)
    assert look.purpose == "The school called"
    client.force_login(application.user)
    assert "The school called" in unescape(client.get(reverse("privacy:my-data")).text)


def test_the_cover_comes_back_after_a_while_and_lies_on_all_others(client: Client, monkeypatch):
    first, second = members.in_review(), members.in_review(mecenat_number=SECRET)
    client.force_login(members.staff())
    client.post(reveal_url(first), {"reason": "x"})
    assert SECRET not in client.get(change_url(second)).text

    client.post(reveal_url(second), {"reason": "x"})
    monkeypatch.setattr(masking, "SHOWN_FOR", dt.timedelta(seconds=-1))
    assert SECRET not in client.get(change_url(second)).text


# --- Protected people -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["identity", "restricted"])
def test_protected_people_are_on_no_list_of_the_staff(client: Client, kind):
    hidden, seen = members.person(name="Dold Person"), members.person(name="Synlig Person")
    for person in (hidden, seen):
        members.in_review(person)
        events.confirmed(events.event(), user=person, name=person.name, email=person.email)
        events.confirmed(events.event(), name=person.name, email=person.email)
    factory.protection(hidden, kind)
    client.force_login(members.staff())

    for name in ("members_user", "members_application", "events_booking"):
        page = client.get(reverse(f"admin:{name}_changelist")).text
        assert ("Synlig Person" in page, "Dold Person" in page) == (True, False), name
    gone = client.get(reverse("admin:members_user_change", args=[hidden.pk]))
    assert "Dold Person" not in gone.text


def test_the_privacy_officer_sees_them(client: Client):
    person = members.person(name="Dold Person")
    factory.protection(person, "identity")
    client.force_login(factory.officer())

    assert "Dold Person" in client.get(reverse("admin:members_user_changelist")).text


def test_the_books_are_whole(client: Client):
    person = members.person()
    invoice = billing.issue_invoice(buyer=person)
    factory.protection(person, "identity")
    client.force_login(members.staff(members.roles.TREASURER))

    assert invoice.number in client.get(reverse("admin:billing_invoice_changelist")).text


def test_whoever_makes_a_list_leaves_them_out():
    hidden, seen = members.person(), members.person()
    event = events.event()
    events.confirmed(event, user=hidden)
    kept = events.confirmed(event, user=seen)
    factory.protection(hidden, "identity")

    assert list(without_hidden(Booking.objects.coming_to())) == [kept]
    hidden.protections.update(ended_at=factory.NOW)
    assert without_hidden(Booking.objects.coming_to()).count() == 2


def test_the_file_of_an_event_and_the_newsletter_leave_them_out():
    hidden, seen = members.person(name="Dold Person"), members.person(name="Synlig Person")
    event = events.event()
    for person in (hidden, seen):
        events.confirmed(event, user=person, name=person.name, email=person.email)
        members.consent(person)
    factory.protection(hidden, "restricted")

    listed = attendees_csv(event).decode()

    assert ("Synlig Person" in listed, "Dold Person" in listed) == (True, False)
    live = Consent.objects.live().values_list("user", flat=True)
    assert sorted(live) == [hidden.pk, seen.pk]
    readers = {reader.person_id for reader in Members().readers()}
    assert readers == {seen.pk}
