"""Fields that nobody asked for, and lines of their own in a name: no form of ours takes them."""

from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events.models import Booking
from mail.models import Mail
from members.models import Application, BillingDetails
from news.models import Subscriber
from tests.events import pages
from tests.events.test_cart_pages import PAYER, conference, names, put_in
from tests.factories import members
from tests.members.pages import join_data, join_url
from tests.privacy.checked_form import ticket

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

BREAKS = ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"]


@pytest.fixture(autouse=True)
def _patience(settings: Any) -> None:
    settings.HUMAN_CHECK_SHORTEST_S = 0
    settings.HUMAN_CHECK_SHORTEST_WITHOUT_PROOF_S = 0


def every_column() -> dict[str, str]:
    """Of every table of ours, by the name of the field and of its column."""
    rooms = ("events", "members", "billing", "news", "mail", "privacy")
    models = [model for room in rooms for model in apps.get_app_config(room).get_models()]
    fields = [field for model in models for field in model._meta.concrete_fields]
    return {name: "1" for field in fields for name in (field.name, field.attname)}


def row(found: Model, *left_out: str) -> dict[str, Any]:
    kept = {field.attname: getattr(found, field.attname) for field in found._meta.concrete_fields}
    return {name: value for name, value in kept.items() if name not in left_out}


def test_an_application_takes_what_its_form_shows() -> None:
    """The same answers with and without all other columns of the site make the same row."""
    own = ("id", "public_id", "form_token", "email", "created_at", "confirmation_sent_at", "key")
    made = []
    for more, email in (({}, "a@example.org"), (every_column(), "b@example.org")):
        client = Client()
        client.post(join_url(), {**more, **SHOWN, **join_data(client, email=email)})
        made.append(row(Application.objects.get(email=email), *own))
    assert made[0] == made[1]


# What the form of an application shows and a visitor may leave empty.
SHOWN = dict.fromkeys(
    (
        *("phone", "employer", "title", "payer_name", "organisation_number", "street"),
        *("postcode", "city", "invoice_email", "reference", "order_number", "cost_centre"),
        "peppol_id",
    ),
    "",
)


def test_a_booking_takes_what_its_form_shows(client: Client) -> None:
    put_in(client, conference(timezone.now()))
    page = client.get(reverse("events:checkout"))
    shown = {**pages.fields(page, "seen"), **names(page), **PAYER}
    client.post(reverse("events:checkout"), {**every_column(), **shown})
    booking = Booking.objects.get()
    assert (booking.state, booking.user, booking.booked_by) == ("confirmed", None, None)
    assert booking.invoice_line.invoice.total == 5900


def test_a_reader_of_the_newsletter_is_not_confirmed_by_saying_so(client: Client) -> None:
    shown = {"email": "a@example.org", "consent": "on"}
    human = {"human_ticket": ticket(action="newsletter")}
    client.post(reverse("news:newsletter"), {**every_column(), **shown, **human})
    [reader] = Subscriber.objects.all()
    assert (reader.email, reader.confirmed_at, reader.is_live()) == ("a@example.org", None, False)


def test_a_payer_stays_the_payer_of_whom_it_is(client: Client) -> None:
    mine, other = members.employer(members.person()), members.employer(members.person())
    client.force_login(mine.user)
    before = row(other)
    form = client.get(reverse("members:payer")).context["form"]
    shown = {field.html_name: field.value() or "" for field in form}
    typed = {**every_column(), **shown, "id": other.pk, "user": other.user_id}
    client.post(reverse("members:payer"), {**typed, "user_id": other.user_id})
    assert row(BillingDetails.objects.get(pk=other.pk)) == before
    assert BillingDetails.objects.get(pk=mine.pk).user == mine.user


# --- Mail ---------------------------------------------------------------------------------------


def fill_in_every_form(client: Client, name: str, address: str) -> None:
    """Each that a stranger reaches and that ends in a mail."""
    client.post(join_url(), join_data(client, name=name, email=address))
    human = {"human_ticket": ticket(action="newsletter")}
    client.post(reverse("news:newsletter"), {"email": address, "consent": "on", **human})
    for page_name in ("account_request_login_code", "account_reset_password"):
        client.post(reverse(page_name), {"email": address})
    put_in(client, conference(timezone.now()))
    page = client.get(reverse("events:checkout"))
    seats = {field: name for field in names(page) if field.startswith("name_")}
    payer = {**PAYER, "payer_name": name, "invoice_email": address}
    shown = {**pages.fields(page, "seen"), **names(page)}
    client.post(reverse("events:checkout"), {**shown, **seats, **payer})


def test_the_forms_end_in_mails(client: Client) -> None:
    fill_in_every_form(client, "Anna", "a@example.org")
    assert Mail.objects.filter(to="a@example.org").count() >= 4
    assert (Application.objects.count(), Booking.objects.coming_to().count()) == (1, 1)


@pytest.mark.parametrize("broken", BREAKS, ids=map(ascii, BREAKS))
def test_a_line_of_ones_own_in_a_name_is_refused(client: Client, broken: str) -> None:
    fill_in_every_form(client, f"Anna{broken}Bcc evil", "a@example.org")
    # What asked for an address alone was answered; no name came so far.
    assert not Application.objects.exists()
    assert not Booking.objects.coming_to().exists()
    for mail in Mail.objects.all():
        assert (mail.to, "evil" in f"{mail.subject} {mail.text}") == ("a@example.org", False)


@pytest.mark.parametrize("broken", BREAKS, ids=map(ascii, BREAKS))
def test_a_line_of_ones_own_in_an_address_is_refused(client: Client, broken: str) -> None:
    fill_in_every_form(client, "Anna", f"a@example.org{broken}Bcc: x@evil.example")
    assert list(Mail.objects.all()) == []
