"""Money that goes back by card, disputes, and Stripe's payouts; through the library, over HTTP."""

import uuid
from decimal import Decimal

import pytest
from django.utils import timezone

from billing import gateway, operations, tasks
from billing.models import (
    Invoice,
    Payment,
    StripeCheckout,
    StripeEvent,
    StripeMovement,
    StripePayout,
)
from tests.billing.pages import page_of, told
from tests.billing.test_cards import (
    come_back,
    deliver,
    events,
    invoice,
    paid,
    press_pay,
    session_of,
    stripe,
)
from tests.factories.billing import balance, issue_invoice

__all__ = ["invoice", "stripe"]

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

D = Decimal


@pytest.fixture
def by_card(client, stripe, invoice) -> Invoice:
    """1645 kr, paid by card and entered."""
    paid(client, stripe, invoice)
    come_back(client, invoice)
    return invoice


def amounts(invoice) -> list[Decimal]:
    return [payment.amount for payment in invoice.payments.order_by("pk")]


def give_back(invoice, amount: str, token: uuid.UUID | None = None) -> None:
    operations.refund_card(invoice=invoice, amount=D(amount), token=token or uuid.uuid4(), by=None)


def apply_all(client, stripe) -> None:
    for event in events(stripe):
        deliver(client, stripe, event)
    tasks.sweep_stripe_events()


# --- Refunds --------------------------------------------------------------------------------


def test_whole_and_part_is_told_to_stripe_and_entered(stripe, by_card):
    give_back(by_card, "645")
    give_back(by_card, "1000")

    assert amounts(by_card) == [D("1645.00"), D("-645.00"), D("-1000.00")]
    assert sorted(refund["amount"] for refund in stripe.state.newest_first("refund")) == [
        64_500,
        100_000,
    ]


def test_a_second_click_gives_nothing_more_back(stripe, by_card):
    token = uuid.uuid4()

    for _ in range(2):
        give_back(by_card, "500", token)

    assert amounts(by_card) == [D("1645.00"), D("-500.00")]
    assert len(stripe.state.newest_first("refund")) == 1


def test_the_webhook_of_our_own_refund_enters_nothing_more(client, stripe, by_card):
    give_back(by_card, "500")

    apply_all(client, stripe)

    assert amounts(by_card) == [D("1645.00"), D("-500.00")]


@pytest.mark.parametrize("amount", ["0", "-1", "1645.01"])
def test_more_than_came_by_card_is_refused(stripe, by_card, amount):
    with pytest.raises(operations.RefundRefused):
        give_back(by_card, amount)

    assert stripe.state.newest_first("refund") == []


def test_two_card_payments_are_given_back_one_after_the_other(client, stripe, by_card):
    """Paid twice, by card both times: each card gets its own."""
    press_pay(client, by_card)
    other = issue_invoice(source="other")
    press_pay(client, other)
    stripe.account.pay(session_of(other))
    intent = gateway.fetch_checkout(session_of(other)).payment_intent
    operations.register_payment(
        invoice=by_card,
        amount=D("1645"),
        paid_on=timezone.localdate(),
        method=Payment.Method.CARD,
        external_id=f"stripe:{intent}",
    )

    give_back(by_card, "2000")

    assert amounts(by_card)[2:] == [D("-1645.00"), D("-355.00")]


def test_a_refund_that_the_bank_would_not_take_comes_back(client, stripe, by_card):
    give_back(by_card, "500")
    (refund,) = stripe.state.newest_first("refund")
    stripe.state.put(refund | {"status": "failed"})
    event = {"id": "evt_failed", "object": "event", "type": "refund.failed"}
    deliver(client, stripe, event | {"data": {"object": refund}})

    tasks.sweep_stripe_events()
    tasks.sweep_stripe_events()

    assert amounts(by_card) == [D("1645.00"), D("-500.00"), D("500.00")]


