"""The stand-in for Stripe, asked as Stripe is asked: by its own library and by a browser."""

import json
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import urlencode, urlsplit

import pytest
import stripe as library
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.demo.stripe_stand_in import Declined, StripeStandIn
from config.demo.stripe_stand_in.parameters import decode

pytestmark = pytest.mark.slow

HOUR = 3600
# The library would leave an id of this machine in the home directory.
library.enable_telemetry = False


class Clock:
    def __init__(self) -> None:
        self.now = 1_775_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def stripe(clock):
    with StripeStandIn(clock=clock) as stand_in:
        yield stand_in


@pytest.fixture
def client(stripe):
    return client_of(stripe)


def client_of(stand_in: StripeStandIn) -> library.StripeClient:
    return library.StripeClient(
        "sk_test_tests", base_addresses={"api": stand_in.url}, max_network_retries=0
    )


def params(*, name="Faktura 10003", amount=164500, **changes) -> dict:
    price = {"currency": "sek", "unit_amount": amount, "product_data": {"name": name}}
    return {
        "mode": "payment",
        "line_items": [{"quantity": 1, "price_data": price}],
        "success_url": "http://localhost:8000/tack/?s={CHECKOUT_SESSION_ID}&a=1",
        "cancel_url": "http://localhost:8000/tillbaka/",
        "locale": "sv",
        "client_reference_id": "1000173",
        **changes,
    }


def kinds(stand_in: StripeStandIn) -> list[str]:
    """What was told, oldest first."""
    return [event["type"] for event in stand_in.state.newest_first("event")][::-1]


def ask(stand_in: StripeStandIn, method: str, path: str, body: bytes = b"", **headers):
    """One plain HTTP request: status, headers, text."""
    connection = HTTPConnection(urlsplit(stand_in.url).netloc, timeout=5)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode()
    finally:
        connection.close()


# --- Who may ask, and for what --------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer sk_live_x"},
        {"Authorization": "x"},
    ],
)
def test_without_a_test_key_nothing_is_answered(stripe, headers):
    status, _headers, text = ask(stripe, "GET", "/v1/charges", **headers)

    assert status == 401
    assert json.loads(text)["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/v1/customers"), ("POST", "/v1/charges"), ("GET", "/v1/charges/a/b"), ("GET", "/x")],
)
def test_what_it_does_not_know(stripe, method, path):
    assert ask(stripe, method, path, Authorization="Bearer sk_test_x")[0] == 404


def price(**changes) -> dict:
    item = params()["line_items"][0]
    return {"line_items": [{**item, "price_data": {**item["price_data"], **changes}}]}


