"""Abandoned, then paid by card; credited and given back; issued again to the right payer."""

from decimal import Decimal

from django.urls import reverse
from playwright.sync_api import Page, expect

from billing.models import Invoice
from config.demo.stripe_stand_in import StripeStandIn
from members import roles
from tests.factories import billing, members
from tests.factories.billing import balance
from tests.journeys.conftest import LogIn, Say, Visit, in_language
from tests.journeys.test_paying_by_card import (
    expect_thanks,
    pay,
    stripe,
)

__all__ = ["stripe"]


def open_payment_page(page: Page, say: Say, stripe: StripeStandIn) -> None:
    page.get_by_role("button", name=say("Pay by card")).click()
    page.wait_for_url(f"{stripe.url}/c/pay/**")


def give_all_back(page: Page, say: Say, invoice: Invoice) -> None:
    page.goto(reverse("admin:billing_invoice_change", args=[invoice.pk]))
    page.get_by_role("link", name=say("Give back by card")).click()
    page.locator("#id_amount").fill("1 645,00")
    page.locator("#id_reason").fill("Fel mottagare")
    page.get_by_role("button", name=say("Give back"), exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def issue_again(page: Page, say: Say, name: str) -> None:
    page.get_by_role("link", name=say("New one like this")).click()
    page.locator("#id_name").fill(name)
    page.get_by_role("button", name=say("Preview")).click()
    page.get_by_role("button", name=say("Issue the invoice")).click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def test_abandoned_paid_given_back_and_issued_again(
    visit: Visit, log_in: LogIn, stripe: StripeStandIn
):
    say = in_language("sv")
    invoice = billing.issue_invoice()
    payer = visit()

    payer.goto(invoice.get_absolute_url())
    open_payment_page(payer, say, stripe)
    payer.goto(invoice.public_url())
    assert balance(invoice) == Decimal("1645.00")
    open_payment_page(payer, say, stripe)
    pay(payer, "sv")
    expect_thanks(payer, say)

    treasurer = log_in(members.staff(roles.TREASURER))
    give_all_back(treasurer, say, invoice)
    issue_again(treasurer, say, "Rätt Mottagare AB")

    stripe.webhooks.wait_until_empty()
    assert [payment.amount for payment in invoice.payments.order_by("pk")] == [1645, -1645]
    assert balance(invoice) == 0
    new = Invoice.objects.invoices().latest("pk")
    assert (new.customer_name, balance(new)) == ("Rätt Mottagare AB", Decimal("1645.00"))
    assert len(stripe.state.newest_first("refund")) == 1
