"""Three hundred forms from one address: no more than the limit goes through, whoever is refused is
told why and loses nothing typed, and a member behind the same address notices nothing.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events import cart as carts
from events.models import Booking, Event
from members.models import Application, User
from news.models import Subscriber
from privacy import human_check
from tests.events import pages
from tests.events.test_cart_pages import PAYER, conference, names, put_in, seminar
from tests.factories import events as factory
from tests.factories import members
from tests.factories.billing import issue_invoice
from tests.members.pages import join_data, join_url
from tests.privacy.checked_form import ticket

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

VENUE = "198.51.100.7"
UNPROVEN = human_check.UNPROVEN_FROM_ADDRESS.most
NOW = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)

# A few more than go through each time, and three hundred in the drills.
floods = pytest.mark.parametrize("number", [14, pytest.param(300, marks=pytest.mark.drill)])


@pytest.fixture(autouse=True)
def _patience(settings: Any, time_machine: Any) -> None:
    """All within the same ten minutes, however long the test takes."""
    time_machine.move_to(NOW, tick=False)
    settings.HUMAN_CHECK_SHORTEST_S = 0
    settings.HUMAN_CHECK_SHORTEST_WITHOUT_PROOF_S = 0


def visitor() -> Client:
    return Client(REMOTE_ADDR=VENUE)


def flood(send: Callable[[int], Any], number: int) -> tuple[Counter[int], Any]:
    """What was answered how often, and the last answer."""
    answers = [send(who) for who in range(number)]
    return Counter(answer.status_code for answer in answers), answers[-1]


@floods
def test_applications(number: int) -> None:
    shown = join_data(visitor(), name="Åsa Öberg", phone="070-1234567")

    def join(who: int) -> Any:
        human = {"human_ticket": ticket(action="join")}
        return visitor().post(join_url(), {**shown, **human, "email": f"p{who}@example.org"})

    statuses, last = flood(join, number)
    assert Application.objects.count() == statuses[302] == UNPROVEN
    assert_nothing_is_lost(last, {"email": f"p{number - 1}@example.org", "phone": "070-1234567"})
    assert_a_member_notices_nothing()


@floods
def test_readers_of_the_newsletter_with_a_proof_for_each(
    monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """A program can work out the proofs, too; it takes longer and ends in the same way."""
    most = human_check.FROM_ADDRESS.most if number > 100 else UNPROVEN
    monkeypatch.setattr(human_check, "FROM_ADDRESS", replace(human_check.FROM_ADDRESS, most=most))

    def subscribe(who: int) -> Any:
        human = {"human_ticket": ticket(action="newsletter", proof="own")}
        shown = {"email": f"p{who}@example.org", "consent": "on"}
        return visitor().post(reverse("news:newsletter"), {**shown, **human})

    statuses, last = flood(subscribe, number)
    assert Subscriber.objects.count() == statuses[302] == most
    assert_nothing_is_lost(last, {"email": f"p{number - 1}@example.org"})
    assert_a_member_notices_nothing()


@floods
def test_bookings_of_guests(number: int) -> None:
    event = conference(timezone.now(), capacity=1000)

    def book(who: int) -> Any:
        client = visitor()
        put_in(client, event)
        page = client.get(reverse("events:checkout"))
        shown = {**pages.fields(page, "seen"), **names(page), **PAYER}
        shown |= {"invoice_email": f"p{who}@example.org"}
        return client.post(reverse("events:checkout"), shown)

    statuses, last = flood(book, number)
    booked = Booking.objects.filter(event=event, state="confirmed")
    assert booked.count() == statuses[302] == UNPROVEN
    assert_nothing_is_lost(last, {"invoice_email": f"p{number - 1}@example.org", "city": "Umeå"})
    assert_a_member_notices_nothing()


def test_a_whole_office_books_on_one_address_for_invoices() -> None:
    """Each by themselves and from home; a form that mails a person is limited to ten an hour."""
    event = conference(timezone.now(), capacity=1000)
    for who in range(human_check.TO_EMAIL.most + 2):
        client = Client(REMOTE_ADDR=f"203.0.113.{who}")
        put_in(client, event)
        page = client.get(reverse("events:checkout"))
        shown = {**pages.fields(page, "seen"), **names(page), **PAYER}
        client.post(
            reverse("events:checkout"), {**shown, "invoice_email": "invoices@office.example"}
        )
    booked = Booking.objects.filter(event=event, state="confirmed")
    assert booked.count() == human_check.TO_EMAIL.most + 2


def assert_nothing_is_lost(answer: Any, typed: dict[str, str]) -> None:
    page = pages.text(answer)
    assert "För många formulär har skickats härifrån" in page
    form = answer.context["form"]
    assert {name: form[name].value() for name in typed} == typed


def assert_a_member_notices_nothing() -> None:
    """Logs in, books a free seat, puts the conference into the cart and sees an invoice to pay."""
    person = members.membership(starts_on=timezone.localdate() - timedelta(days=30)).user
    client = visitor()
    answer = client.post(
        reverse("account_login"), {"login": person.email, "password": members.PASSWORD}
    )
    assert (answer.status_code, answer["Location"]) == (302, reverse("my-pages"))
    event = seminar(timezone.now())
    client.post(reverse("events:book", args=[event.slug, "on_site"]))
    check_out_as(client, person)
    mine = Booking.objects.filter(user=person).order_by("pk").values_list("state", flat=True)
    assert list(mine) == ["confirmed", "confirmed"]
    invoice = issue_invoice(buyer=person)
    assert client.get(reverse("billing:invoice", args=[invoice.link_token])).status_code == 200


def check_out_as(client: Client, person: User) -> None:
    put_in(client, conference(timezone.now()))
    page = client.get(reverse("events:checkout"))
    shown = {**pages.fields(page, "seen"), **PAYER, "invoice_email": person.email}
    client.post(reverse("events:checkout"), shown)


# --- Seats in carts: no form and no name --------------------------------------------------------


def seats_of(event: Event) -> int:
    return Booking.objects.filter(event=event, state="held").count()


@pytest.mark.parametrize(("capacity", "held"), [(60, 30), (30, carts.MOST_SEATS)])
def test_nobody_fills_an_event_with_carts(capacity: int, held: int) -> None:
    event = conference(timezone.now(), capacity=capacity)
    statuses, last = flood(lambda _who: put_in(visitor(), event), capacity)
    assert (seats_of(event), statuses) == (held, {302: held, 409: capacity - held})
    assert "Logga in, eller försök igen om en halvtimme" in pages.text(last)
    # Elsewhere, and whoever says who they are, still gets one; so does another event.
    put_in(Client(REMOTE_ADDR="203.0.113.9"), event)
    assert_a_member_notices_nothing()
    client = visitor()
    client.force_login(members.person())
    put_in(client, event)
    assert seats_of(event) == held + 2
    assert put_in(visitor(), conference(timezone.now())).status_code == 302


def test_not_by_asking_for_many_seats_at_once_either() -> None:
    event = conference(timezone.now(), capacity=100)
    path = reverse("events:seats", args=[event.slug, "on_site"])
    statuses, _last = flood(lambda _who: visitor().post(path, {"seats": "20"}), 10)
    assert (seats_of(event), statuses) == (40, {302: 2, 409: 8})


def test_nor_by_taking_back_what_the_clock_took(time_machine: Any) -> None:
    event = conference(timezone.now(), capacity=30)
    client = visitor()
    path = reverse("events:seats", args=[event.slug, "on_site"])
    client.post(path, {"seats": "1"})
    [seat] = Booking.objects.filter(event=event)
    visitor().post(path, {"seats": "19"})
    Booking.objects.filter(pk=seat.pk).update(state="lapsed", seat=None, held_until=None)
    assert client.post(reverse("events:hold-again", args=[seat.public_id])).status_code == 409
    assert seats_of(event) == 19


def test_changing_ones_mind_is_not_counted_twice() -> None:
    """A cart that grows by one is one seat more, not a new dozen."""
    event = conference(timezone.now(), capacity=30)
    client = visitor()
    put_in(client, event)
    path = reverse("events:seats", args=[event.slug, "on_site"])
    for wanted in (*range(2, 11), 3, 10):
        assert client.post(path, {"seats": str(wanted)}).status_code == 302
    assert seats_of(event) == 10
    assert factory.hold(event, now=timezone.now()).state == "held"