@pytest.mark.parametrize(
    ("changes", "param", "message"),
    [
        ({"sucess_url": "http://a/"}, "sucess_url", "Received unknown parameter: sucess_url"),
        (
            price(product_data={"name": "A", "colour": "red"}),
            "line_items[0][price_data][product_data][colour]",
            "Received unknown parameter",
        ),
        (
            price(product_data={"description": "A"}),
            "line_items[0][price_data][product_data][name]",
            "Missing required param",
        ),
        (
            {"line_items": [{"price_data": {"unit_amount": 500}}]},
            "line_items[0][price_data][currency]",
            "Missing required param",
        ),
        (price(unit_amount="16.45"), "line_items[0][price_data][unit_amount]", "Invalid integer"),
        (price(unit_amount=-5), "line_items[0][price_data][unit_amount]", "Invalid amount"),
        (price(currency="eur"), "line_items[0][price_data][currency]", "knows only `sek`"),
        ({"line_items": "all"}, "line_items", "Invalid array"),
        ({"line_items": ["all"]}, "line_items[0]", "Invalid object"),
        ({"metadata": "x"}, "metadata", "Invalid object"),
        ({"metadata": {"k": "x" * 501}}, "metadata[k]", "at most 500"),
        ({"locale": "xx"}, "locale", "must be one of auto, bg, cs"),
        ({"automatic_tax": {"enabled": "yes"}}, "automatic_tax[enabled]", "Invalid boolean"),
        ({"mode": "subscription"}, "mode", "knows only `mode=payment`"),
        ({"success_url": ""}, "success_url", "empty string"),
        ({"success_url": "javascript:alert(1)"}, "success_url", "Not a valid URL"),
        ({"cancel_url": "/tillbaka/"}, "cancel_url", "Not a valid URL"),
        ({"customer_email": "anna"}, "customer_email", "Invalid email"),
        ({"client_reference_id": "x" * 201}, "client_reference_id", "at most 200"),
        ({"expires_at": 1_775_000_000 + HOUR // 2 - 2}, "expires_at", "30 minutes"),
        ({"expires_at": 1_775_000_000 + 24 * HOUR + 2}, "expires_at", "24 hours"),
    ],
)
def test_requests_are_checked_as_stripe_checks_them(client, stripe, changes, param, message):
    with pytest.raises(library.InvalidRequestError, match=message) as refused:
        client.v1.checkout.sessions.create(params(**changes))

    assert (refused.value.param, refused.value.http_status) == (param, 400)
    assert stripe.state.newest_first("checkout.session") == []


def test_a_sum_under_three_kronor_is_refused(client):
    with pytest.raises(library.InvalidRequestError) as refused:
        client.v1.checkout.sessions.create(params(amount=299))

    assert refused.value.code == "amount_too_small"
    assert client.v1.checkout.sessions.create(params(amount=300)).amount_total == 300


def test_nested_bodies():
    body = "a=1&b[c]=2&b[d][0][e]=3&b[d][1][e]=4&expand[]=x&expand[]=y&f=%C3%A5+b"

    assert decode(body) == {
        "a": "1",
        "b": {"c": "2", "d": {"0": {"e": "3"}, "1": {"e": "4"}}},
        "expand": {"0": "x", "1": "y"},
        "f": "å b",
    }


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    path=st.sampled_from(["/v1/checkout/sessions", "/v1/refunds", "/v1/payouts", "/c/pay/x"]),
    body=st.one_of(
        st.binary(max_size=100),
        st.dictionaries(
            st.sampled_from(
                ["mode", "line_items", "line_items[0]", "a[", "[]", "amount", "expand[]"]
            ),
            st.text(max_size=10),
        ).map(lambda found: urlencode(found, errors="replace").encode()),
    ),
)
def test_nothing_that_is_sent_is_a_fault(stripe, path, body):
    status = ask(stripe, "POST", path, body, Authorization="Bearer sk_test_x")[0]

    assert status in (400, 404)


# --- Honest answers -------------------------------------------------------------------------


def everything(client, stripe) -> dict[str, dict]:
    """One of each kind of object, as it is answered."""
    session = client.v1.checkout.sessions.create(params())
    stripe.account.pay(session.id)
    session = client.v1.checkout.sessions.retrieve(session.id)
    intent = client.v1.payment_intents.retrieve(session.payment_intent)
    refund = client.v1.refunds.create({"payment_intent": intent.id, "amount": 500})
    dispute = stripe.account.dispute(intent.id)
    other = client.v1.checkout.sessions.create(params(amount=9_000_000))
    stripe.account.pay(other.id)
    payout = stripe.account.pay_out()
    charge = client.v1.charges.retrieve(intent.latest_charge)
    found = {
        "checkout.Session": session,
        "LineItem": client.v1.checkout.sessions.line_items.list(session.id).data[0],
        "PaymentIntent": intent,
        "Charge": charge,
        "BalanceTransaction": client.v1.balance_transactions.retrieve(charge.balance_transaction),
        "Refund": client.v1.refunds.retrieve(refund.id),
        "Dispute": client.v1.disputes.retrieve(dispute["id"]),
        "Payout": client.v1.payouts.retrieve(payout["id"]),
        "Event": client.v1.events.list().data[0],
        "Balance": client.v1.balance.retrieve(),
    }
    return {name: item.to_dict() for name, item in found.items()}


def test_answers_have_the_fields_that_the_library_declares(client, stripe):
    for name, item in everything(client, stripe).items():
        kind = library
        for part in name.split("."):
            kind = getattr(kind, part)
        declared = {
            field: str(hint)
            for field, hint in kind.__annotations__.items()
            if "ClassVar" not in str(hint)
        }
        needed = {
            field
            for field, hint in declared.items()
            if "Optional" not in hint and "None" not in hint
        }
        assert set(item) <= set(declared), name
        assert needed <= set(item), name
        assert {field for field in needed if item[field] is None} == set(), name


def test_what_is_only_ours_is_not_answered(client, stripe):
    assert "_" not in {name[0] for item in everything(client, stripe).values() for name in item}


# --- Payments -------------------------------------------------------------------------------


def test_a_payment_tells_its_story(client, stripe):
    session = client.v1.checkout.sessions.create(params(metadata={"reference": "1000173"}))

    stripe.account.pay(session.id)

    assert kinds(stripe) == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]
    told = stripe.state.newest_first("event")[0]["data"]["object"]
    assert (told["id"], told["status"], told["payment_status"]) == (session.id, "complete", "paid")
    assert (told["client_reference_id"], told["metadata"]) == (
        "1000173",
        {"reference": "1000173"},
    )


