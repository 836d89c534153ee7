"""Asking for the newsletter, confirming by the link, ending by one press."""

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from mail.models import Mail
from members.models import Consent
from news import audiences, operations
from news.models import Subscriber
from tests.factories import members
from tests.factories.news import NOW, create_subscriber
from tests.privacy.checked_form import ticket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def form() -> str:
    return reverse("news:newsletter")


def answers(**changes: object) -> dict[str, object]:
    return {
        "email": "lasare@example.org",
        "consent": "on",
        "human_ticket": ticket(action="newsletter"),
        **changes,
    }


def link_in_mail() -> str:
    (found,) = re.findall(r"https?://[^/\s]+(/\S+)", Mail.objects.latest("pk").text.split("-- ")[0])
    return found


def test_nothing_comes_before_the_link_is_pressed(client, form):
    answer = client.post(form, answers(), follow=True)

    assert "Check your mail" in answer.text
    subscriber = Subscriber.objects.get()
    assert (subscriber.email, subscriber.is_live()) == ("lasare@example.org", False)
    assert "by one press in any letter" in subscriber.consent
    assert client.get(link_in_mail()).status_code == 200
    assert not Subscriber.objects.get().is_live()

    client.post(link_in_mail())

    assert Subscriber.objects.get().is_live()
    assert "Welcome as a reader" in client.get(link_in_mail()).text


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", ""), ("email", "nobody"), ("consent", ""), ("human_ticket", "forged")],
)
def test_what_is_missing_is_said_and_the_rest_stays(client, form, field, value):
    answer = client.post(form, answers(**{field: value}))

    assert answer.status_code == 200
    assert Subscriber.objects.count() == 0
    assert "error-summary" in answer.text
    assert field == "email" or 'value="lasare@example.org"' in answer.text


def test_the_consent_is_never_ticked_before(client, form):
    assert " checked" not in client.get(form).text


def test_asking_again_tells_nobody_that_the_address_is_known(client, form):
    create_subscriber(email="LASARE@example.org")

    answer = client.post(form, answers(), follow=True)

    assert "Check your mail" in answer.text
    assert Subscriber.objects.get().is_live()
    assert Mail.objects.count() == 1


def test_a_link_that_is_too_old_or_forged(client, monkeypatch):
    operations.subscribe(email="a@example.org", language="en", consent="Yes", now=NOW)
    url = link_in_mail()

    assert client.get(url[:-3] + "x/").status_code == 410
    monkeypatch.setattr("news.emails.LASTS", timedelta(seconds=-1))
    assert client.get(url).status_code == 410
    assert not Subscriber.objects.get().is_live()


def test_confirming_twice_keeps_the_first_moment():
    subscriber = create_subscriber(confirmed_at=None)
    operations.confirm(subscriber=subscriber, now=NOW)

    again = operations.confirm(subscriber=subscriber, now=NOW + timedelta(days=1))

    assert again.confirmed_at == NOW


def test_coming_back_after_the_end_needs_a_new_yes():
    create_subscriber(email="a@example.org", ended_at=NOW)

    subscriber = operations.subscribe(
        email="a@example.org", language="sv", consent="Nytt ja", now=NOW + timedelta(days=9)
    )
    assert not subscriber.is_live()
    confirmed = operations.confirm(subscriber=subscriber, now=NOW + timedelta(days=9))

    assert confirmed.is_live()
    assert confirmed.consent == "Nytt ja"


def test_asking_again_at_once_mails_once(client, form):
    """A double press, or somebody who means to fill the mailbox of another."""
    for _press in range(3):
        client.post(form, answers())

    assert (Subscriber.objects.count(), Mail.objects.count()) == (1, 1)


def test_nobody_else_changes_what_a_reader_has_confirmed():
    before = create_subscriber(email="a@example.org", language="sv")

    operations.subscribe(email="A@example.org", language="en", consent="Another", now=NOW)

    after = Subscriber.objects.get()
    names = ("email", "language", "consent", "asked_at", "confirmed_at", "ended_at")
    assert [getattr(after, name) for name in names] == [getattr(before, name) for name in names]


def test_a_link_from_before_the_end_begins_nothing(client, form):
    client.post(form, answers())
    old = link_in_mail()
    client.post(old)
    operations.stop_mail(key=f"subscriber:{Subscriber.objects.get().pk}", now=timezone.now())

    assert client.post(old).status_code == 410
    assert not Subscriber.objects.get().is_live()

    client.post(form, answers())
    client.post(link_in_mail())
    assert Subscriber.objects.get().is_live()


# --- Ending it ------------------------------------------------------------------------------


def stop_url(key: str) -> str:
    reader = audiences.reader_of(key)
    assert reader is not None
    return re.sub(r"^https?://[^/]+", "", reader.stop_url)


def test_a_mail_program_ends_it_by_one_post(client):
    """RFC 8058: no cookie, no token of a form, no question."""
    subscriber = create_subscriber()
    client.handler.enforce_csrf_checks = True

    answer = client.post(stop_url(f"subscriber:{subscriber.pk}"), {"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    assert not Subscriber.objects.get().is_live()


def test_a_scanner_that_follows_the_link_ends_nothing(client):
    subscriber = create_subscriber()

    assert client.get(stop_url(f"subscriber:{subscriber.pk}")).status_code == 200
    assert Subscriber.objects.get().is_live()


def test_one_press_ends_it_in_every_way_the_address_gets_it(client):
    members.first_rows()
    person = members.person(email="anna@example.org")
    members.consent(person, at=timezone.now() - timedelta(days=1))
    create_subscriber(email="Anna@example.org")

    client.post(stop_url(f"member:{person.public_id}"))

    assert list(audiences.all_readers()) == []
    last = Consent.objects.latest("pk")
    assert (last.action, last.channel) == (Consent.Action.WITHDRAWN, "link in a newsletter")


def test_pressing_twice_does_no_harm(client):
    subscriber = create_subscriber(language="en")
    url = stop_url(f"subscriber:{subscriber.pk}")

    client.post(url)

    assert "has ended" in client.post(url).text


def test_a_forged_link_ends_nothing(client):
    create_subscriber()
    token = signing.dumps("subscriber:1", salt="something else")

    assert client.post(reverse("news:no-newsletter", args=[token])).status_code == 404
    assert Subscriber.objects.get().is_live()
