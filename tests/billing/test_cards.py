"""Card payments from the button to the receipt, through Stripe's library, over real HTTP."""

import itertools
import json
import random
from datetime import timedelta
from decimal import Decimal
from urllib.request import Request, urlopen

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from billing import gateway, operations, tasks, today
from billing.models import Invoice, Payment, StripeCheckout, StripeEvent
from billing.operations.cards import AlreadySettled
from config.demo.stripe_stand_in import StripeStandIn
from mail.models import Mail
from members import roles
from tests.factories import members
from tests.factories.billing import balance, bank_transaction, issue_invoice, pay

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

D = Decimal
SECRET = "whsec_tests"
WEBHOOK = "/stripe/webhook/"


@pytest.fixture
def stripe(settings, monkeypatch):
    monkeypatch.setattr(gateway, "RETRIES", 0)
    with StripeStandIn(secret=SECRET) as stand_in:
        settings.STRIPE_SECRET_KEY = "sk_test_tests"
        settings.STRIPE_WEBHOOK_SECRETS = [SECRET]
        settings.STRIPE_API_BASE = stand_in.url
        gateway._client_for.cache_clear()
        yield stand_in


@pytest.fixture
def invoice(stripe):
    return issue_invoice()


def press_pay(client, invoice):
    return client.post(reverse("billing:pay-by-card", args=[invoice.link_token]))


def session_of(invoice) -> str:
    return StripeCheckout.objects.filter(invoice=invoice).latest("attempt").session_id


def come_back(client, invoice, session_id: str = ""):
    url = reverse("billing:invoice", args=[invoice.link_token])
    return client.get(url, {"checkout": session_id or session_of(invoice)}, follow=True)


def deliver(client, stripe, event) -> int:
    body, signature = stripe.webhooks.signed(event)
    return client.post(
        WEBHOOK, body, content_type="application/json", HTTP_STRIPE_SIGNATURE=signature
    ).status_code


def events(stripe, kind: str = "") -> list:
    """What Stripe would have told us, oldest first."""
    told = reversed(stripe.state.newest_first("event"))
    return [event for event in told if not kind or event["type"] == kind]


def told(page) -> str:
    return " ".join(str(message) for message in page.context["messages"])


def receipts() -> int:
    return Mail.objects.filter(key__startswith="receipt:").count()


def waiting_for_staff() -> list[str]:
    """The lists with something in them, as a treasurer's front page shows them."""
    treasurer = members.staff(roles.TREASURER)
    rows = today.waiting(treasurer, timezone.localdate())
    return [url for _title, count, url in rows if count]


def paid(client, stripe, invoice) -> str:
    """The payment page is paid; nobody here knows yet. Returns the payment's name at Stripe."""
    press_pay(client, invoice)
    stripe.account.pay(session_of(invoice))
    return gateway.fetch_checkout(session_of(invoice)).payment_intent


# --- Pages that are not needed any more -------------------------------------------------------


def status_at_stripe(checkout: StripeCheckout) -> str:
    return gateway.fetch_checkout(checkout.session_id).status


def test_the_page_of_an_invoice_that_was_paid_by_bank_is_closed(stripe, invoice):
    page = operations.open_checkout(invoice=invoice)
    other = operations.open_checkout(invoice=issue_invoice())
    pay(invoice)

    for _ in range(2):
        tasks.sweep_stripe_events()

    assert (status_at_stripe(page), status_at_stripe(other)) == ("expired", "open")


def test_a_page_for_another_sum_is_closed_and_the_new_one_stays(stripe, invoice):
    page = operations.open_checkout(invoice=invoice)
    pay(invoice, amount="645")
    new = operations.open_checkout(invoice=invoice)

    assert operations.close_needless_pages(now=timezone.now()) == 1

    assert (status_at_stripe(page), status_at_stripe(new)) == ("expired", "open")


def test_a_page_that_was_paid_in_the_same_moment_still_settles(client, stripe, invoice):
    page = operations.open_checkout(invoice=invoice)
    stripe.account.pay(page.session_id)
    pay(invoice)

    assert operations.close_needless_pages(now=timezone.now()) == 0
    assert operations.close_needless_pages(now=timezone.now()) == 0

    operations.settle_checkout(session_id=page.session_id)
    assert balance(invoice) == -invoice.total


def test_a_silent_stripe_does_not_stop_the_sweep(settings, stripe, invoice):
    operations.open_checkout(invoice=invoice)
    pay(invoice)
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"

    tasks.sweep_stripe_events()

    assert StripeCheckout.objects.get().expires_at > timezone.now()