def test_nothing_is_paid_twice(client, stripe):
    session = client.v1.checkout.sessions.create(params())
    stripe.account.pay(session.id)

    with pytest.raises(Exception, match="is complete"):
        stripe.account.pay(session.id)

    assert len(client.v1.charges.list().data) == 1


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("4000000000000002", "card_declined"),
        ("4000000000009995", "card_declined"),
        ("4000000000000069", "expired_card"),
        ("4000000000000127", "incorrect_cvc"),
        ("1234", "incorrect_number"),
    ],
)
def test_a_declined_card_can_be_followed_by_a_good_one(client, stripe, number, code):
    session = client.v1.checkout.sessions.create(params())

    with pytest.raises(Declined) as declined:
        stripe.account.pay(session.id, number=number)
    intent = client.v1.checkout.sessions.retrieve(session.id).payment_intent
    assert declined.value.code == code
    assert client.v1.payment_intents.retrieve(intent).last_payment_error.code == code
    stripe.account.pay(session.id)

    assert kinds(stripe)[:2] == ["payment_intent.created", "payment_intent.payment_failed"]
    assert client.v1.payment_intents.retrieve(intent).status == "succeeded"


def test_time_closes_a_page(client, stripe, clock):
    session = client.v1.checkout.sessions.create(params(expires_at=int(clock.now) + HOUR))

    clock.now += HOUR - 1
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"
    clock.now += 1
    closed = client.v1.checkout.sessions.retrieve(session.id)

    assert (closed.status, closed.payment_status, closed.url) == ("expired", "unpaid", None)
    assert kinds(stripe) == ["checkout.session.expired"]
    with pytest.raises(Exception, match="is expired"):
        stripe.account.pay(session.id)


@pytest.mark.parametrize(
    ("succeeded", "status", "told"),
    [
        (True, "paid", "checkout.session.async_payment_succeeded"),
        (False, "unpaid", "checkout.session.async_payment_failed"),
    ],
)
def test_money_that_is_under_way(client, stripe, succeeded, status, told):
    session = client.v1.checkout.sessions.create(params())

    stripe.account.pay(session.id, method="klarna", settled=False)
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "unpaid"
    stripe.account.settle(session.id, succeeded=succeeded)

    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == status
    assert kinds(stripe)[-1] == told


