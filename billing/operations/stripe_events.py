"""Stripe's webhooks: stored first, answered, and applied afterwards in any order."""

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from billing import gateway
from billing.models import Invoice, Payment, StripeCheckout, StripeEvent
from billing.money import format_amount
from billing.operations.cards import settle_checkout, settle_open_pages
from billing.operations.paying import locked_balance, register_payment

SETTLES = frozenset({"checkout.session.completed", "checkout.session.async_payment_succeeded"})
# Money that goes back at once, money that was first under way, and money that came back to us.
REFUNDS = frozenset({"charge.refunded", "charge.refund.updated", "refund.updated", "refund.failed"})
DISPUTES = "charge.dispute."
# Stripe tried to give money back, and the payer's bank would not take it.
NEVER_ARRIVED = frozenset({"failed", "canceled"})


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
    if kind.startswith(DISPUTES):
        return _apply_dispute(thing["id"])
    return ""


def _apply_session(session: dict[str, Any]) -> str:
    """An invoice that was paid twice shows by itself: it is overpaid until the money is back."""
    payment = settle_checkout(session_id=session["id"])
    if payment is None:
        if session.get("payment_status") != "paid":
            return ""
        return _("Paid on a payment page that we did not ask for.")
    asked = StripeCheckout.objects.get(session_id=session["id"]).amount
    if payment.amount == asked:
        return ""
    return _("%(paid)s was paid on invoice %(invoice)s where %(asked)s was asked for.") % {
        "paid": format_amount(payment.amount),
        "asked": format_amount(asked),
        "invoice": payment.invoice.number,
    }


def _apply_refunds(payment_intent: str) -> str:
    original = _payment_of(payment_intent)
    if original is None:
        return _("Money was given back for a payment that we do not know.")
    for refund in gateway.list_refunds(payment_intent):
        enter_refund(original.invoice, refund)
    return _opened_again(original.invoice)


def enter_refund(invoice: Invoice, refund: gateway.Refund) -> None:
    """What has gone back, once. What came back to us afterwards is entered the other way."""
    gone = f"stripe:{refund.refund_id}"
    if refund.status == "succeeded":
        _enter(invoice, -refund.amount, gone)
    elif refund.status in NEVER_ARRIVED and Payment.objects.filter(external_id=gone).exists():
        _enter(invoice, refund.amount, f"{gone}:failed")


def _apply_dispute(dispute_id: str) -> str:
    """The bank takes the money at once, and gives it back if the association is right."""
    dispute = gateway.fetch_dispute(dispute_id)
    original = _payment_of(dispute.payment_intent)
    if original is None:
        return _("A payment that we do not know is disputed: %s") % dispute.payment_intent
    if dispute.is_withdrawn:
        _enter(original.invoice, -dispute.amount, f"stripe:{dispute_id}")
    if dispute.is_reinstated:
        _enter(original.invoice, dispute.amount, f"stripe:{dispute_id}:reinstated")
        return ""
    return _("The card payment of invoice %s is disputed. Answer in Stripe's dashboard.") % (
        original.invoice.number
    )


def _enter(invoice: Invoice, amount: Decimal, external_id: str) -> None:
    register_payment(
        invoice=invoice,
        amount=amount,
        paid_on=timezone.localdate(),
        method=Payment.Method.CARD,
        external_id=external_id,
        receipt=False,
    )


def _payment_of(payment_intent: str) -> Payment | None:
    """Events come in any order: perhaps we have not been told of the payment itself yet."""
    found = _known_payment(payment_intent)
    if found is None:
        settle_open_pages(timezone.now())
        found = _known_payment(payment_intent)
    return found


def _known_payment(payment_intent: str) -> Payment | None:
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
