"""A guest books the conference and pays by card, on a payment page over real HTTP."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from billing import ocr
from billing.models import Invoice, Payment, StripeEvent
from config.demo.stripe_stand_in import StripeStandIn
from config.demo.stripe_stand_in.wording import WORDS
from events.models import Booking, Event
from tests.factories import events
from tests.journeys.conftest import PHONE, Mailbox, Say, Visit, address, in_language, sees

SECRET = "whsec_journeys"
PAYER = "ekonomi@kansli.example"
PEOPLE = [
    ("Gustav Gäst", "gustav@kansli.example"),
    ("Kerstin Kollega", "kerstin@kansli.example"),
    ("Kalle Kollega", "kalle@kansli.example"),
]


@pytest.fixture
def stripe(live_server, settings) -> Iterator[StripeStandIn]:
    webhook = live_server.url + reverse("stripe-webhook")
    with StripeStandIn(webhook=webhook, secret=SECRET) as stand_in:
        settings.STRIPE_SECRET_KEY = "sk_test_journeys"
        settings.STRIPE_WEBHOOK_SECRETS = [SECRET]
        settings.STRIPE_API_BASE = stand_in.url
        directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
        allowed = [*directives["form-action"], stand_in.url]
        settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {**directives, "form-action": allowed}}
        yield stand_in


@pytest.fixture
def conference() -> Event:
    return events.conference(
        starts_at=timezone.now() + timedelta(days=60),
        published_at=timezone.now() - timedelta(days=1),
    )


# --- What the guest does --------------------------------------------------------------------


def put_into_cart(page: Page, say: Say, conference: Event, language: str) -> None:
    page.goto(address("events:list", language=language))
    page.get_by_role("link", name=str(conference.title)).click()
    page.get_by_role("button", name=say("Put into the cart")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(say("Cart"))


def name_everybody(page: Page, say: Say, people: list[tuple[str, str]]) -> None:
    for number, (name, email) in enumerate(people):
        page.get_by_label(say("Name"), exact=True).nth(number).fill(name)
        page.get_by_label(say("E-mail"), exact=True).nth(number).fill(email)


def say_where_the_invoice_goes(page: Page, say: Say, name: str) -> None:
    page.get_by_label(say("Name on the invoice")).fill(name)
    page.get_by_label(say("E-mail for the invoice")).fill(PAYER)
    page.get_by_label(say("Street or box")).fill("Storgatan 1")
    page.get_by_label(say("Postcode")).fill("90321")
    page.get_by_label(say("Town")).fill("Umeå")


def book(page: Page, say: Say, *, total: str) -> Invoice:
    page.get_by_label(say("I have read the terms and accept them.")).check()
    page.get_by_role("button", name=say("Book for %(total)s", total=total)).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(say("Thank you, it is booked"))
    return Invoice.objects.get()


def go_to_the_payment_page(page: Page, say: Say, stripe: StripeStandIn) -> None:
    page.get_by_role("button", name=say("Pay by card now")).click()
    page.wait_for_url(f"{stripe.url}/c/pay/**")


def pay(page: Page, language: str) -> None:
    page.get_by_role("button", name=WORDS[language]["pay"]).click()


def expect_thanks(page: Page, say: Say) -> None:
    """Back on the invoice's page."""
    sees(page, say("Thank you. The payment has been received."))
    expect(page.locator(".pill")).to_have_text(say("Paid", "invoice"))


# --- What must be so afterwards -------------------------------------------------------------