def test_a_disputed_payment_takes_the_money_and_a_fee(client, stripe):
    session = client.v1.checkout.sessions.create(params())

    stripe.account.pay(session.id, number="4000000000000259")

    dispute = client.v1.disputes.list().data[0]
    assert (dispute.amount, dispute.status) == (164500, "needs_response")
    assert (dispute.balance_transactions[0].net, dispute.balance_transactions[0].fee) == (
        -182000,
        17500,
    )
    assert kinds(stripe)[-2:] == ["charge.dispute.created", "charge.dispute.funds_withdrawn"]
    with pytest.raises(library.InvalidRequestError, match="charged back"):
        client.v1.refunds.create({"charge": dispute.charge})


def test_refunds_of_what_was_never_paid(client, stripe):
    session = client.v1.checkout.sessions.create(params())
    with pytest.raises(Declined):
        stripe.account.pay(session.id, number="4000000000000002")
    intent = client.v1.checkout.sessions.retrieve(session.id).payment_intent

    for wrong in ({}, {"charge": "ch_1"}, {"payment_intent": intent}, {"payment_intent": "pi_1"}):
        with pytest.raises(library.InvalidRequestError):
            client.v1.refunds.create(wrong)


def test_the_balance_goes_to_the_bank(client, stripe):
    stripe.account.pay(client.v1.checkout.sessions.create(params()).id)
    assert client.v1.balance.retrieve().available[0].amount == 161852

    with pytest.raises(library.InvalidRequestError, match="it is 161852"):
        client.v1.payouts.create({"amount": 1, "currency": "sek"})
    client.v1.payouts.create({"amount": 161852, "currency": "sek"})

    assert client.v1.balance.retrieve().available[0].amount == 0
    with pytest.raises(library.InvalidRequestError, match="it is 0"):
        client.v1.payouts.create({"amount": 1, "currency": "sek"})


# --- Lists and expansion --------------------------------------------------------------------


def test_lists_are_read_page_by_page_both_ways(client):
    ids = [client.v1.checkout.sessions.create(params()).id for _ in range(5)][::-1]

    first = client.v1.checkout.sessions.list({"limit": 2})
    rest = client.v1.checkout.sessions.list({"limit": 100, "starting_after": ids[1]})
    back = client.v1.checkout.sessions.list({"limit": 2, "ending_before": ids[3]})

    assert ([s.id for s in first.data], first.has_more) == (ids[:2], True)
    assert ([s.id for s in rest.data], rest.has_more) == (ids[2:], False)
    assert ([s.id for s in back.data], back.has_more) == (ids[1:3], True)
    assert [s.id for s in first.auto_paging_iter()] == ids


def test_lists_are_filtered(client, stripe, clock):
    old = client.v1.checkout.sessions.create(params())
    clock.now += HOUR
    new = client.v1.checkout.sessions.create(params())
    stripe.account.pay(new.id)
    sessions = client.v1.checkout.sessions
    intent = sessions.retrieve(new.id).payment_intent

    def ids(**filters):
        return [session.id for session in sessions.list(filters).data]

    assert ids(created={"gte": int(clock.now)}) == [new.id]
    assert ids(created={"lt": int(clock.now)}) == [old.id]
    assert ids(created=int(clock.now)) == [new.id]
    assert ids(status="open") == [old.id]
    assert ids(payment_intent=intent) == [new.id]
    events = client.v1.events
    assert [e.type for e in events.list({"type": "charge.*"}).data] == ["charge.succeeded"]
    assert len(events.list({"types": ["charge.succeeded", "payment_intent.created"]}).data) == 2
    assert len(client.v1.charges.list({"payment_intent": "pi_other"}).data) == 0


@pytest.mark.parametrize(
    "wrong", [{"limit": 0}, {"limit": 101}, {"starting_after": "cs_1"}, {"status": "paid"}]
)
def test_lists_that_cannot_be(client, wrong):
    with pytest.raises(library.InvalidRequestError):
        client.v1.checkout.sessions.list(wrong)