# --- Paying ---------------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.usefixtures("committing")
@pytest.mark.django_db(transaction=True)
def test_from_the_button_to_the_receipt(client, live_server, settings, stripe, mailoutbox):
    """The webhook comes over the network, too; the worker is done when it is answered.

    On PostgreSQL, since the threads of a test share one connection to SQLite's memory.
    """
    invoice = issue_invoice()
    settings.SITE_URL = live_server.url
    stripe.webhooks.url = live_server.url + WEBHOOK

    answer = press_pay(client, invoice)
    assert answer.url.startswith(f"{stripe.url}/c/pay/")
    form = Request(answer.url, b"method=card&number=4242424242424242")
    page = urlopen(form)  # the payer fills in the form and is sent back here
    stripe.webhooks.wait_until_empty()

    payment = Payment.objects.get()
    assert page.url == invoice.public_url()
    assert (payment.invoice, payment.amount, payment.method) == (invoice, D("1645.00"), "card")
    assert balance(invoice) == 0
    assert receipts() == 1
    assert [len(message.attachments) for message in mailoutbox] == [1, 1]
    assert mailoutbox[1].attachments[0][0] == f"kvitto-{invoice.number}.pdf"
    assert {sent.status for sent in stripe.webhooks.sent} == {200}
    assert StripeEvent.objects.unapplied().count() == 0
    assert StripeEvent.objects.waiting().count() == 0


def test_the_page_that_one_comes_back_to_settles_by_itself(client, stripe, invoice):
    paid(client, stripe, invoice)

    page = come_back(client, invoice)

    assert balance(invoice) == 0
    assert page.context["status"].tone == "ok"
    assert page.context["pay"] is None
    assert receipts() == 1


def test_coming_back_again_and_again_changes_nothing(client, stripe, invoice):
    paid(client, stripe, invoice)

    for _ in range(3):
        assert come_back(client, invoice).status_code == 200

    assert Payment.objects.count() == 1
    assert receipts() == 1


def test_coming_back_unpaid_says_so(client, stripe, invoice):
    press_pay(client, invoice)

    page = come_back(client, invoice)

    assert len(told(page)) > 0
    assert page.context["pay"]["amount"] == page.context["left"]
    assert Payment.objects.count() == 0


@pytest.mark.parametrize("session_id", ["cs_test_nowhere", "x" * 300, "'"])
def test_coming_back_with_an_invented_payment(client, stripe, invoice, session_id):
    assert come_back(client, invoice, session_id).status_code == 200
    assert balance(invoice) == invoice.total


def test_the_payment_of_another_invoice_settles_that_one_only(client, stripe, invoice):
    other = issue_invoice()
    paid(client, stripe, other)

    come_back(client, invoice, session_of(other))

    assert (balance(invoice), balance(other)) == (invoice.total, 0)


def test_reconciliation_finds_a_lost_webhook(client, stripe, invoice):
    paid(client, stripe, invoice)

    assert operations.reconcile() == 1
    assert operations.reconcile() == 0

    assert balance(invoice) == 0
    assert receipts() == 1


def test_reconciliation_goes_on_past_a_page_that_stripe_does_not_know(client, stripe, invoice):
    lost = issue_invoice()
    operations.open_checkout(invoice=lost)
    StripeCheckout.objects.filter(invoice=lost).update(session_id="cs_test_gone")
    paid(client, stripe, invoice)

    assert operations.reconcile() == 1
    assert balance(invoice) == 0


# --- Pressing the button --------------------------------------------------------------------


def test_pressing_twice_is_one_payment_page(client, stripe, invoice):
    first, second = press_pay(client, invoice), press_pay(client, invoice)

    assert first.url == second.url
    assert len(stripe.state.newest_first("checkout.session")) == 1


def test_after_an_hour_there_is_a_new_payment_page(stripe, invoice, time_machine):
    first = operations.open_checkout(invoice=invoice)
    later = operations.open_checkout(invoice=invoice, now=timezone.now() + timedelta(minutes=45))

    assert (first.attempt, later.attempt) == (1, 2)
    assert first.session_id != later.session_id


def test_the_payment_page_is_for_what_is_left(client, stripe, invoice):
    pay(invoice, amount="1000")

    press_pay(client, invoice)

    session = stripe.account.session(session_of(invoice))
    assert session["amount_total"] == 64500
    assert session["locale"] == "sv"
    assert session["client_reference_id"] == invoice.number


