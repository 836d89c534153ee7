"""Somebody who pays for themselves joins, and pays by card from the invoice in the mail."""

from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from billing.models import Invoice, Payment
from config.demo.stripe_stand_in import StripeStandIn
from members.models import Consent, Membership, User
from tests.journeys.conftest import LogIn, Mailbox, Say, Visit, address, in_language
from tests.journeys.test_giving_back import open_payment_page
from tests.journeys.test_paying_by_card import expect_thanks, pay, stripe

__all__ = ["stripe"]

EMAIL = "petra.privat@example.org"


def apply(page: Page, say: Say, language: str) -> None:
    page.goto(address("members:join", language=language) + "?kind=ordinary")
    page.get_by_label(say("Name"), exact=True).fill("Petra Privat")
    page.get_by_label(say("E-mail"), exact=True).fill(EMAIL)
    page.get_by_label(say("I pay myself", "payer")).check()
    page.get_by_role("button", name=say("Apply for membership")).click()
    page.wait_for_url("**" + address("members:join-sent", language=language))


@pytest.mark.parametrize("language", ["sv", "en"])
def test_ordinary_member_joins_and_pays_by_card(
    visit: Visit, log_in: LogIn, mailbox: Mailbox, stripe: StripeStandIn, language
):
    say = in_language(language)
    page = visit()

    apply(page, say, language)
    page.goto(mailbox.link(EMAIL, containing="/bekrafta/" if language == "sv" else "/confirm/"))
    page.get_by_role("button", name=say("Confirm"), exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    person = User.objects.get(email=EMAIL)
    invoice = Invoice.objects.get()
    assert Membership.objects.get(user=person).invoice == invoice
    assert (invoice.customer_name, invoice.total) == ("Petra Privat", Decimal("1645.00"))
    assert Consent.objects.count() == 0

    page.goto(mailbox.link(EMAIL, containing=invoice.public_url()))
    open_payment_page(page, say, stripe)
    pay(page, language)
    expect_thanks(page, say)
    stripe.webhooks.wait_until_empty()
    payment = Payment.objects.get()
    assert (payment.invoice, payment.amount, payment.method) == (invoice, invoice.total, "card")

    own = log_in(person)
    own.goto(reverse("my-pages"))
    expect(own.get_by_role("row").filter(has_text=invoice.number)).to_contain_text("Betald")