def test_expansion(client, stripe):
    session = client.v1.checkout.sessions.create(params())
    stripe.account.pay(session.id)
    path = "payment_intent.latest_charge.balance_transaction"

    found = client.v1.checkout.sessions.retrieve(session.id, {"expand": [path, "line_items"]})
    listed = client.v1.charges.list({"expand": ["data.balance_transaction"]})

    assert found.payment_intent.latest_charge.balance_transaction.fee == 2648
    assert found.line_items.data[0].description == "Faktura 10003"
    assert listed.data[0].balance_transaction.net == 161852
    for wrong in ("amount_total", "_lines", "nothing", "payment_intent.id"):
        with pytest.raises(library.InvalidRequestError, match="cannot be expanded"):
            client.v1.checkout.sessions.retrieve(session.id, {"expand": [wrong]})


# --- Idempotency ----------------------------------------------------------------------------


def test_a_key_has_one_answer(client, stripe):
    first = client.v1.checkout.sessions.create(params(), {"idempotency_key": "k"})
    again = client.v1.checkout.sessions.create(params(), {"idempotency_key": "k"})

    assert first.id == again.id
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    with pytest.raises(library.IdempotencyError):
        client.v1.checkout.sessions.create(params(amount=500), {"idempotency_key": "k"})
    with pytest.raises(library.IdempotencyError):
        client.v1.refunds.create({"charge": "ch_1"}, {"idempotency_key": "k"})
    assert len(stripe.state.newest_first("checkout.session")) == 1


def test_a_refused_request_does_not_use_up_its_key(client):
    with pytest.raises(library.InvalidRequestError):
        client.v1.checkout.sessions.create(params(locale="xx"), {"idempotency_key": "k"})

    assert client.v1.checkout.sessions.create(params(), {"idempotency_key": "k"}).id


def test_a_key_used_by_many_at_once_makes_one_page(client, stripe):
    def create(_number):
        return client.v1.checkout.sessions.create(params(), {"idempotency_key": "k"}).id

    with ThreadPoolExecutor(10) as pool:
        ids = set(pool.map(create, range(30)))

    assert len(ids) == 1
    assert len(stripe.state.newest_first("checkout.session")) == 1


def test_a_restart_forgets_nothing(tmp_path):
    state = str(tmp_path / "stripe.sqlite3")
    with StripeStandIn(state=state) as before:
        session = client_of(before).v1.checkout.sessions.create(params(), {"idempotency_key": "k"})
        before.account.pay(session.id)

    with StripeStandIn(state=state) as after:
        client = client_of(after)
        assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
        again = client.v1.checkout.sessions.create(params(), {"idempotency_key": "k"})
        assert again.id == session.id


# --- Webhooks -------------------------------------------------------------------------------