def test_nothing_left_is_nothing_to_press(client, stripe, invoice):
    pay(invoice)

    page = client.post(reverse("billing:pay-by-card", args=[invoice.link_token]), follow=True)

    assert page.context["pay"] is None
    assert len(told(page)) > 0
    assert stripe.state.newest_first("checkout.session") == []
    with pytest.raises(AlreadySettled):
        operations.open_checkout(invoice=invoice)


def test_without_keys_there_is_no_button(client, settings):
    settings.STRIPE_SECRET_KEY = ""
    invoice = issue_invoice()

    page = client.get(reverse("billing:invoice", args=[invoice.link_token]))

    assert page.context["pay"]["card"] is False
    assert reverse("billing:pay-by-card", args=[invoice.link_token]) not in page.content.decode()
    assert press_pay(client, invoice).status_code == 302


@pytest.mark.parametrize("trouble", ["error", "nobody"])
def test_stripe_out_of_reach_is_told_plainly(client, stripe, settings, invoice, trouble):
    stripe.trouble = "error"
    if trouble == "nobody":
        settings.STRIPE_API_BASE = "http://127.0.0.1:9"

    page = client.post(reverse("billing:pay-by-card", args=[invoice.link_token]), follow=True)

    assert page.status_code == 200
    assert len(told(page)) > 0
    assert page.context["pay"]["facts"][1][1] == invoice.ocr  # the bank is still there
    stripe.trouble = ""
    settings.STRIPE_API_BASE = stripe.url
    assert press_pay(client, invoice).url.startswith(stripe.url)


def test_stripe_out_of_reach_on_the_way_back(client, stripe, invoice):
    paid(client, stripe, invoice)
    stripe.trouble = "error"

    assert come_back(client, invoice).status_code == 200

    stripe.trouble = ""
    assert operations.reconcile() == 1


# --- Abandoned, and paid twice --------------------------------------------------------------


def test_abandoned_and_then_paid_by_bank(client, stripe, invoice):
    press_pay(client, invoice)

    operations.match(row=bank_transaction(ocr=invoice.ocr))
    stripe.account.expire_session(session_of(invoice))
    for event in events(stripe):
        deliver(client, stripe, event)
    tasks.sweep_stripe_events()

    assert [p.method for p in invoice.payments.all()] == ["bank"]
    assert balance(invoice) == 0
    assert StripeEvent.objects.waiting().count() == 0


def test_paid_by_bank_and_by_card_is_money_to_give_back(client, stripe, invoice):
    paid(client, stripe, invoice)
    operations.match(row=bank_transaction(ocr=invoice.ocr))

    for event in events(stripe):
        deliver(client, stripe, event)
    tasks.sweep_stripe_events()

    assert balance(invoice) == -invoice.total
    assert list(Invoice.objects.overpaid()) == [invoice]
    assert [url[-16:] for url in waiting_for_staff()] == ["?status=overpaid"]
    assert receipts() == 1


def test_the_payment_of_a_credited_invoice_is_money_to_give_back(client, stripe, invoice):
    paid(client, stripe, invoice)
    operations.credit_invoice(invoice=invoice, reason="Fel", by=None)

    come_back(client, invoice)

    assert list(Invoice.objects.overpaid()) == [invoice]


# --- Webhooks -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "signature", [None, "", "t=1,v1=0", "nonsense", "t=1770000000,v1=" + "0" * 64]
)
def test_a_webhook_that_stripe_did_not_sign(client, stripe, signature):
    body = json.dumps({"id": "evt_1", "object": "event", "type": "x", "data": {"object": {}}})
    headers = {} if signature is None else {"HTTP_STRIPE_SIGNATURE": signature}

    answer = client.post(WEBHOOK, body, content_type="application/json", **headers)

    assert answer.status_code == 400
    assert StripeEvent.objects.count() == 0


def test_a_webhook_is_a_post(client, stripe):
    assert client.get(WEBHOOK).status_code == 405


def test_a_webhook_needs_no_cookie_and_no_token(stripe, invoice):
    strict = Client(enforce_csrf_checks=True)
    paid(Client(), stripe, invoice)

    assert {deliver(strict, stripe, event) for event in events(stripe)} == {200}


def test_nothing_of_the_payer_is_stored(client, stripe, invoice):
    press_pay(client, invoice)
    stripe.account.pay(session_of(invoice), email="anna.hemlig@example.org")

    for event in events(stripe):
        deliver(client, stripe, event)

    stored = json.dumps([event.payload for event in StripeEvent.objects.all()])
    assert len(stored) > 100
    assert "anna.hemlig" not in stored


