"""Webhook, return page and reconciliation at the same moment: one settlement, one receipt."""

import uuid
from decimal import Decimal
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from billing import gateway, operations
from billing.models import Invoice, Payment, StripeCheckout, StripeEvent
from billing.operations import cards, paying
from config.demo.stripe_stand_in import StripeStandIn
from mail.models import Mail
from tests.billing.at_once import Meeting, at_once
from tests.factories.billing import balance, bank_transaction, issue_invoice

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("committing"),
]

ROUNDS = [20, pytest.param(200, marks=pytest.mark.drill)]
SECRET = "whsec_races"


@pytest.fixture
def stripe(settings):
    with StripeStandIn(secret=SECRET) as stand_in:
        settings.STRIPE_SECRET_KEY = "sk_test_races"
        settings.STRIPE_WEBHOOK_SECRETS = [SECRET]
        settings.STRIPE_API_BASE = stand_in.url
        gateway._client_for.cache_clear()
        yield stand_in


def paid(stripe) -> Invoice:
    """On the payment page; nobody here knows yet."""
    invoice = issue_invoice(mail=False)
    stripe.account.pay(operations.open_checkout(invoice=invoice).session_id)
    return invoice


def webhook(stripe, event) -> None:
    body, signature = stripe.webhooks.signed(event)
    answer = Client().post(
        reverse("stripe-webhook"),
        body,
        content_type="application/json",
        HTTP_STRIPE_SIGNATURE=signature,
    )
    assert answer.status_code == 200


def come_back(invoice) -> None:
    session_id = StripeCheckout.objects.get(invoice=invoice).session_id
    url = reverse("billing:invoice", args=[invoice.link_token])
    assert Client().get(url, {"checkout": session_id}).status_code == 302


def reconcile() -> None:
    operations.reconcile()


def race(stripe, invoice) -> None:
    completed = stripe.state.newest_first("event")[0]
    assert completed["type"] == "checkout.session.completed"
    outcomes = at_once(partial(webhook, stripe, completed), partial(come_back, invoice), reconcile)
    assert outcomes == {"NoneType": 3}


@pytest.mark.parametrize("rounds", ROUNDS)
def test_three_that_notice_at_once_settle_once(stripe, rounds):
    for _ in range(rounds):
        invoice = paid(stripe)

        race(stripe, invoice)

        payment = invoice.payments.get()
        assert balance(invoice) == 0
        assert Mail.objects.filter(key=f"receipt:{payment.pk}").count() == 1
    assert Payment.objects.count() == rounds
    assert Mail.objects.count() == rounds
    assert StripeEvent.objects.unapplied().count() == 0


def test_without_the_guards_they_would_settle_three_times(stripe, monkeypatch):
    """The control: no lock on the invoice, and no number from outside that is entered once."""
    meeting = Meeting(3)
    before: dict[int, Decimal] = {}

    def unlocked(invoices):
        """What each saw first, however long ago that was."""
        found = {row.pk: before.setdefault(row.pk, balance(row)) for row in invoices}
        meeting.wait()
        return found

    def by_any_number(**arguments):
        return paying.register_payment(**{**arguments, "external_id": str(uuid.uuid4())})

    monkeypatch.setattr(paying, "locked_balances", unlocked)
    monkeypatch.setattr(cards, "register_payment", by_any_number)
    invoice = paid(stripe)

    race(stripe, invoice)

    assert invoice.payments.count() == 3
    assert Mail.objects.filter(key__startswith="receipt:").count() == 3


def test_without_the_lock_somebody_would_see_an_error(stripe, monkeypatch):
    """The control of the lock: the constraint keeps the books, but the payer sees an error."""
    meeting = Meeting(3)

    def unlocked(invoices):
        found = {invoice.pk: balance(invoice) for invoice in invoices}
        meeting.wait()
        return found

    known = Payment.objects.none()
    monkeypatch.setattr(paying, "locked_balances", unlocked)
    invoice = paid(stripe)
    session_id = StripeCheckout.objects.get().session_id
    monkeypatch.setattr(Payment.objects, "filter", lambda **_: known)

    outcomes = at_once(*[partial(operations.settle_checkout, session_id=session_id)] * 3)

    assert outcomes == {"Payment": 1, "IntegrityError": 2}
    assert invoice.payments.count() == 1


def test_ten_clicks_on_pay_are_one_payment_page(stripe):
    invoice = issue_invoice(mail=False)

    outcomes = at_once(*[partial(operations.open_checkout, invoice=invoice)] * 10)

    assert outcomes == {"StripeCheckout": 10}
    assert len(stripe.state.newest_first("checkout.session")) == 1
    assert StripeCheckout.objects.count() == 1


def test_by_card_and_by_bank_at_once_both_count(stripe):
    """Money that has come is entered: none is lost, and what is too much shows."""
    for _ in range(5):
        invoice = paid(stripe)
        row = bank_transaction(ocr=invoice.ocr)
        session_id = StripeCheckout.objects.get(invoice=invoice).session_id

        outcomes = at_once(
            partial(operations.settle_checkout, session_id=session_id),
            partial(operations.match, row=row),
        )

        assert outcomes == {"Payment": 1, "list": 1}
        waits = list(type(row).objects.waiting().filter(pk=row.pk))
        assert (balance(invoice), len(waits)) in {(-invoice.total, 0), (0, 1)}
        assert Mail.objects.filter(key__startswith="receipt:").count() == Invoice.objects.count()