class Receiver:
    """Takes webhooks, answers what it is told to, and remembers what it could verify."""

    def __init__(self) -> None:
        self.answers: list[int] = []
        self.got: list[str] = []
        self.enough = threading.Semaphore(0)
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                library.WebhookSignature.verify_header(
                    body, self.headers["Stripe-Signature"], "whsec_test", tolerance=300
                )
                receiver.got.append(json.loads(body)["type"])
                self.send_response(receiver.answers.pop(0) if receiver.answers else 200)
                self.end_headers()
                receiver.enough.release()

            def log_message(self, *_args: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/stripe/webhook/"

    def wait_for(self, count: int) -> list[str]:
        for _ in range(count):
            assert self.enough.acquire(timeout=10), self.got
        return self.got


@pytest.fixture
def receiver():
    found = Receiver()
    thread = threading.Thread(target=found.server.serve_forever, args=(0.02,))
    thread.start()
    yield found
    found.server.shutdown()
    thread.join()
    found.server.server_close()


@pytest.fixture
def sender(receiver):
    with StripeStandIn(webhook=receiver.url, secret="whsec_test", retries=(0.05, 0.05)) as stand_in:
        yield stand_in


def expired_page(stand_in: StripeStandIn) -> str:
    """The shortest story: one event."""
    session = stand_in.account.create_session(params(), page=stand_in.url)
    stand_in.account.expire_session(session["id"])
    return session["id"]


PAID = [
    "payment_intent.created",
    "charge.succeeded",
    "payment_intent.succeeded",
    "checkout.session.completed",
]


def paid_page(stand_in: StripeStandIn) -> None:
    session = stand_in.account.create_session(params(), page=stand_in.url)
    stand_in.account.pay(session["id"])


def test_webhooks_arrive_signed_and_in_order(sender, receiver):
    paid_page(sender)

    assert receiver.wait_for(4) == PAID


def test_a_webhook_is_repeated_until_it_is_taken(sender, receiver):
    receiver.answers = [500, 302]

    expired_page(sender)

    sender.webhooks.wait_until_empty()
    assert receiver.got == ["checkout.session.expired"] * 3
    assert [sent.status for sent in sender.webhooks.sent] == [500, 302, 200]


def test_a_webhook_is_given_up_in_the_end(sender, receiver):
    receiver.answers = [500] * 3

    expired_page(sender)
    sender.webhooks.wait_until_empty()

    assert receiver.got == ["checkout.session.expired"] * 3
    assert [sent.status for sent in sender.webhooks.sent] == [500, 500, 500]


def test_webhooks_can_be_held_back_shuffled_and_doubled(sender, receiver):
    sender.webhooks.held = True
    sender.webhooks.copies = 2
    paid_page(sender)
    assert [event["type"] for event in sender.webhooks.waiting()] == [
        kind for kind in PAID for _copy in range(2)
    ]

    statuses = sender.webhooks.release(lambda events: events[::-1])

    assert statuses == [200] * 8
    assert receiver.got == [kind for kind in PAID[::-1] for _copy in range(2)]


def test_webhooks_can_be_lost(sender, receiver):
    sender.webhooks.dropping = True
    expired_page(sender)
    sender.webhooks.dropping = False
    paid_page(sender)

    assert receiver.wait_for(4) == PAID


def test_webhooks_can_be_late(sender, receiver):
    sender.webhooks.delay = 0.3
    expired_page(sender)
    sender.webhooks.delay = 0
    paid_page(sender)

    assert receiver.wait_for(5) == [*PAID, "checkout.session.expired"]


def test_webhooks_survive_a_restart(tmp_path, receiver):
    state = str(tmp_path / "stripe.sqlite3")
    with StripeStandIn(state=state, webhook="http://127.0.0.1:9/", retries=(0.01,) * 50) as before:
        expired_page(before)

    with StripeStandIn(state=state, webhook=receiver.url, secret="whsec_test"):
        assert receiver.wait_for(1) == ["checkout.session.expired"]


# --- The payment page -----------------------------------------------------------------------


def page_of(session) -> str:
    return urlsplit(session.url).path


def form(**fields: str) -> bytes:
    return urlencode({"method": "card", "number": "4242 4242 4242 4242", **fields}).encode()


def test_the_page_says_what_is_paid_for(client, stripe):
    session = client.v1.checkout.sessions.create(params(customer_email="anna@example.se"))

    status, headers, html = ask(stripe, "GET", page_of(session))

    assert status == 200
    assert "form-action 'self' http://localhost:8000;" in headers["Content-Security-Policy"]
    for text in ("Forum för Dataskydd", "Faktura 10003", "1\u00a0645,00\u00a0kr", "Provmiljö"):
        assert text in html
    assert 'value="4242 4242 4242 4242"' in html
    assert 'href="http://localhost:8000/tillbaka/"' in html
    assert "anna@example.se" in html
    assert "<script" not in html and " style=" not in html
    assert ask(stripe, "GET", "/stand-in.css")[0] == 200


@pytest.mark.parametrize(
    ("locale", "browser", "language"),
    [
        ("sv", "en", "sv"),
        ("en", "sv", "en"),
        ("auto", "en-GB,en;q=0.9", "en"),
        ("auto", "sv-SE", "sv"),
        ("auto", "fi", "sv"),
    ],
)
def test_the_page_speaks_the_payers_language(client, stripe, locale, browser, language):
    session = client.v1.checkout.sessions.create(params(locale=locale))

    html = ask(stripe, "GET", page_of(session), **{"Accept-Language": browser})[2]

    assert f'<html lang="{language}">' in html
    assert {"sv": "Att betala", "en": "SEK\u00a01,645.00"}[language] in html


@pytest.mark.parametrize("method", ["card", "swish", "klarna"])
def test_whoever_pays_goes_back_to_the_shop(client, stripe, method):
    session = client.v1.checkout.sessions.create(params())

    status, headers, _html = ask(
        stripe, "POST", page_of(session), form(method=method, email="anna@example.se")
    )

    assert status == 303
    assert headers["Location"] == f"http://localhost:8000/tack/?s={session.id}&a=1"
    found = client.v1.checkout.sessions.retrieve(session.id)
    assert (found.payment_status, found.customer_details.email) == ("paid", "anna@example.se")
    charge = client.v1.charges.list().data[0]
    assert charge.payment_method_details.type == method


def test_whoever_is_declined_sees_why_and_keeps_what_was_typed(client, stripe):
    session = client.v1.checkout.sessions.create(params())

    status, _headers, html = ask(
        stripe,
        "POST",
        page_of(session),
        form(number="4000 0000 0000 0002", email="anna@example.se"),
    )

    assert status == 200
    assert "Kortet nekades" in html
    assert 'value="4000 0000 0000 0002" ' in html
    assert 'value="anna@example.se"' in html
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "unpaid"


def test_a_page_is_paid_once(client, stripe):
    session = client.v1.checkout.sessions.create(params())
    ask(stripe, "POST", page_of(session), form())

    status, _headers, html = ask(stripe, "POST", page_of(session), form())

    assert status == 200
    assert "redan betalt" in html and "<form" not in html
    assert len(client.v1.charges.list().data) == 1


def test_a_page_whose_time_is_up(client, stripe, clock):
    session = client.v1.checkout.sessions.create(params())
    clock.now += 24 * HOUR

    for method in ("GET", "POST"):
        html = ask(stripe, method, page_of(session), form())[2]
        assert "Tiden har gått ut" in html and "<form" not in html


def test_nothing_that_is_written_is_markup(stripe, client):
    evil = "<b>\"'&"
    session = client.v1.checkout.sessions.create(params(name=evil))

    html = ask(stripe, "POST", page_of(session), form(number=evil, email=evil))[2]

    assert "<b>" not in html
    assert html.count("&lt;b&gt;&quot;&#x27;&amp;") == 3


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/c/pay/cs_test_no", 404), ("POST", "/c/pay/cs_test_no", 404), ("GET", "/", 200)],
)
def test_other_pages(stripe, method, path, status):
    assert ask(stripe, method, path)[0] == status


def test_what_is_too_large_is_not_read(stripe):
    status, _headers, _text = ask(stripe, "POST", "/v1/refunds", **{"Content-Length": "9" * 9})

    assert status == 413


def test_a_way_to_pay_that_is_not_offered(client, stripe):
    session = client.v1.checkout.sessions.create(params(allowed_payment_method_types=["card"]))

    assert ask(stripe, "POST", page_of(session), form(method="swish"))[0] == 400


# --- The program ----------------------------------------------------------------------------


def test_it_runs_as_a_program_and_stops_when_told(tmp_path):
    command = [sys.executable, "-m", "config.demo.stripe_stand_in", "--port", "0"]
    command += ["--state", str(tmp_path / "state"), "--webhook", "http://127.0.0.1:9/"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        line = running.stdout.readline()
        address = urlsplit(line.split()[-1])
        connection = HTTPConnection(address.netloc, timeout=5)
        connection.request("GET", "/v1/charges")
        assert connection.getresponse().status == 401
        connection.close()
        running.send_signal(signal.SIGTERM)
        assert running.wait(timeout=10) == 0
