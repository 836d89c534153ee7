"""Every event three times, in no order, from many sides at once: the ledger of the quiet day.

Half of the invoices live through their story in order and once; the other half hears of the same
story as Stripe may tell it. Both must end alike.
"""

import random
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection

from billing import gateway, operations
from billing.models import Invoice, StripeEvent
from billing.operations import cards, paying, stripe_events
from mail.models import Mail
from tests.billing.at_once import Meeting
from tests.billing.test_card_races import stripe
from tests.factories.billing import balance, issue_invoice

__all__ = ["stripe"]

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("committing"),
]

D = Decimal
DRILL = [pytest.param(125, 20, seed, marks=pytest.mark.drill) for seed in range(20)]


def paid(stripe, invoice, **how) -> str:
    session_id = operations.open_checkout(invoice=invoice).session_id
    stripe.account.pay(session_id, **how)
    return gateway.fetch_checkout(session_id).payment_intent


def give_back(intent: str, amount: str) -> None:
    gateway.refund(payment_intent=intent, amount=D(amount), idempotency_key=f"{intent}:{amount}")


def live(stripe, invoice, fate: int) -> None:
    """Paid; given back in part, or in two; disputed, and won; under way for a while."""
    match fate:
        case 0:
            paid(stripe, invoice)
        case 1:
            give_back(paid(stripe, invoice), "100.00")
        case 2:
            intent = paid(stripe, invoice)
            give_back(intent, "645.00")
            give_back(intent, "1000.00")
        case 3:
            paid(stripe, invoice, number="4000000000000259")
        case 4:
            paid(stripe, invoice, number="4000000000000259")
            stripe.account.decide_dispute(stripe.state.newest_first("dispute")[0]["id"], won=True)
        case 5:
            paid(stripe, invoice, settled=False, method="klarna")
            stripe.account.settle(invoice.checkouts.get().session_id)


def told_by(stripe) -> list[dict]:
    """And forgets it, so that the next half has its own."""
    events = list(reversed(stripe.state.newest_first("event")))
    for event in events:
        stripe.state._rows("DELETE FROM object WHERE id = ?", event["id"])
    return events


def hear(event: dict) -> None:
    try:
        stored = operations.receive_stripe_event(event=event)
        operations.apply_stripe_event(event_id=stored.pk)
    finally:
        connection.close()


def books(invoices: Sequence[Invoice]) -> list[tuple]:
    return [
        (
            balance(invoice),
            sorted(payment.amount for payment in invoice.payments.all()),
            Mail.objects.filter(
                key__in=[f"receipt:{payment.pk}" for payment in invoice.payments.all()]
            ).count(),
        )
        for invoice in invoices
    ]


def two_halves(stripe, number: int) -> tuple[list[Invoice], list[Invoice], list[dict]]:
    """Those that heard of it in order, the others, and what these are to hear."""
    quiet = [issue_invoice(mail=False) for _ in range(number)]
    for fate, invoice in enumerate(quiet):
        live(stripe, invoice, fate % 6)
    for event in told_by(stripe):
        hear(event)
    stormy = [issue_invoice(mail=False) for _ in range(number)]
    for fate, invoice in enumerate(stormy):
        live(stripe, invoice, fate % 6)
    return quiet, stormy, told_by(stripe)


def storm(events: list[dict], *, threads: int, seed: int) -> None:
    order = events * 3
    random.Random(seed).shuffle(order)
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(hear, order))


@pytest.fixture(autouse=True)
def applied_here_and_nowhere_else(monkeypatch):
    monkeypatch.setattr(stripe_events, "_nudge", lambda _event_id: None)


@pytest.mark.parametrize(("number", "threads", "seed"), [(6, 8, 1), *DRILL])
def test_the_ledger_is_that_of_a_quiet_day(stripe, number, threads, seed):
    quiet, stormy, events = two_halves(stripe, number)

    storm(events, threads=threads, seed=seed)

    assert books(stormy) == books(quiet)
    assert StripeEvent.objects.unapplied().count() == 0


def test_without_the_guards_it_is_another(stripe, monkeypatch):
    """The control: nothing from outside is entered once, and nobody waits for the lock."""
    quiet, stormy, events = two_halves(stripe, 6)
    meeting = Meeting(2)

    def unlocked(invoices):
        found = {invoice.pk: balance(invoice) for invoice in invoices}
        meeting.wait()
        return found

    def by_any_number(**arguments):
        return paying.register_payment(**{**arguments, "external_id": str(uuid.uuid4())})

    monkeypatch.setattr(paying, "locked_balances", unlocked)
    monkeypatch.setattr(cards, "register_payment", by_any_number)
    monkeypatch.setattr(stripe_events, "register_payment", by_any_number)

    storm(events, threads=4, seed=1)

    assert books(stormy) != books(quiet)
