"""Sensitive columns are under cover until asked for; protected people stand on no list."""

import datetime as dt
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from config.newsletter import Members
from events import diets, door
from events.exporting import attendees_csv
from events.models import Booking, Needs
from members.models import Application, Consent, User
from news.audiences import Subscribers
from news.models import Subscriber
from privacy import masking
from privacy.models import AccessLog, Protection
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


@pytest.mark.parametrize("kind", ["identity", "restricted"])
def test_a_guest_is_protected_by_the_address_however_it_is_written(client: Client, kind):
    event = events.event()
    events.confirmed(event, name="Dold Gäst", email="Dold@Example.org")
    seen = events.confirmed(event, name="Synlig Gäst", email="synlig@example.org")
    Protection.objects.create(email="dold@example.org", kind=kind, reason="a claim")
    client.force_login(members.staff())

    page = client.get(reverse("admin:events_booking_changelist")).text

    assert ("Synlig Gäst" in page, "Dold Gäst" in page) == (True, False)
    assert list(without_hidden(Booking.objects.coming_to())) == [seen]


def test_nothing_is_sent_to_a_subscriber_whose_use_is_restricted():
    for name in ("dold", "synlig"):
        Subscriber.objects.create(
            email=f"{name}@example.org",
            language="sv",
            consent="x",
            asked_at=factory.NOW,
            confirmed_at=factory.NOW,
        )
    Protection.objects.create(email="dold@example.org", kind="restricted", reason="Art. 18")
    seen = members.person()
    members.consent(seen)

    assert [reader.email for reader in Subscribers().readers()] == ["synlig@example.org"]
    assert [reader.person_id for reader in Members().readers()] == [seen.pk]


def test_the_list_at_the_door_leaves_them_out_and_their_ticket_still_opens_it():
    hidden, event = members.person(), events.event()
    kept = events.confirmed(event, name="Synlig")
    ticket = events.confirmed(event, user=hidden, name="Dold", email=hidden.email)
    factory.protection(hidden, "identity")

    assert [guest.name for guest in door.guests(event)] == [kept.name]
    assert door.find(event, ticket.public_id.hex) == ticket


# --- Diet and access ------------------------------------------------------------------------------


def with_needs(event, **changes):
    seat = events.confirmed(event, **changes)
    Needs.objects.create(
        booking=seat, diet="vegan", allergies=SECRET, may_be_named=True, consented_at=factory.NOW
    )
    return seat


def test_the_kitchen_gets_numbers_and_the_rest_for_a_reason(client: Client):
    person, event = members.person(), events.event(asks_needs=True)
    with_needs(event, user=person, name="Nils Nötallergiker", email=person.email)
    url = reverse("events:attendees", args=[event.slug])
    client.force_login(members.staff(members.roles.EVENT_MANAGER))

    page = client.get(url)
    assert [count.number for count in page.context["numbers"]] == [1]
    assert SECRET not in page.text
    assert SECRET not in client.post(url, {"reason": " "}).text
    assert not AccessLog.objects.filter(view="reveal").exists()

    assert SECRET in client.post(url, {"reason": "Köket ringde"}).text
    look = AccessLog.objects.get(view="reveal")
    assert (look.person, look.purpose) == (person, "Köket ringde")
    assert SECRET not in client.get(url).text


def test_who_may_not_see_needs_gets_none_for_any_reason(client: Client):
    event = events.event(asks_needs=True)
    with_needs(event)
    client.force_login(members.staff())

    page = client.post(reverse("events:attendees", args=[event.slug]), {"reason": "x"})

    assert SECRET not in page.text
    assert "numbers" not in page.context


def test_a_protected_person_eats_and_is_not_named():
    hidden, event = members.person(), events.event(asks_needs=True)
    with_needs(event, user=hidden, name="Dold Person", email=hidden.email)
    factory.protection(hidden, "identity")

    told = diets.diets(event)

    assert [(count.number, count.names) for count in told.counts] == [(1, [])]
    assert [(wish.text, wish.name) for wish in told.allergies] == [(SECRET, "")]


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
