"""Through Stripe's own library against the stand-in, over real HTTP."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import stripe as library
from django.utils import timezone, translation

from billing import gateway
from billing.gateway import (
    BadWebhook,
    Checkout,
    CheckoutState,
    GatewayRefused,
    GatewayUnavailable,
    Refund,
)
from config.demo.stripe_stand_in import Declined, StripeStandIn

pytestmark = pytest.mark.slow

D = Decimal
SECRET = "whsec_new"
NOW = datetime(2026, 4, 2, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def stripe(settings, monkeypatch):
    monkeypatch.setattr(gateway, "RETRIES", 0)
    with StripeStandIn(secret=SECRET) as stand_in:
        settings.STRIPE_SECRET_KEY = "sk_test_tests"
        settings.STRIPE_WEBHOOK_SECRETS = [SECRET, "whsec_old"]
        settings.STRIPE_API_BASE = stand_in.url
        yield stand_in


def create(**changes) -> Checkout:
    return gateway.create_checkout(
        **{
            "amount": D("1645.00"),
            "description": "Faktura 10003",
            "reference": "1000173",
            "customer_email": "anna@example.se",
            "language": "sv",
            "success_url": "http://localhost:8000/betald/?s={CHECKOUT_SESSION_ID}",
            "cancel_url": "http://localhost:8000/faktura/",
            "idempotency_key": "invoice-1-attempt-1",
            "expires_at": timezone.now() + timedelta(hours=1),
            **changes,
        }
    )


# --- Payment pages --------------------------------------------------------------------------


def test_without_a_key_cards_are_off(settings):
    settings.STRIPE_SECRET_KEY = ""

    assert gateway.is_configured() is False
    with pytest.raises(GatewayUnavailable, match="Card payment is not available"):
        create()


def test_a_payment_page_is_made_for_exactly_the_amount(stripe):
    assert gateway.is_configured() is True

    checkout = create(amount=D("1645.55"))

    session = stripe.account.session(checkout.session_id)
    assert checkout.url == f"{stripe.url}/c/pay/{checkout.session_id}"
    assert session["amount_total"] == 164555
    assert session["currency"] == "sek"
    assert session["locale"] == "sv"
    assert session["client_reference_id"] == "1000173"
    assert session["metadata"] == {"reference": "1000173"}
    assert session["customer_email"] == "anna@example.se"
    assert session["_payment"] == {
        "description": "Faktura 10003",
        "metadata": {"reference": "1000173"},
    }
    # Which ways to pay there are is decided in the dashboard, not by us.
    assert session["payment_method_types"] == ["card", "swish", "klarna"]


def test_a_payer_without_an_address_is_asked_for_it_there(stripe):
    checkout = create(customer_email="")

    assert stripe.account.session(checkout.session_id)["customer_email"] is None


def test_the_same_key_gives_the_same_page(stripe):
    expires_at = timezone.now() + timedelta(hours=1)

    assert create(expires_at=expires_at) == create(expires_at=expires_at)
    assert len(stripe.state.newest_first("checkout.session")) == 1


def test_a_key_is_for_one_request_only(stripe):
    expires_at = timezone.now() + timedelta(hours=1)
    create(expires_at=expires_at)

    with pytest.raises(GatewayRefused, match="can only be used with the same parameters"):
        create(expires_at=expires_at, amount=D("1.00"))


@pytest.mark.parametrize("amount", ["0.00", "-1.00", "1.005"])
def test_what_is_no_sum_to_pay_never_leaves_us(stripe, amount):
    with pytest.raises(ValueError, match="is no amount to pay"):
        create(amount=D(amount))


def test_what_stripe_refuses_is_told(stripe):
    with pytest.raises(GatewayRefused, match="total amount must be at least"):
        create(amount=D("2.99"))
    with pytest.raises(GatewayRefused, match="30 minutes to 24 hours"):
        create(expires_at=timezone.now() + timedelta(minutes=5))
    with pytest.raises(GatewayRefused, match="No such checkout"):
        gateway.fetch_checkout("cs_test_nowhere")


def test_an_open_page(stripe):
    checkout = create()

    assert gateway.fetch_checkout(checkout.session_id) == CheckoutState(
        session_id=checkout.session_id,
        status="open",
        payment_status="unpaid",
        amount=D("1645.00"),
        currency="sek",
        payment_intent="",
        reference="1000173",
        fee=None,
        created_at=datetime.fromtimestamp(
            stripe.account.session(checkout.session_id)["created"], UTC
        ),
    )


def test_a_paid_page_knows_its_fee(stripe):
    checkout = create()
    stripe.account.pay(checkout.session_id)

    state = gateway.fetch_checkout(checkout.session_id)

    assert (state.status, state.payment_status, state.is_paid) == ("complete", "paid", True)
    assert (state.amount, state.fee) == (D("1645.00"), D("26.48"))
    assert state.payment_intent.startswith("pi_")


def test_a_declined_card_leaves_the_page_open(stripe):
    checkout = create()
    with pytest.raises(Declined):
        stripe.account.pay(checkout.session_id, number="4000000000000002")

    state = gateway.fetch_checkout(checkout.session_id)

    assert (state.status, state.is_paid, state.fee) == ("open", False, None)


def test_money_that_is_under_way(stripe):
    checkout = create()
    stripe.account.pay(checkout.session_id, method="klarna", settled=False)

    state = gateway.fetch_checkout(checkout.session_id)
    assert (state.status, state.payment_status, state.fee) == ("complete", "unpaid", None)

    stripe.account.settle(checkout.session_id)
    assert gateway.fetch_checkout(checkout.session_id).is_paid is True


def test_a_page_can_be_closed_before_its_time(stripe):
    checkout = create()

    gateway.expire_checkout(checkout.session_id)

    assert gateway.fetch_checkout(checkout.session_id).status == "expired"
    with pytest.raises(GatewayRefused):
        gateway.expire_checkout(checkout.session_id)


# --- Money back, and money to the bank ------------------------------------------------------


def paid(stripe, **changes) -> str:
    checkout = create(**changes)
    stripe.account.pay(checkout.session_id)
    return gateway.fetch_checkout(checkout.session_id).payment_intent


def test_a_part_and_the_rest_are_given_back_and_no_more(stripe):
    intent = paid(stripe)

    part = gateway.refund(payment_intent=intent, amount=D("645.00"), idempotency_key="r1")
    rest = gateway.refund(payment_intent=intent, amount=D("1000.00"), idempotency_key="r2")

    assert part == Refund(part.refund_id, "succeeded", D("645.00"))
    assert rest == Refund(rest.refund_id, "succeeded", D("1000.00"))
    with pytest.raises(GatewayRefused, match="already been refunded"):
        gateway.refund(payment_intent=intent, amount=D("1.00"), idempotency_key="r3")


def test_refunds_are_listed_for_their_payment(stripe):
    intent = paid(stripe)
    paid(stripe, idempotency_key="other")
    part = gateway.refund(payment_intent=intent, amount=D("645.00"), idempotency_key="r1")
    # Given back in Stripe's dashboard, without us.
    rest = stripe.account.refund({"payment_intent": intent})

    assert gateway.list_refunds(intent) == [
        Refund(rest["id"], "succeeded", D("1000.00")),
        part,
    ]


def test_the_same_key_never_gives_back_twice(stripe):
    intent = paid(stripe)

    first = gateway.refund(payment_intent=intent, amount=D("100.00"), idempotency_key="r1")
    again = gateway.refund(payment_intent=intent, amount=D("100.00"), idempotency_key="r1")

    assert first == again
    assert len(stripe.state.newest_first("refund")) == 1


def test_more_than_was_paid_is_not_given_back(stripe):
    intent = paid(stripe)

    with pytest.raises(GatewayRefused, match="greater than unrefunded amount"):
        gateway.refund(payment_intent=intent, amount=D("1645.01"), idempotency_key="r1")


def test_a_payout_is_the_sum_of_its_movements(stripe):
    intent = paid(stripe)
    paid(stripe, amount=D("200.00"), idempotency_key="other")
    gateway.refund(payment_intent=intent, amount=D("45.00"), idempotency_key="r1")
    stripe.account.pay_out()
    paid(stripe, idempotency_key="after the payout")

    payouts = gateway.list_payouts(timezone.now() - timedelta(hours=1))
    movements = gateway.list_movements(payouts[0].payout_id)

    assert [(payout.amount, payout.currency, payout.status) for payout in payouts] == [
        (D("1768.72"), "sek", "paid")
    ]
    assert [(m.kind, m.amount, m.fee, m.net) for m in movements] == [
        ("refund", D("-45.00"), D("0.00"), D("-45.00")),
        ("charge", D("200.00"), D("4.80"), D("195.20")),
        ("charge", D("1645.00"), D("26.48"), D("1618.52")),
    ]
    assert sum(movement.net for movement in movements) == payouts[0].amount


# --- When Stripe does not answer ------------------------------------------------------------


def test_faults_over_there(stripe):
    stripe.trouble = "error"

    with pytest.raises(GatewayUnavailable, match="does not work right now"):
        create()


def test_no_answer(stripe, monkeypatch):
    monkeypatch.setattr(gateway, "TIMEOUT", 0.2)
    stripe.trouble = "silence"

    with pytest.raises(GatewayUnavailable, match="does not work right now"):
        create()


def test_nobody_there(stripe, settings):
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"

    with pytest.raises(GatewayUnavailable, match="does not work right now"):
        create()


def test_a_key_that_stripe_does_not_know(stripe, settings):
    settings.STRIPE_SECRET_KEY = "wrong"

    with pytest.raises(GatewayUnavailable):
        create()


def test_a_lost_answer_is_asked_for_again_without_a_second_page(stripe, monkeypatch):
    """The library repeats a request by itself, with the same key."""
    monkeypatch.setattr(gateway, "RETRIES", 1)
    answer = stripe.api.answer
    asked = []

    def lose_the_first(request):
        asked.append(answer(request))
        if len(asked) == 1:
            raise ConnectionError
        return asked[-1]

    monkeypatch.setattr(stripe.api, "answer", lose_the_first)

    checkout = create()

    assert len(asked) == 2
    assert [s["id"] for s in stripe.state.newest_first("checkout.session")] == [checkout.session_id]


# --- Webhooks -------------------------------------------------------------------------------


def event(**changes) -> dict:
    return {
        "id": "evt_1",
        "object": "event",
        "type": "checkout.session.completed",
        "data": {"object": {"id": "cs_1", "name": "Åsa"}},
        **changes,
    }


def signed(body, *, secret=SECRET, at=NOW) -> str:
    text = body if isinstance(body, str) else json.dumps(body)
    return library.WebhookSignature.generate_signature_header(text, secret, int(at.timestamp()))


@pytest.fixture
def at_noon(settings, time_machine):
    settings.STRIPE_WEBHOOK_SECRETS = [SECRET, "whsec_old"]
    time_machine.move_to(NOW, tick=False)


@pytest.mark.usefixtures("at_noon")
@pytest.mark.parametrize("secret", [SECRET, "whsec_old"])
@pytest.mark.parametrize("seconds", [-300, -299, 0, 299, 300])
def test_a_message_that_stripe_signed(secret, seconds):
    body = json.dumps(event())

    signature = signed(body, secret=secret, at=NOW + timedelta(seconds=seconds))

    assert gateway.verify_webhook(body.encode(), signature) == event()


@pytest.mark.usefixtures("at_noon")
def test_an_event_of_the_stand_in_is_good(stripe):
    stripe.account.create_session(
        {
            "mode": "payment",
            "success_url": "http://localhost/",
            "line_items": [
                {
                    "price_data": {
                        "currency": "sek",
                        "unit_amount": 500,
                        "product_data": {"name": "Årsavgift"},
                    }
                }
            ],
        },
        page=stripe.url,
    )
    session = stripe.state.newest_first("checkout.session")[0]
    stripe.account.expire_session(session["id"])
    sent = stripe.state.newest_first("event")[0]

    assert gateway.verify_webhook(*stripe.webhooks.signed(sent)) == sent


BODY = json.dumps(event())
GOOD = signed(BODY)


@pytest.mark.usefixtures("at_noon")
@pytest.mark.parametrize(
    ("body", "signature"),
    [
        (BODY.replace("cs_1", "cs_2"), GOOD),
        (BODY, signed(BODY, secret="whsec_other")),
        (BODY, signed(BODY, at=NOW - timedelta(seconds=301))),
        (BODY, signed(BODY, at=NOW + timedelta(seconds=301))),
        (BODY, ""),
        (BODY, None),
        (BODY, "nonsense"),
        (BODY, GOOD.replace("v1=", "v0=")),
        (BODY, GOOD.partition(",")[0]),
        (BODY, GOOD.partition(",")[2]),
        (BODY, GOOD.replace("t=", "t=1")),
        (BODY, GOOD.replace("t=", "t=x")),
        (BODY, f"{GOOD[:-1]}å"),
        (BODY, f"t={'9' * 400},v1=0"),
        ("", signed("")),
        ("not json", signed("not json")),
        ("[" * 100_000, signed("[" * 100_000)),
        ("[]", signed("[]")),
        ("null", signed("null")),
        *(
            (json.dumps(wrong), signed(wrong))
            for wrong in (
                event(object="v2.core.event"),
                event(id=None),
                event(id=""),
                event(type=7),
                event(data=None),
                event(data={"object": None}),
                {},
            )
        ),
    ],
)
def test_a_message_that_stripe_did_not_sign_so(body, signature):
    with pytest.raises(BadWebhook):
        gateway.verify_webhook(body.encode(), signature)


@pytest.mark.usefixtures("at_noon")
@pytest.mark.parametrize("body", [b"\xff\xfe{}", b"\x80", BODY.encode("utf-16")])
def test_a_message_that_is_not_utf_8(body):
    with pytest.raises(BadWebhook):
        gateway.verify_webhook(body, signed(body.decode("latin-1")))


@pytest.mark.usefixtures("at_noon")
@pytest.mark.parametrize("secrets", [[], [""], [" "]])
def test_without_a_secret_nothing_is_believed(settings, secrets):
    settings.STRIPE_WEBHOOK_SECRETS = secrets

    with pytest.raises(BadWebhook):
        gateway.verify_webhook(BODY.encode(), signed(BODY, secret="x"))


@pytest.mark.usefixtures("at_noon")
def test_a_doubled_timestamp_is_read_as_the_library_reads_it():
    time, signature = GOOD.split(",")

    assert gateway.verify_webhook(BODY.encode(), f"{time}=9,{signature},t=1") == event()