class TestInAdmin:
    def test_credit_and_give_back_in_one_go(self, client, treasurer, stripe, by_card):
        page = client.get(page_of(by_card, "refund"))
        token = page.context["form"].initial["token"]

        answers = {"amount": "1 645,00", "reason": "Avbokad", "token": token, "confirmed": "1"}
        page = client.post(page_of(by_card, "refund"), answers, follow=True)

        assert len(told(page)) == 1
        assert amounts(by_card) == [D("1645.00"), D("-1645.00")]
        assert by_card.credit_notes.get().total == D("-1645.00")
        assert balance(by_card) == 0

    def test_an_overpaid_invoice_suggests_what_is_too_much(
        self, client, treasurer, stripe, by_card
    ):
        operations.credit_invoice(invoice=by_card, reason="Fel", by=None)

        page = client.get(page_of(by_card, "refund"))

        assert page.context["form"].initial["amount"] == D("1645.00")

    def test_too_much_is_refused_in_the_form(self, client, treasurer, stripe, by_card):
        answers = {"amount": "2000", "reason": "", "token": uuid.uuid4(), "confirmed": "1"}

        page = client.post(page_of(by_card, "refund"), answers)

        assert "amount" in page.context["form"].errors
        assert stripe.state.newest_first("refund") == []

    def test_stripe_out_of_reach_is_told(self, client, treasurer, stripe, settings, by_card):
        settings.STRIPE_API_BASE = "http://127.0.0.1:9"
        gateway._client_for.cache_clear()
        answers = {"amount": "100", "reason": "", "token": uuid.uuid4(), "confirmed": "1"}

        page = client.post(page_of(by_card, "refund"), answers, follow=True)

        assert any(by_card.number in message for message in told(page))
        assert amounts(by_card) == [D("1645.00")]

    def test_paid_by_bank_is_nothing_to_give_back_by_card(self, client, treasurer, stripe):
        page = client.get(page_of(issue_invoice(), "refund"))

        assert page.context["form"] is None

    def test_an_onlooker_gives_nothing_back(self, client, onlooker, stripe, by_card):
        assert client.get(page_of(by_card, "refund")).status_code == 403


# --- Disputes -------------------------------------------------------------------------------


@pytest.fixture
def disputed(client, stripe, invoice) -> tuple[Invoice, str]:
    press_pay(client, invoice)
    stripe.account.pay(session_of(invoice), number="4000000000000259")
    (dispute,) = stripe.state.newest_first("dispute")
    return invoice, dispute["id"]


def test_the_bank_takes_the_money_and_the_invoice_is_unpaid(client, stripe, disputed):
    invoice, dispute = disputed

    apply_all(client, stripe)

    assert amounts(invoice) == [D("1645.00"), D("-1645.00")]
    assert invoice.payments.latest("pk").external_id == f"stripe:{dispute}"
    assert invoice.number in StripeEvent.objects.waiting().first().problem


@pytest.mark.parametrize(("won", "left"), [(True, D("0.00")), (False, D("1645.00"))])
def test_who_is_right_gets_the_money(client, stripe, disputed, won, left):
    invoice, dispute = disputed
    stripe.account.decide_dispute(dispute, won=won)

    for event in reversed(events(stripe)):
        deliver(client, stripe, event)
    tasks.sweep_stripe_events()

    assert balance(invoice) == left


def test_a_dispute_of_what_we_do_not_know_is_shown(client, stripe, disputed):
    StripeCheckout.objects.all().delete()

    apply_all(client, stripe)

    assert Payment.objects.count() == 0
    kinds = {event.type for event in StripeEvent.objects.waiting()}
    assert "charge.dispute.created" in kinds


# --- What was paid is not what was asked ----------------------------------------------------


def test_another_amount_is_entered_as_it_came_and_shown(client, stripe, invoice):
    press_pay(client, invoice)
    session = stripe.state.get(session_of(invoice))
    stripe.state.put(session | {"amount_total": 150_000})
    stripe.account.pay(session_of(invoice))

    apply_all(client, stripe)

    assert amounts(invoice) == [D("1500.00")]
    assert invoice.number in StripeEvent.objects.waiting().get().problem


def test_another_currency_is_shown_and_not_entered(client, stripe, invoice):
    press_pay(client, invoice)
    session = stripe.state.get(session_of(invoice))
    stripe.state.put(session | {"currency": "eur"})
    stripe.account.pay(session_of(invoice))

    apply_all(client, stripe)

    assert amounts(invoice) == []
    assert StripeEvent.objects.waiting().count() == 1


# --- Payouts --------------------------------------------------------------------------------


def test_payouts_are_fetched_once_with_their_movements(client, stripe, by_card):
    give_back(by_card, "645")
    stripe.account.pay_out()

    for _ in range(2):
        operations.reconcile()

    payout = StripePayout.objects.get()
    entered = {payment.external_id: payment.amount for payment in by_card.payments.all()}
    assert {row.external_id: row.amount for row in payout.movements.all()} == entered
    assert sum(row.amount - row.fee for row in payout.movements.all()) == payout.amount


def test_a_dispute_lost_and_won_has_entries_of_its_own(client, stripe, disputed):
    _invoice, dispute = disputed
    other = issue_invoice(price="5000", source="other")
    press_pay(client, other)
    stripe.account.pay(session_of(other))
    stripe.account.decide_dispute(dispute, won=True)
    stripe.account.pay_out()
    apply_all(client, stripe)

    operations.reconcile()

    ledger = {row.external_id: row.amount for row in Payment.objects.all()}
    assert {row.external_id: row.amount for row in StripeMovement.objects.all()} == ledger
    assert len(ledger) == 4


def test_without_stripe_nothing_is_fetched(client, stripe, settings, by_card):
    stripe.account.pay_out()
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    gateway._client_for.cache_clear()

    assert operations.reconcile() == 0
    assert StripePayout.objects.count() == 0
