"""What the link of a booking opens: all of it for its holder, the arrangement for its booker."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events import links, operations
from events.models import Booking, Certificate, Needs, SurveyAnswer
from members.models import User
from tests.factories import events as factory
from tests.factories import members

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NUTS = "Nötallergi av svåraste slag"


@pytest.fixture
def booker() -> User:
    return members.person(name="Chefen Själv")


@pytest.fixture
def seat(booker: User) -> Booking:
    """Of a colleague who has told what they cannot eat."""
    now = timezone.now()
    event = factory.conference(
        starts_at=now + 20 * DAY, published_at=now - DAY, asks_needs=True, prices={"public": "0"}
    )
    made = factory.confirmed(event, seat=1, name="Kollegan", booked_by=booker, cart=factory.cart())
    Needs.objects.create(booking=made, diet="other", allergies=NUTS, consented_at=now)
    return made


def test_the_holder_sees_everything(client: Client, seat: Booking) -> None:
    page = client.get(links.booking_path(seat)).content.decode()
    assert [words in page for words in (NUTS, "ticket-code", 'name="badge"')] == [True] * 3


def test_the_booker_comes_from_my_pages_and_sees_nothing_of_the_holders(
    client: Client, booker: User, seat: Booking
) -> None:
    client.force_login(booker)
    mine = client.get(reverse("my-pages")).content.decode()
    assert links.booked_for_path(seat) in mine
    assert links.token_of_booking(seat) not in mine
    page = client.get(links.booked_for_path(seat)).content.decode()
    assert "Kollegan" in page
    assert [words in page for words in (NUTS, "ticket-code", 'name="badge"')] == [False] * 3
    assert links.token_of_booking(seat) not in page


HOLDERS = ["needs", "badge", "accept", "decline", "show-name", "survey"]


@pytest.mark.parametrize("name", HOLDERS)
def test_what_the_holder_does_is_closed_to_the_booker(
    client: Client, booker: User, seat: Booking, name: str
) -> None:
    client.force_login(booker)
    url = reverse(f"events:{name}", args=[links.token_for_booker(seat)])
    assert (
        client.post(url, {"badge": "nothing", "take-back": "1", "rating": "1"}).status_code == 404
    )
    seat.refresh_from_db()
    assert (seat.badge, Needs.objects.count(), SurveyAnswer.objects.count()) == ("name", 1, 0)


@pytest.mark.parametrize("name", ["certificate-file", "survey", "booking-calendar"])
def test_what_the_holder_gets_is_closed_to_the_booker(client: Client, name: str) -> None:
    proof: Certificate = factory.certified(booked_by=members.person(), cart=factory.cart())
    opened = [
        client.get(reverse(f"events:{name}", args=[token])).status_code
        for token in (links.token_of_booking(proof.booking), links.token_for_booker(proof.booking))
    ]
    assert opened == [200, 404]


def test_the_booker_may_cancel_and_hand_the_seat_on(
    client: Client, booker: User, seat: Booking
) -> None:
    client.force_login(booker)
    swap = reverse("events:swap", args=[links.token_for_booker(seat)])
    client.post(swap, {"name": "Nya", "email": "nya@byran.example"})
    seat.refresh_from_db()
    assert (seat.name, seat.booked_by) == ("Nya", booker)
    client.post(reverse("events:cancel", args=[links.token_for_booker(seat)]))
    seat.refresh_from_db()
    assert seat.state == "cancelled"


@pytest.mark.parametrize("salt", ["cart", "booked-for"])
def test_a_token_of_one_kind_is_not_one_of_another(
    client: Client, seat: Booking, salt: str
) -> None:
    other = links._signer(salt).sign(seat.public_id.hex)
    assert links.own_booking_id(other) is None
    assert operations.own_booking(seat.event, members.person()) is None