def assert_paid_once(invoice: Invoice, mailbox: Mailbox, stripe: StripeStandIn, say: Say) -> None:
    """However many noticed it: the payer who came back, and Stripe's own message."""
    stripe.webhooks.wait_until_empty()
    assert {delivery.status for delivery in stripe.webhooks.sent} == {200}
    assert StripeEvent.objects.filter(type="checkout.session.completed").count() == 1
    assert StripeEvent.objects.unapplied().count() == 0
    payment = Payment.objects.get()
    assert (payment.invoice, payment.amount, payment.method) == (invoice, invoice.total, "card")
    assert mailbox.subjects(PAYER) == [
        say(
            "Invoice %(number)s from %(seller)s",
            number=invoice.number,
            seller="Forum för Dataskydd",
        ),
        say("Receipt: invoice %(number)s is paid", number=invoice.number),
    ]


def assert_seats(people: list[tuple[str, str]], mailbox: Mailbox, say: Say) -> None:
    seats = Booking.objects.order_by("seat")
    assert [(seat.name, seat.email) for seat in seats] == people
    assert {seat.state for seat in seats} == {"confirmed"}
    booked = say("Booked: %(title)s", title="Nordic Privacy Arena")
    for _name, email in people:
        assert mailbox.subjects(email) == [booked]


# --- The journeys ---------------------------------------------------------------------------


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_guest_pays_privately(
    visit: Visit, mailbox: Mailbox, stripe: StripeStandIn, conference: Event, javascript
):
    """Stripe's message is late: the guest is back before it."""
    say = in_language("sv")
    page = visit(java_script_enabled=javascript)
    stripe.webhooks.held = True

    put_into_cart(page, say, conference, "sv")
    assert Booking.objects.get().state == "held"
    expect(page.locator(".cart-total")).to_contain_text("5\xa0900\xa0kr")
    page.get_by_role("link", name="Till kassan").click()
    name_everybody(page, say, PEOPLE[:1])
    say_where_the_invoice_goes(page, say, "Gustav Gäst")
    invoice = book(page, say, total="5\xa0900\xa0kr")

    assert (invoice.total, invoice.vat) == (Decimal("5900.00"), Decimal("1180.00"))
    assert ocr.is_valid(invoice.ocr or "")
    assert_seats(PEOPLE[:1], mailbox, say)

    go_to_the_payment_page(page, say, stripe)
    pay(page, "sv")
    expect_thanks(page, say)
    expect(page.get_by_role("button", name=say("Pay by card"))).to_have_count(0)

    stripe.webhooks.held = False
    assert_paid_once(invoice, mailbox, stripe, say)


def test_employer_pays_for_three(
    visit: Visit, mailbox: Mailbox, stripe: StripeStandIn, conference: Event
):
    """On a phone, in English; the first card is declined, and nobody waits for anybody."""
    say = in_language("en")
    page = visit(width=PHONE)

    put_into_cart(page, say, conference, "en")
    page.get_by_label("Seats").fill("3")
    page.get_by_role("button", name="Change the number").click()
    expect(page.get_by_role("listitem").filter(has_text="Seat 3")).to_be_visible()
    page.get_by_role("link", name="To the checkout").click()
    name_everybody(page, say, PEOPLE)
    page.get_by_label("My employer pays").check()
    say_where_the_invoice_goes(page, say, "Kanslibyrån i Umeå AB")
    page.get_by_label("Organisation number").fill("802999-9995")
    page.get_by_label("Your reference").fill("Ref 7")
    invoice = book(page, say, total="SEK\xa017,700")

    assert (invoice.total, invoice.language) == (Decimal("17700.00"), "en")
    assert (invoice.customer_name, invoice.customer_reference) == ("Kanslibyrån i Umeå AB", "Ref 7")
    assert_seats(PEOPLE, mailbox, say)

    go_to_the_payment_page(page, say, stripe)
    page.get_by_label("Card number").fill("4000 0000 0000 0002")
    pay(page, "en")
    expect(page.get_by_role("alert")).to_have_text(WORDS["en"]["card_declined"])
    assert Payment.objects.count() == 0
    page.get_by_label("Card number").fill("4242 4242 4242 4242")
    pay(page, "en")
    expect_thanks(page, say)

    assert_paid_once(invoice, mailbox, stripe, say)