def test_an_event_is_stored_once_and_applied_by_the_worker(
    client, stripe, invoice, django_capture_on_commit_callbacks
):
    paid(client, stripe, invoice)
    (completed,) = events(stripe, "checkout.session.completed")

    with django_capture_on_commit_callbacks(execute=True):
        answers = [deliver(client, stripe, completed) for _ in range(3)]

    assert answers == [200, 200, 200]
    assert StripeEvent.objects.get().applied_at is not None
    assert balance(invoice) == 0
    assert receipts() == 1


def test_an_event_that_stripe_cannot_explain_now_waits_for_the_sweep(client, stripe, invoice):
    paid(client, stripe, invoice)
    (completed,) = events(stripe, "checkout.session.completed")
    deliver(client, stripe, completed)

    stripe.trouble = "error"
    tasks.sweep_stripe_events()
    assert StripeEvent.objects.unapplied().count() == 1

    stripe.trouble = ""
    tasks.sweep_stripe_events()
    assert StripeEvent.objects.unapplied().count() == 0
    assert balance(invoice) == 0


def test_an_event_that_cannot_be_read_does_not_hold_up_the_others(client, stripe, invoice):
    StripeEvent.objects.create(event_id="evt_0", type="charge.refunded", payload={})
    paid(client, stripe, invoice)
    for event in events(stripe):
        deliver(client, stripe, event)

    tasks.sweep_stripe_events()

    assert StripeEvent.objects.unapplied().get().event_id == "evt_0"
    assert balance(invoice) == 0


def test_money_on_a_page_that_is_not_ours_is_shown_to_staff(client, stripe):
    session = stripe.account.create_session(
        {
            "mode": "payment",
            "success_url": "http://localhost/",
            "line_items": [
                {
                    "price_data": {
                        "currency": "sek",
                        "unit_amount": 500,
                        "product_data": {"name": "Mugg"},
                    }
                }
            ],
        },
        page=stripe.url,
    )
    stripe.account.pay(session["id"])
    for event in events(stripe):
        deliver(client, stripe, event)

    tasks.sweep_stripe_events()

    assert StripeEvent.objects.waiting().get().type == "checkout.session.completed"
    assert Payment.objects.count() == 0


def test_a_dispute_is_shown_to_staff(client, stripe, invoice):
    press_pay(client, invoice)
    stripe.account.pay(session_of(invoice), number="4000000000000259")
    for event in events(stripe):
        deliver(client, stripe, event)

    tasks.sweep_stripe_events()

    assert {event.type for event in StripeEvent.objects.waiting()} == {
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
    }


def test_money_under_way_is_entered_when_it_has_come(client, stripe, invoice):
    press_pay(client, invoice)
    stripe.account.pay(session_of(invoice), method="klarna", settled=False)
    come_back(client, invoice)
    assert balance(invoice) == invoice.total

    stripe.account.settle(session_of(invoice))
    for event in events(stripe):
        deliver(client, stripe, event)
    tasks.sweep_stripe_events()

    assert balance(invoice) == 0


# --- Money back -----------------------------------------------------------------------------


def test_refunds_are_entered_once_each(client, stripe, invoice):
    intent = paid(client, stripe, invoice)
    come_back(client, invoice)
    operations.credit_invoice(invoice=invoice, reason="Avbokat", by=None)
    for number, amount in enumerate((D("645.00"), D("1000.00"))):
        gateway.refund(payment_intent=intent, amount=amount, idempotency_key=f"r{number}")

    for event in events(stripe) * 2:
        deliver(client, stripe, event)
    tasks.sweep_stripe_events()

    amounts = invoice.payments.order_by("amount").values_list("amount", flat=True)
    assert list(amounts) == [D("-1000.00"), D("-645.00"), D("1645.00")]
    assert balance(invoice) == 0
    assert StripeEvent.objects.waiting().count() == 0


def test_a_refund_that_leaves_the_invoice_unpaid_is_shown_to_staff(client, stripe, invoice):
    """Otherwise the payer would be reminded of the money that was just given back."""
    intent = paid(client, stripe, invoice)
    come_back(client, invoice)
    gateway.refund(payment_intent=intent, amount=D("1645.00"), idempotency_key="r")
    (refunded,) = events(stripe, "charge.refunded")
    deliver(client, stripe, refunded)

    tasks.sweep_stripe_events()

    assert balance(invoice) == invoice.total
    assert invoice.number in StripeEvent.objects.waiting().get().problem


