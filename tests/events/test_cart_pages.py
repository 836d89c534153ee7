"""From the event's page through the cart to the thanks, as a browser goes."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from lxml import html

from billing.models import Invoice
from events import links, operations
from events.models import Booking, Event
from mail.models import Mail
from members.models import User
from tests.events import pages
from tests.factories import events as factory
from tests.factories import members

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
PAYER = {
    "payer": "employer",
    "payer_name": "Kanslibyrån i Umeå AB",
    "invoice_email": "Ekonomi@kansli.example",
    "street": "Storgatan 1",
    "postcode": "90321",
    "city": "Umeå",
    "organisation_number": "802999-9995",
    "reference": "Avd 7",
    "accepts_terms": "on",
}


@pytest.fixture(autouse=True)
def _patience(settings: Any) -> None:
    settings.HUMAN_CHECK_SHORTEST_S = 0
    settings.HUMAN_CHECK_SHORTEST_WITHOUT_PROOF_S = 0


@pytest.fixture
def now() -> Any:
    return timezone.now()


def conference(now: Any, **changes: Any) -> Event:
    return factory.conference(starts_at=now + 30 * DAY, published_at=now - DAY, **changes)


def seminar(now: Any, **changes: Any) -> Event:
    return factory.event(starts_at=now + 30 * DAY, published_at=now - DAY, **changes)


def member(now: Any) -> User:
    return members.membership(starts_on=timezone.localdate(now) - 30 * DAY).user


def put_in(client: Client, event: Event) -> HttpResponse:
    return client.post(reverse("events:hold", args=[event.slug, "on_site"]))


def names(response: HttpResponse) -> dict[str, str]:
    """A name and an address for every seat that asks for one."""
    asked = pages.fields(response, "seen")
    return {
        name: f"p{number}@byran.example" if name.startswith("email_") else f"Person {number}"
        for number, name in enumerate(sorted(asked, key=lambda n: n[::-1]))
        if name.startswith(("name_", "email_"))
    }


def check_out(client: Client, **typed: Any) -> HttpResponse:
    url = reverse("events:checkout")
    page = client.get(url)
    answers = {**pages.fields(page, "seen"), **names(page), **PAYER, **typed}
    return client.post(url, {name: value for name, value in answers.items() if value is not None})


# --- Into the cart --------------------------------------------------------------------------


def test_put_into_the_cart_by_the_button_of_the_page(client: Client, now: Any) -> None:
    event = conference(now)
    page = client.get(reverse("events:event", args=[event.slug]))
    response = pages.press(client, page, reverse("events:hold", args=[event.slug, "on_site"]))
    assert (response.status_code, response["Location"]) == (302, reverse("events:cart"))
    cart = client.get(reverse("events:cart"))
    assert cart.context["cart"].total == "5\xa0900\xa0kr"
    assert cart.context["cart_count"] == 1
    assert "data-until" in cart.content.decode()


def test_two_first_clicks_fill_one_cart(now: Any) -> None:
    """The second leaves before the answer to the first has brought the cookie."""
    event, client = conference(now), Client()
    page = client.get(reverse("events:event", args=[event.slug]))
    hold = reverse("events:hold", args=[event.slug, "on_site"])
    for _click in range(2):
        client.cookies.pop("sessionid", None)
        pages.press(client, page, hold)
    assert Booking.objects.filter(event=event).count() == 1
    # The back button after the check-out: the page's cart is used up, so the next one is new.
    check_out(client)
    pages.press(client, page, hold)
    states = Booking.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["confirmed", "held"]
    assert Booking.objects.values("cart").distinct().count() == 2


def test_a_proposed_cart_that_we_did_not_sign_is_not_used(client: Client, now: Any) -> None:
    theirs = factory.hold(conference(now), now=now)
    for forged in (theirs.cart.hex, f"{theirs.cart.hex}.x", links._signer("booking").sign("x")):
        hold = reverse("events:hold", args=[conference(now).slug, "on_site"])
        Client().post(hold, {"cart": forged})
    assert Booking.objects.filter(cart=theirs.cart).count() == 1


def test_the_cookie_comes_with_the_first_seat_only(client: Client, now: Any) -> None:
    client.get(reverse("events:cart"))
    assert "sessionid" not in client.cookies
    full = conference(now, capacity=0)
    assert put_in(client, full).status_code == 409
    assert "sessionid" not in client.cookies
    put_in(client, conference(now))
    assert "sessionid" in client.cookies


def test_a_full_event_answers_clearly(client: Client, now: Any) -> None:
    event = conference(now, capacity=1)
    factory.fill(event)
    response = put_in(client, event)
    assert response.status_code == 409
    words = pages.text(response)
    assert "Det finns ingen plats kvar." in words
    assert reverse("events:wait", args=[event.slug, "on_site"]) in response.content.decode()


def test_the_buttons_only_change_by_post(client: Client, now: Any) -> None:
    event = conference(now)
    booking = factory.hold(event, now=now)
    for name, arguments in (
        ("hold", [event.slug, "on_site"]),
        ("extend", []),
        ("seats", [event.slug, "on_site"]),
        ("take-out", [booking.public_id]),
        ("hold-again", [booking.public_id]),
    ):
        assert client.get(reverse(f"events:{name}", args=arguments)).status_code == 405
    assert Booking.objects.count() == 1


def test_an_unknown_way_to_attend_is_not_found(client: Client, now: Any) -> None:
    event = conference(now)
    for mode in ("online", "nonsense"):
        assert client.post(reverse("events:hold", args=[event.slug, mode])).status_code == 404


def test_the_number_of_seats_is_changed(client: Client, now: Any) -> None:
    event = conference(now)
    put_in(client, event)
    url = reverse("events:seats", args=[event.slug, "on_site"])
    for _ in range(2):
        client.post(url, {"seats": "3"})
    assert client.get(reverse("events:cart")).context["cart_count"] == 3
    client.post(url, {"seats": "1"})
    assert client.get(reverse("events:cart")).context["cart_count"] == 1


@pytest.mark.parametrize("seats", ["", "tre", "-1", "²", "999999999999"])
def test_a_strange_number_is_told_and_changes_nothing(client: Client, now: Any, seats: str) -> None:
    event = conference(now)
    put_in(client, event)
    response = client.post(reverse("events:seats", args=[event.slug, "on_site"]), {"seats": seats})
    assert response.status_code == 409
    assert Booking.objects.seated().count() == 1


def test_a_seat_is_taken_out_and_another_put_in(client: Client, now: Any) -> None:
    put_in(client, conference(now))
    page = client.get(reverse("events:cart"))
    pages.press(client, page, "ta-bort")
    assert client.get(reverse("events:cart")).context["cart"].groups == []


def test_a_lost_seat_is_offered_again(client: Client, now: Any) -> None:
    put_in(client, conference(now))
    Booking.objects.update(held_until=now - MINUTE)
    page = client.get(reverse("events:cart"))
    assert [str(seat.text.title) for seat in page.context["cart"].lost] == ["Nordic Privacy Arena"]
    operations.sweep_seats(now=now)
    page = client.get(reverse("events:cart"))
    assert len(page.context["cart"].lost) == 1
    (lost,) = page.context["cart"].lost
    client.post(reverse("events:hold-again", args=[lost.public_id]))
    page = client.get(reverse("events:cart"))
    assert (page.context["cart"].lost, page.context["cart_count"]) == ([], 1)


def test_more_time(client: Client, now: Any) -> None:
    put_in(client, conference(now))
    Booking.objects.update(held_until=now + MINUTE)
    pages.press(client, client.get(reverse("events:cart")), reverse("events:extend"))
    assert Booking.objects.get().held_until > now + 29 * MINUTE


def test_anothers_seat_is_not_found(client: Client, now: Any) -> None:
    """Neither by a browser without a cart nor by somebody with an account."""
    put_in(client, conference(now))
    booking = Booking.objects.get()
    stranger = Client()
    stranger.force_login(member(now))
    for name in ("take-out", "assign"):
        url = reverse(f"events:{name}", args=[booking.public_id])
        assert stranger.post(url, {"whose": "mine"}).status_code == 404
    assert Client().post(reverse("events:take-out", args=[booking.public_id])).status_code == 404
    booking.refresh_from_db()
    assert (booking.state, booking.user) == ("held", None)


# --- Logging in on the way ------------------------------------------------------------------


def test_the_cart_stays_through_a_log_in_and_gets_the_members_price(
    client: Client, now: Any
) -> None:
    put_in(client, conference(now))
    person = member(now)
    client.post(reverse("account_login"), {"login": person.email, "password": members.PASSWORD})
    page = client.get(reverse("events:cart")).context["cart"]
    assert page.total == "4\xa0900\xa0kr"
    ((line,),) = [group.seats for group in page.groups]
    assert (line.is_mine, "5\xa0900\xa0kr" in line.changed) == (True, True)


def test_a_member_books_for_a_colleague_too(client: Client, now: Any) -> None:
    event, person = conference(now), member(now)
    client.force_login(person)
    put_in(client, event)
    client.post(reverse("events:colleagues", args=[event.slug, "on_site"]))
    page = client.get(reverse("events:cart")).context["cart"]
    assert [[line.is_mine for line in group.seats] for group in page.groups] == [[True, False]]
    response = check_out(client)
    assert response.status_code == 302
    invoice = Invoice.objects.get(source__startswith="cart")
    assert (invoice.total, invoice.buyer) == (Decimal(10800), person)


def test_an_own_seat_becomes_a_colleagues(client: Client, now: Any) -> None:
    person = member(now)
    client.force_login(person)
    put_in(client, conference(now))
    booking = Booking.objects.get()
    client.post(reverse("events:assign", args=[booking.public_id]), {"whose": "other"})
    assert client.get(reverse("events:cart")).context["cart"].total == "5\xa0900\xa0kr"


# --- Check-out ------------------------------------------------------------------------------


def test_a_guest_books_three_at_the_conference_to_the_employer(client: Client, now: Any) -> None:
    event = conference(now)
    put_in(client, event)
    client.post(reverse("events:seats", args=[event.slug, "on_site"]), {"seats": "3"})
    response = check_out(client)
    assert response.status_code == 302
    invoice = Invoice.objects.get()
    assert (invoice.total, invoice.customer_name) == (Decimal(17700), PAYER["payer_name"])
    assert invoice.customer_address == "Storgatan 1\n903 21 Umeå"
    assert invoice.customer_email == "ekonomi@kansli.example"
    assert invoice.customer_reference == "Avd 7"
    assert invoice.customer_organisation_number == "8029999995"
    assert Booking.objects.coming_to().count() == 3
    thanks = client.get(response["Location"])
    assert thanks.context["invoice"].number == invoice.number
    assert invoice.get_absolute_url() in thanks.content.decode()
    assert client.get(reverse("events:cart")).context["cart_count"] == 0


def test_the_same_form_sent_again_is_the_same_booking(client: Client, now: Any) -> None:
    put_in(client, conference(now))
    url = reverse("events:checkout")
    page = client.get(url)
    answers = {**pages.fields(page, "seen"), **names(page), **PAYER}
    first, second = client.post(url, answers), client.post(url, answers)
    assert (first.status_code, second["Location"]) == (302, first["Location"])
    assert (Invoice.objects.count(), Booking.objects.count()) == (1, 1)


def test_after_a_check_out_the_next_seat_lies_in_a_new_cart(client: Client, now: Any) -> None:
    put_in(client, conference(now))
    check_out(client)
    put_in(client, conference(now))
    assert check_out(client).status_code == 302
    assert Invoice.objects.count() == 2
    assert Booking.objects.values("cart").distinct().count() == 2


def test_nothing_to_check_out_is_said_by_the_cart_and_leaves_no_cookie(client: Client) -> None:
    page = client.get(reverse("events:checkout"), follow=True)
    assert page.redirect_chain == [(reverse("events:cart"), 302)]
    assert "Varukorgen är tom" in page.content.decode()
    assert dict(client.cookies) == {}


def test_the_back_button_after_a_check_out_finds_an_empty_cart(client: Client, now: Any) -> None:
    put_in(client, conference(now))
    check_out(client)
    response = client.get(reverse("events:checkout"))
    assert (response.status_code, response["Location"]) == (302, reverse("events:cart"))


def test_a_price_that_changed_is_told_and_nothing_typed_is_lost(client: Client, now: Any) -> None:
    event = conference(now)
    put_in(client, event)
    url = reverse("events:checkout")
    page = client.get(url)
    answers = {**pages.fields(page, "seen"), **names(page), **PAYER}
    event.prices.filter(audience="public").update(amount=Decimal(6400))
    refused = client.post(url, answers)
    assert refused.status_code == 409
    assert "6\xa0400\xa0kr" in refused.content.decode()
    assert Invoice.objects.count() == 0
    kept = pages.fields(refused, "seen")
    assert kept["payer_name"] == PAYER["payer_name"]
    assert client.post(url, {**kept, "accepts_terms": "on"}).status_code == 302
    assert Invoice.objects.get().total == Decimal(6400)


WRONG = {
    "no terms": ({"accepts_terms": None}, "accepts_terms"),
    "no payer": ({"payer": None}, "payer"),
    "no number": ({"organisation_number": ""}, "organisation_number"),
    "wrong number": ({"organisation_number": "123"}, "organisation_number"),
    "wrong postcode": ({"postcode": "9"}, "postcode"),
    "no mail": ({"invoice_email": "nej"}, "invoice_email"),
}


@pytest.mark.parametrize(("typed", "field"), WRONG.values(), ids=WRONG)
def test_a_wrong_answer_is_told_at_its_field(
    client: Client, now: Any, typed: dict[str, Any], field: str
) -> None:
    put_in(client, conference(now))
    response = check_out(client, **typed)
    assert response.status_code == 409
    assert field in response.context["form"].errors
    assert Booking.objects.get().state == "held"


def test_the_summary_reads_as_the_page_does_and_says_which_seat(client: Client, now: Any) -> None:
    event, person = conference(now), member(now)
    client.force_login(person)
    client.post(reverse("events:colleagues", args=[event.slug, "on_site"]))
    client.post(reverse("events:seats", args=[event.slug, "on_site"]), {"seats": "2"})
    nameless = dict.fromkeys(names(client.get(reverse("events:checkout"))), "")
    page = check_out(client, **nameless, street="", accepts_terms=None)
    summary = html.fromstring(page.content.decode()).cssselect(".error-summary li")
    assert [line.text_content().partition(":")[0] for line in summary] == [
        *("Namn, plats 1", "E-post, plats 1", "Namn, plats 2", "E-post, plats 2"),
        "Gata eller box",
        "Jag har läst villkoren och godkänner dem. Du behöver godkänna villkoren för att boka.",
    ]


def test_who_pays_privately_is_not_asked_for_a_number(client: Client, now: Any) -> None:
    put_in(client, conference(now))
    response = check_out(client, payer="private", organisation_number="nonsense")
    assert response.status_code == 302
    assert Invoice.objects.get().customer_organisation_number == ""


@pytest.mark.parametrize("seen", ["", "x", "x=y", "00=1", "=", "NaN=NaN"])
def test_garbage_for_what_was_seen_is_nothing_seen(client: Client, now: Any, seen: str) -> None:
    put_in(client, conference(now))
    assert check_out(client, seen=seen).status_code == 409
    assert Booking.objects.get().state == "held"


@pytest.mark.parametrize("cart", ["", "x", "a.b", "00000000000000000000000000000000.x"])
def test_garbage_for_the_cart_is_this_browsers_cart(client: Client, now: Any, cart: str) -> None:
    put_in(client, conference(now))
    assert check_out(client, cart=cart).status_code == 302
    assert Booking.objects.get().state == "confirmed"


def test_a_free_cart_asks_for_no_payer_and_makes_no_invoice(client: Client, now: Any) -> None:
    put_in(client, seminar(now, prices={"public": "0"}))
    page = client.get(reverse("events:checkout"))
    assert "payer_name" not in page.context["form"].fields
    assert check_out(client).status_code == 302
    assert (Invoice.objects.count(), Booking.objects.get().state) == (0, "confirmed")


def test_the_terms_stand_there_in_full(client: Client, now: Any) -> None:
    put_in(client, conference(now))
    words = pages.text(client.get(reverse("events:checkout")))
    assert all(part in words for part in factory.terms().body_sv.split("\n\n"))


def test_what_is_known_of_the_payer_is_filled_in(client: Client, now: Any) -> None:
    person = member(now)
    members.employer(person)
    client.force_login(person)
    put_in(client, conference(now))
    filled = pages.fields(client.get(reverse("events:checkout")), "seen")
    assert (filled["payer"], filled["organisation_number"]) == ("employer", "8029999995")


def test_people_with_an_account_are_not_checked_for_being_human(client: Client, now: Any) -> None:
    client.force_login(member(now))
    put_in(client, conference(now))
    assert "human_ticket" not in client.get(reverse("events:checkout")).content.decode()


def test_two_same_addresses_are_told(client: Client, now: Any) -> None:
    event = conference(now)
    put_in(client, event)
    client.post(reverse("events:seats", args=[event.slug, "on_site"]), {"seats": "2"})
    page = client.get(reverse("events:checkout"))
    same = {name: "a@byran.example" for name in names(page) if name.startswith("email_")}
    assert check_out(client, **same).status_code == 409
    assert Booking.objects.coming_to().count() == 0


@pytest.mark.parametrize("key", ["sk_test_x", ""])
def test_the_thanks_lead_to_the_card_where_cards_are_taken(
    client: Client, now: Any, settings: Any, key: str
) -> None:
    settings.STRIPE_SECRET_KEY = key
    put_in(client, conference(now))
    thanks = client.get(check_out(client)["Location"]).content.decode()
    pay = reverse("billing:pay-by-card", args=[Invoice.objects.get().link_token])
    assert (pay in thanks) == bool(key)


def test_the_thanks_are_not_for_strangers(client: Client, now: Any) -> None:
    put_in(client, conference(now))
    location = check_out(client)["Location"]
    token = location.rstrip("/").split("/")[-1]
    assert Client().get(location).status_code == 200
    assert Client().get(location.replace(token, token[:-1] + "x")).status_code == 404
    other = links.token_of_cart(factory.cart())
    assert Client().get(location.replace(token, other)).status_code == 404


# --- One click, and the waiting list --------------------------------------------------------


def test_a_member_books_in_one_click(client: Client, now: Any) -> None:
    event, person = seminar(now), member(now)
    client.force_login(person)
    page = client.get(reverse("events:event", args=[event.slug]))
    response = pages.press(client, page, reverse("events:book", args=[event.slug, "on_site"]))
    booking = Booking.objects.get()
    assert (response.status_code, response["Location"]) == (
        302,
        reverse("events:booking", args=[links.token_of_booking(booking)]),
    )
    assert (booking.state, booking.user) == ("confirmed", person)
    assert "Du har en plats." in pages.text(client.get(response["Location"]))


def test_one_click_without_log_in_leads_to_it_and_back(client: Client, now: Any) -> None:
    event = seminar(now)
    url = reverse("events:book", args=[event.slug, "on_site"])
    response = client.post(url)
    assert response["Location"] == f"{reverse('account_login')}?next={url}"
    client.force_login(member(now))
    back = client.get(url)
    assert back["Location"] == reverse("events:event", args=[event.slug])


def test_a_member_cannot_click_a_price_away(client: Client, now: Any) -> None:
    event = conference(now)
    client.force_login(member(now))
    response = client.post(reverse("events:book", args=[event.slug, "on_site"]))
    assert (response.status_code, Booking.objects.count()) == (409, 0)


def full(now: Any, **changes: Any) -> Event:
    event = seminar(now, capacity=1, **changes)
    factory.fill(event)
    return event


def test_a_visitor_waits_and_is_shown_nothing_of_the_booking(client: Client, now: Any) -> None:
    event = full(now)
    url = reverse("events:wait", args=[event.slug, "on_site"])
    answers = pages.fields(client.get(url), "email")
    response = client.post(url, {**answers, "name": "Vera", "email": "vera@byran.example"})
    assert response["Location"] == reverse("events:event", args=[event.slug])
    booking = Booking.objects.waiting().get()
    mail = Mail.objects.get(key=f"booking-in-line:{booking.pk}")
    assert links.booking_url(booking, "sv") in mail.text
    # Again, from another browser: the same answer, and nothing new.
    other = Client()
    answers = pages.fields(other.get(url), "email")
    again = other.post(url, {**answers, "name": "Vera", "email": "vera@byran.example"})
    assert again["Location"] == response["Location"]
    assert Booking.objects.waiting().count() == 1


def test_there_is_no_line_where_there_are_seats(client: Client, now: Any) -> None:
    event = seminar(now)
    response = client.get(reverse("events:wait", args=[event.slug, "on_site"]))
    assert response["Location"] == reverse("events:event", args=[event.slug])


def test_a_member_waits_by_one_click(client: Client, now: Any) -> None:
    event, person = full(now), member(now)
    client.force_login(person)
    response = client.post(reverse("events:wait", args=[event.slug, "on_site"]))
    booking = Booking.objects.waiting().get()
    assert links.token_of_booking(booking) in response["Location"]
    page = client.get(response["Location"])
    assert "nummer 1" in pages.text(page)


def offered(now: Any, **changes: Any) -> Booking:
    event = full(now, **changes)
    booking = factory.waiting(event, now=now)
    operations.cancel(booking=event.bookings.get(state="confirmed"), by=None, now=now)
    booking.refresh_from_db()
    return booking


def booking_url(name: str, booking: Booking) -> str:
    return reverse(f"events:{name}", args=[links.token_of_booking(booking)])


def test_an_offer_is_looked_at_without_being_taken(client: Client, now: Any) -> None:
    booking = offered(now, prices={"public": "0"})
    assert client.get(booking_url("booking", booking)).status_code == 200
    assert client.get(booking_url("accept", booking)).status_code == 405
    booking.refresh_from_db()
    assert booking.state == "offered"


def test_a_free_offer_is_taken_in_one_click(client: Client, now: Any) -> None:
    booking = offered(now, prices={"public": "0"})
    page = client.get(booking_url("booking", booking))
    pages.press(client, page, booking_url("accept", booking))
    booking.refresh_from_db()
    assert booking.state == "confirmed"
    assert "sessionid" not in client.cookies or client.session.get("cart") is None


def test_an_offer_that_costs_leads_to_the_checkout_with_the_name_filled_in(
    client: Client, now: Any
) -> None:
    booking = offered(now)
    response = client.post(booking_url("accept", booking))
    assert response["Location"] == reverse("events:checkout")
    page = client.get(response["Location"])
    filled = pages.fields(page, "seen")
    key = booking.public_id.hex
    assert (filled[f"name_{key}"], filled[f"email_{key}"]) == (booking.name, booking.email)
    url = reverse("events:checkout")
    assert client.post(url, {**filled, **PAYER}).status_code == 302
    booking.refresh_from_db()
    assert booking.state == "confirmed"


def test_an_offer_is_declined(client: Client, now: Any) -> None:
    booking = offered(now)
    page = client.get(booking_url("booking", booking))
    pages.press(client, page, booking_url("decline", booking))
    booking.refresh_from_db()
    assert booking.state == "cancelled"


def test_an_offer_that_is_over_says_so(client: Client, now: Any) -> None:
    booking = offered(now)
    operations.sweep_seats(now=now + 3 * DAY)
    response = client.post(booking_url("accept", booking))
    assert response.status_code == 409
    assert "Tiden" in pages.text(response)


# --- A booking's own page -------------------------------------------------------------------


def test_a_booking_is_cancelled_after_reading_the_rule(client: Client, now: Any) -> None:
    booking = factory.confirmed(seminar(now))
    page = client.get(booking_url("cancel", booking))
    booking.refresh_from_db()
    assert (page.status_code, booking.state) == (200, "confirmed")
    response = client.post(booking_url("cancel", booking))
    assert response["Location"] == booking_url("booking", booking)
    booking.refresh_from_db()
    assert booking.state == "cancelled"
    assert client.get(response["Location"]).status_code == 200


def test_too_late_to_cancel_says_so(client: Client, now: Any) -> None:
    booking = factory.confirmed(seminar(now))
    Event.objects.update(starts_at=now - DAY / 24, ends_at=now + DAY)
    response = client.post(booking_url("cancel", booking))
    assert (response.status_code, Booking.objects.get().state) == (409, "confirmed")


def test_the_calendar_file_of_a_booking(client: Client, now: Any) -> None:
    booking = factory.confirmed(seminar(now))
    response = client.get(booking_url("booking-calendar", booking))
    assert response["Content-Type"].startswith("text/calendar")
    text = response.content.decode().replace("\r\n ", "")
    assert f"SUMMARY:{booking.event.title_sv}" in text


@pytest.mark.parametrize("name", ["booking", "cancel", "booking-calendar"])
def test_a_guessed_link_is_not_found(client: Client, now: Any, name: str) -> None:
    booking = factory.confirmed(seminar(now))
    token = links.token_of_booking(booking)
    for wrong in (token[:-1] + "x", booking.public_id.hex, links.token_of_cart(booking.public_id)):
        assert client.get(reverse(f"events:{name}", args=[wrong])).status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "cancelled", "seat": None, "cancelled_at": factory.NOW},
        {"state": "lapsed", "seat": None},
        {"state": "attended", "attended_at": factory.NOW},
        {"state": "waiting", "seat": None},
        {"state": "held", "held_until": factory.NOW},
        {"state": "offered", "held_until": factory.NOW},
    ],
)
def test_every_state_has_a_page_in_both_languages(
    client: Client, now: Any, changes: dict[str, Any]
) -> None:
    booking = factory.confirmed(seminar(now), **changes)
    assert client.get(booking_url("booking", booking)).status_code == 200
    with translation.override("en"):
        english = booking_url("booking", booking)
    assert client.get(english).status_code == 200


def test_the_online_link_is_on_the_page_of_a_seat_online_only(client: Client, now: Any) -> None:
    event = seminar(now, online_capacity=5, online_url="https://video.example/room")
    online, on_site = factory.confirmed(event, mode="online"), factory.confirmed(event)
    shown = [
        "video.example" in client.get(booking_url("booking", booking)).content.decode()
        for booking in (online, on_site)
    ]
    assert shown == [True, False]


def test_only_who_paid_sees_the_invoice(client: Client, now: Any) -> None:
    person = member(now)
    client.force_login(person)
    event = conference(now)
    client.post(reverse("events:colleagues", args=[event.slug, "on_site"]))
    check_out(client)
    booking = Booking.objects.get()
    assert booking.invoice_line is not None
    url = booking.invoice_line.invoice.get_absolute_url()
    seen = [
        url in someone.get(booking_url("booking", booking)).content.decode()
        for someone in (client, Client())
    ]
    assert seen == [True, False]
