"""Stripe's door from the outside: who is not Stripe is told nothing, and what Stripe's own
signature carries is no more than a hint to ask Stripe.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import stripe as library
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from billing import gateway, tasks
from billing.models import Invoice, Payment, StripeEvent
from mail.models import Mail
from tests.billing.test_cards import (
    SECRET,
    WEBHOOK,
    deliver,
    invoice,
    paid,
    press_pay,
    session_of,
    stripe,
)
from tests.factories.billing import balance, issue_invoice

__all__ = ["invoice", "stripe"]

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

OLDEST = timedelta(seconds=300)
SECOND = timedelta(seconds=1)


def event(**changes: Any) -> dict[str, Any]:
    thing = {"id": "cs_test_1", "object": "checkout.session", "payment_status": "paid"}
    kind = "checkout.session.completed"
    return {"id": "evt_1", "object": "event", "type": kind, "data": {"object": thing}, **changes}


def signature(body: bytes, *, secret: str = SECRET, ago: timedelta = 0 * SECOND) -> str:
    at = int((timezone.now() - ago).timestamp())
    text = body.decode("utf-8", "surrogateescape")
    return library.WebhookSignature.generate_signature_header(text, secret, at)


def send(body: bytes, signed: str | None, **more: Any) -> Any:
    headers = {} if signed is None else {"HTTP_STRIPE_SIGNATURE": signed}
    client = Client(enforce_csrf_checks=True)
    client.raise_request_exception = False
    return client.post(WEBHOOK, body, content_type="application/json", **headers, **more)


BODY = json.dumps(event()).encode()
HUGE = json.dumps(event(padding="x" * 5 * 1024 * 1024)).encode()
Case = Callable[[], tuple[bytes, str | None]]
REFUSED: dict[str, Case] = {
    "not signed": lambda: (BODY, None),
    "an empty signature": lambda: (BODY, ""),
    "no signature": lambda: (BODY, "nonsense"),
    "of another secret": lambda: (BODY, signature(BODY, secret="whsec_other")),
    "changed on the way": lambda: (BODY.replace(b"cs_test_1", b"cs_test_2"), signature(BODY)),
    "a space more": lambda: (BODY + b" ", signature(BODY)),
    "the old scheme": lambda: (BODY, signature(BODY).replace("v1=", "v0=")),
    "too old": lambda: (BODY, signature(BODY, ago=OLDEST + SECOND)),
    "an hour ahead": lambda: (BODY, signature(BODY, ago=timedelta(hours=-1))),
    "not JSON": lambda: (b"paid=yes", signature(b"paid=yes")),
    "a list": lambda: (b"[]", signature(b"[]")),
    "nothing": lambda: (b"", signature(b"")),
    "without an id": lambda: (one := json.dumps(event(id="")).encode(), signature(one)),
    "no event": lambda: (one := json.dumps(event(object="charge")).encode(), signature(one)),
    "too big": lambda: (HUGE, signature(HUGE)),
}


@pytest.fixture
def clock(settings: Any, time_machine: Any) -> None:
    settings.STRIPE_WEBHOOK_SECRETS = [SECRET]
    time_machine.move_to(timezone.now().replace(microsecond=0), tick=False)


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("what", REFUSED)
def test_who_is_not_stripe_is_told_nothing(what: str) -> None:
    answer = send(*REFUSED[what]())
    assert answer.status_code == 400
    assert StripeEvent.objects.count() == 0
    told = answer.content.decode().lower()
    assert [
        word for word in ("signature", "secret", "whsec", "json", "timestamp") if word in told
    ] == []


@pytest.mark.usefixtures("clock")
def test_who_is_stripe_is_let_in() -> None:
    """All the above would be refused by a door that is shut."""
    assert send(BODY, signature(BODY, ago=OLDEST)).status_code == 200
    assert StripeEvent.objects.get().event_id == "evt_1"


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete", "options", "trace"])
def test_only_by_post(client: Client, method: str) -> None:
    answer = getattr(client, method)(WEBHOOK, HTTP_STRIPE_SIGNATURE=signature(BODY))
    assert (answer.status_code, StripeEvent.objects.count()) == (405, 0)


@pytest.mark.usefixtures("clock")
def test_the_same_message_again_is_stored_once(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    """Within five minutes the signature is still good; a copy that says something else counts for
    nothing either.
    """
    first = signature(BODY, ago=-OLDEST)  # by a clock that is ahead
    other = json.dumps(event(type="charge.refunded")).encode()
    with django_capture_on_commit_callbacks() as asked:
        answers = [send(BODY, first), send(BODY, first), send(other, signature(other))]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert (StripeEvent.objects.get().type, len(asked)) == ("checkout.session.completed", 1)


@pytest.mark.usefixtures("clock")
def test_without_the_database_nothing_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stripe is asked to come again, and is let in then."""

    def away(*_: Any, **__: Any) -> Any:
        raise OperationalError("the database is away")

    with monkeypatch.context() as night:
        night.setattr(connection, "cursor", away)
        assert send(BODY, signature(BODY)).status_code == 503
    assert StripeEvent.objects.count() == 0
    assert send(BODY, signature(BODY)).status_code == 200
    assert StripeEvent.objects.count() == 1


