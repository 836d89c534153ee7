"""Card payments: asking Stripe for a payment page, and settling what was paid on it.

One function settles, whoever noticed first: the webhook, the page the payer comes back to, or the
nightly reconciliation. No transaction is open while Stripe is being talked to.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from billing import gateway
from billing.models import Invoice, Payment, StripeCheckout, StripeEvent
from billing.operations.paying import locked_balance, register_payment

log = logging.getLogger(__name__)

PAGE_LIVES = timedelta(hours=1)
# Stripe opens no page that lives less than half an hour.
LEAST_LEFT = timedelta(minutes=31)
SETTLES = frozenset({"checkout.session.completed", "checkout.session.async_payment_succeeded"})
# Money that goes back at once, and money that was first under way.
REFUNDS = frozenset({"charge.refunded", "charge.refund.updated", "refund.updated"})
LOOK_BACK = timedelta(days=4)


class AlreadySettled(Exception):
    """There is nothing left to pay."""


def open_checkout(*, invoice: Invoice, now: datetime | None = None) -> StripeCheckout:
    """The payment page for what is left of an invoice: a page still open, or a new one.

    Pressing twice gives the same page. Raises AlreadySettled, or gateway.GatewayUnavailable.
    """
    checkout = _attempt(invoice, now or timezone.now())
    if checkout.url:
        return checkout
    page = gateway.create_checkout(
        amount=checkout.amount,
        description=f"{invoice.seller['name']}, {invoice}",
        reference=invoice.number,
        customer_email=invoice.customer_email,
        language=invoice.language,
        success_url=f"{invoice.public_url()}?checkout={{CHECKOUT_SESSION_ID}}",
        cancel_url=invoice.public_url(),
        idempotency_key=f"invoice-{invoice.pk}-{checkout.attempt}-{int(checkout.expires_at.timestamp())}",
        expires_at=checkout.expires_at,
    )
    StripeCheckout.objects.filter(pk=checkout.pk).update(session_id=page.session_id, url=page.url)
    checkout.session_id, checkout.url = page.session_id, page.url
    return checkout


@transaction.atomic
def _attempt(invoice: Invoice, now: datetime) -> StripeCheckout:
    """The running attempt to pay, written down before Stripe is asked."""
    balance = locked_balance(invoice)
    if balance <= 0:
        raise AlreadySettled(_("The invoice is already paid."))
    running = (
        invoice.checkouts.filter(amount=balance, expires_at__gt=now + LEAST_LEFT)
        .order_by("-attempt")
        .first()
    )
    return running or StripeCheckout.objects.create(
        invoice=invoice,
        attempt=invoice.checkouts.count() + 1,
        amount=balance,
        expires_at=now + PAGE_LIVES,
    )


def settle_checkout(*, session_id: str) -> Payment | None:
    """Enter what was paid on a payment page. None when nothing was paid, or the page is not ours.

    What Stripe says of the session is fetched from Stripe; nothing a browser or a webhook carries
    is believed. A second payment of a settled invoice is entered too: it shows as money to give
    back.
    """
    checkout = StripeCheckout.objects.filter(session_id=session_id).first()
    if checkout is None:
        return None
    state = gateway.fetch_checkout(session_id)
    if state.payment_status != "paid" or state.currency != "sek":
        return None
    with transaction.atomic():
        payment = register_payment(
            invoice=checkout.invoice,
            amount=state.amount,
            paid_on=timezone.localdate(),
            method=Payment.Method.CARD,
            external_id=f"stripe:{state.payment_intent}",
        )
        StripeCheckout.objects.filter(pk=checkout.pk, payment_intent="").update(
            payment_intent=state.payment_intent
        )
    return payment


# Names, addresses and card details of the payer come along too; we do not need them, so they are
# not stored.
STORED = ("id", "object", "status", "payment_status", "payment_intent", "charge", "amount",
          "amount_total", "amount_refunded", "currency", "client_reference_id")  # fmt: skip


def _minimal(event: dict[str, Any]) -> dict[str, Any]:
    thing = event["data"]["object"]
    return {
        "id": event["id"],
        "type": event["type"],
        "created": event.get("created"),
        "livemode": event.get("livemode"),
        "data": {"object": {key: thing[key] for key in STORED if key in thing}},
    }


def receive_stripe_event(*, event: dict[str, Any]) -> StripeEvent:
    """Store a verified webhook, once, and have it applied after the commit."""
    with transaction.atomic():
        stored, created = StripeEvent.objects.get_or_create(
            event_id=event["id"], defaults={"type": event["type"], "payload": _minimal(event)}
        )
        if created:
            transaction.on_commit(lambda: _nudge(stored.pk), robust=True)
    return stored


def _nudge(event_id: int) -> None:
    from billing.tasks import apply_stripe_event as task  # noqa: PLC0415  tasks import this module

    task.delay(event_id)


def apply_stripe_event(*, event_id: int) -> StripeEvent:
    """Do what a stored event asks for. Any order, any number of times: the same ledger."""
    event = StripeEvent.objects.get(pk=event_id)
    if event.applied_at:
        return event
    try:
        problem = _apply(event.type, event.payload["data"]["object"])
    except gateway.GatewayRefused as refusal:
        problem = str(refusal)  # asking again would give the same answer
    StripeEvent.objects.filter(pk=event.pk, applied_at__isnull=True).update(
        applied_at=timezone.now(), problem=problem
    )
    event.refresh_from_db()
    return event


def _apply(kind: str, thing: dict[str, Any]) -> str:
    """Returns what staff must look at, or nothing."""
    if kind in SETTLES:
        return _apply_session(thing)
    if kind in REFUNDS:
        return _apply_refunds(thing.get("payment_intent") or "")
    if kind.startswith("charge.dispute."):
        return _("A card payment is disputed: %s") % thing.get("payment_intent")
    return ""


def _apply_session(session: dict[str, Any]) -> str:
    """An invoice that was paid twice shows by itself: it is overpaid until the money is back."""
    payment = settle_checkout(session_id=session["id"])
    if payment is None and session.get("payment_status") == "paid":
        return _("Paid on a payment page that we did not ask for.")
    return ""


def _apply_refunds(payment_intent: str) -> str:
    original = _payment_of(payment_intent)
    if original is None:
        # Events come in any order: perhaps we have not been told of the payment itself yet.
        _settle_open_pages(timezone.now())
        original = _payment_of(payment_intent)
    if original is None:
        return _("Money was given back for a payment that we do not know.")
    for refund in gateway.list_refunds(payment_intent):
        if refund.status != "succeeded":
            continue
        register_payment(
            invoice=original.invoice,
            amount=-refund.amount,
            paid_on=timezone.localdate(),
            method=Payment.Method.CARD,
            external_id=f"stripe:{refund.refund_id}",
        )
    return _opened_again(original.invoice)


def _payment_of(payment_intent: str) -> Payment | None:
    payments = Payment.objects.select_related("invoice")
    return payments.filter(external_id=f"stripe:{payment_intent}").first()


def _opened_again(invoice: Invoice) -> str:
    """Without a credit note the payer would be reminded of what was just given back."""
    with transaction.atomic():
        if locked_balance(invoice) <= 0:
            return ""
    return _("Money was given back on invoice %s, which is now unpaid: credit it?") % invoice.number


@transaction.atomic
def set_event_aside(*, event: StripeEvent, note: str, by: Any) -> StripeEvent:
    """Staff has dealt with what an event told. Said once."""
    del by  # the admin's log keeps who
    locked = StripeEvent.objects.select_for_update().get(pk=event.pk)
    if locked.closed_at is None:
        locked.closed_at, locked.closed_note = timezone.now(), note
        locked.save(update_fields=["closed_at", "closed_note"])
    return locked


def reconcile(*, now: datetime | None = None) -> int:
    """Look at every recent payment page once more: a lost webhook is found here at the latest."""
    if not gateway.is_configured():
        return 0
    try:
        return _settle_open_pages(now or timezone.now())
    except gateway.GatewayUnavailable:
        log.warning("reconciliation stopped: Stripe does not answer")
        return 0


def _settle_open_pages(now: datetime) -> int:
    """How many turned out to be paid. Raises gateway.GatewayUnavailable."""
    recent = StripeCheckout.objects.filter(
        session_id__isnull=False, payment_intent="", created_at__gt=now - LOOK_BACK
    )
    settled = 0
    for checkout in recent.order_by("pk"):
        try:
            settled += settle_checkout(session_id=str(checkout.session_id)) is not None
        except gateway.GatewayRefused as refusal:
            log.warning("payment page %s: %s", checkout.session_id, refusal)
    return settled