def test_a_refund_that_is_told_before_its_payment(client, stripe, invoice):
    """Events come in any order, and the payer closed the browser."""
    intent = paid(client, stripe, invoice)
    operations.credit_invoice(invoice=invoice, reason="Avbokat", by=None)
    gateway.refund(payment_intent=intent, amount=D("1645.00"), idempotency_key="r")
    (refunded,) = events(stripe, "charge.refunded")
    deliver(client, stripe, refunded)

    tasks.sweep_stripe_events()

    amounts = invoice.payments.order_by("amount").values_list("amount", flat=True)
    assert list(amounts) == [D("-1645.00"), D("1645.00")]
    assert StripeEvent.objects.waiting().count() == 0


def test_a_refund_of_what_we_do_not_know_is_shown_to_staff(client, stripe):
    StripeEvent.objects.create(
        event_id="evt_1",
        type="charge.refunded",
        payload={"data": {"object": {"payment_intent": "pi_unknown"}}},
    )

    tasks.sweep_stripe_events()

    assert StripeEvent.objects.waiting().get().event_id == "evt_1"


def test_setting_an_event_aside_is_said_once():
    event = StripeEvent.objects.create(
        event_id="evt_1", type="x", payload={}, applied_at=timezone.now(), problem="Tvist"
    )

    for note in ("Ringt banken", "En gång till"):
        operations.set_event_aside(event=event, note=note, by=None)

    event.refresh_from_db()
    assert event.closed_note == "Ringt banken"
    assert StripeEvent.objects.waiting().count() == 0


# --- Any order, any number of times ---------------------------------------------------------


def ledger_of(invoices) -> dict:
    """What the books say, without the numbers that the database gives."""
    return {
        invoice.source: (
            balance(invoice),
            sorted(invoice.payments.values_list("external_id", "amount")),
            Mail.objects.filter(
                key__in=[f"receipt:{p.pk}" for p in invoice.payments.all()]
            ).count(),
        )
        for invoice in invoices
    }


class _Undone(Exception):
    """The next order starts from the same books."""


@pytest.fixture
def story(client, stripe):
    """Four invoices: paid; paid and half given back; paid twice; abandoned. And the events."""
    invoices = [issue_invoice(source=f"story:{number}") for number in range(4)]
    for invoice in invoices[:3]:
        paid(client, stripe, invoice)
    intent = gateway.fetch_checkout(session_of(invoices[1])).payment_intent
    gateway.refund(payment_intent=intent, amount=D("1000.00"), idempotency_key="half")
    pay(invoices[2])
    press_pay(client, invoices[3])
    stripe.account.expire_session(session_of(invoices[3]))
    return invoices, events(stripe)


@pytest.mark.parametrize("seed", range(10))
def test_any_order_and_any_number_of_times_is_the_same_ledger(client, stripe, story, seed):
    invoices, told_by_stripe = story
    books = []
    shuffled = told_by_stripe * 3
    random.Random(seed).shuffle(shuffled)

    for order in (told_by_stripe, shuffled):
        try:
            with transaction.atomic():
                for event in order:
                    deliver(client, stripe, event)
                    stored = StripeEvent.objects.get(event_id=event["id"])
                    operations.apply_stripe_event(event_id=stored.pk)
                books.append(ledger_of(invoices))
                raise _Undone
        except _Undone:
            pass

    assert books[0] == books[1]
    assert [entry[0] for entry in books[0].values()] == [
        D("0.00"),
        D("1000.00"),
        -invoices[2].total,
        invoices[3].total,
    ]


def test_every_order_of_the_events_of_one_payment(client, stripe, invoice):
    """All of them, where the payment is given back."""
    intent = paid(client, stripe, invoice)
    gateway.refund(payment_intent=intent, amount=D("645.00"), idempotency_key="part")
    kinds = ("checkout.session.completed", "charge.refunded", "payment_intent.succeeded")
    chosen = [events(stripe, kind)[0] for kind in kinds]
    outcomes = set()

    for order in itertools.permutations(chosen):
        try:
            with transaction.atomic():
                for event in order:
                    deliver(client, stripe, event)
                    operations.apply_stripe_event(
                        event_id=StripeEvent.objects.get(event_id=event["id"]).pk
                    )
                amounts = invoice.payments.order_by("amount").values_list("amount", flat=True)
                outcomes.add((balance(invoice), tuple(amounts)))
                raise _Undone
        except _Undone:
            pass

    assert outcomes == {(D("645.00"), (D("-645.00"), D("1645.00")))}