# --- Signed, and still not believed --------------------------------------------------------------


def heard(stripe: Any, *told: dict[str, Any]) -> None:
    """Each is answered with 200 and applied."""
    for one in told:
        assert deliver(Client(), stripe, one) == 200
    tasks.sweep_stripe_events()
    assert not StripeEvent.objects.unapplied().exists()


def claim(invoice: Invoice, number: int = 1, **thing: Any) -> dict[str, Any]:
    """That the invoice's page was paid, whatever Stripe itself says of it."""
    page = {"id": session_of(invoice), "object": "checkout.session", "payment_status": "paid"}
    what = {"amount_total": 164500, "currency": "sek", "client_reference_id": invoice.number}
    return event(id=f"evt_{number}", data={"object": {**page, **what, **thing}})


def test_a_claim_that_it_was_paid_pays_nothing(client: Client, stripe: Any, invoice: Any) -> None:
    press_pay(client, invoice)
    heard(stripe, claim(invoice), claim(invoice, 2, id="cs_test_of_another_account"))
    assert (balance(invoice), Payment.objects.count()) == (invoice.total, 0)
    assert not Mail.objects.filter(key__startswith="receipt:").exists()
    # Somebody looks at why Stripe says so.
    assert StripeEvent.objects.waiting().count() == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount_total": 1},
        {"amount_total": 99_999_999},
        {"currency": "usd"},
        {"payment_intent": "pi_of_another"},
    ],
    ids=str,
)
def test_sum_and_currency_are_what_stripe_says_when_asked(
    client: Client, stripe: Any, invoice: Any, wrong: dict[str, Any]
) -> None:
    intent = paid(client, stripe, invoice)
    heard(stripe, claim(invoice, **wrong))
    [payment] = Payment.objects.all()
    assert (payment.amount, payment.external_id) == (invoice.total, f"stripe:{intent}")


def test_whose_page_it_was_is_what_we_wrote_down(client: Client, stripe: Any, invoice: Any) -> None:
    other = issue_invoice()
    paid(client, stripe, invoice)
    theirs = {"metadata": {"reference": other.number}, "client_reference_id": other.number}
    heard(stripe, claim(invoice, **theirs))
    assert (balance(invoice), balance(other)) == (0, other.total)


def test_another_currency_on_our_own_page_is_not_entered(
    client: Client, stripe: Any, invoice: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the page had been changed at Stripe: 1645 of something else are not 1645 kronor."""
    paid(client, stripe, invoice)
    state = replace(gateway.fetch_checkout(session_of(invoice)), currency="usd")
    assert state.is_paid
    monkeypatch.setattr(gateway, "fetch_checkout", lambda _id: state)
    heard(stripe, claim(invoice))
    assert (balance(invoice), Payment.objects.count()) == (invoice.total, 0)
    assert StripeEvent.objects.waiting().count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"livemode": True},
        {"account": "acct_another"},
        {"type": "customer.subscription.deleted"},
        {"type": "account.updated"},
        {"type": "checkout.session.expired"},
        {"api_version": "1999-01-01"},
    ],
    ids=str,
)
def test_what_is_not_about_us_changes_nothing(
    client: Client, stripe: Any, invoice: Any, changes: dict[str, Any]
) -> None:
    """The page is still open. Another account, or real life, is told of another page."""
    press_pay(client, invoice)
    heard(stripe, {**claim(invoice), **changes})
    assert (balance(invoice), Payment.objects.count()) == (invoice.total, 0)


def test_a_page_that_only_stripes_other_half_knows(
    client: Client, stripe: Any, invoice: Any
) -> None:
    """Asked with our key, a page of the test mode does not exist in real life."""
    press_pay(client, invoice)
    invoice.checkouts.update(session_id="cs_live_of_the_other_half")
    heard(stripe, {**claim(invoice), "livemode": True})
    assert Payment.objects.count() == 0
    assert StripeEvent.objects.waiting().get().problem != ""
