"""The card payments' gateway: the only module that talks to Stripe.

Everything else speaks Decimal kronor and small frozen records; öre, Stripe's objects and its
exceptions stay here. Nothing here may be called within a database transaction.
"""

import json
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Any

import stripe
from django.conf import settings
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)

# The library would send an id that it keeps on this machine, and how long earlier calls took.
stripe.enable_telemetry = False

ORE = Decimal(100)
# Seconds to connect and to answer. A person waits, so rather two short tries than one long.
TIMEOUT = (3.05, 8)
RETRIES = 1
# Seconds that a webhook's timestamp may be off, backwards and forwards.
TOLERANCE = 300
# What a fetched payment page is read with, so that fee and net come along in one call.
EXPANDED = "payment_intent.latest_charge.balance_transaction"


class GatewayError(Exception):
    """The gateway did not do what was asked. Shown to people as it is."""


class GatewayUnavailable(GatewayError):
    """Not now: no answer, a fault over there, or we are not let in. Trying again is safe."""


class GatewayRefused(GatewayError):
    """Not so: the gateway says no to this request, and will again."""


class BadWebhook(Exception):
    """The message does not come from Stripe, or not now. Answer 400 and do nothing."""


@dataclass(frozen=True, slots=True)
class Checkout:
    session_id: str
    url: str


@dataclass(frozen=True, slots=True)
class CheckoutState:
    """A payment page as it is now.

    `status`: open, complete or expired. `payment_status`: unpaid, paid or no_payment_required;
    complete and unpaid means that the money is under way. `fee` is None until it is known.
    """

    session_id: str
    status: str
    payment_status: str
    amount: Decimal
    currency: str
    payment_intent: str
    reference: str
    fee: Decimal | None
    created_at: datetime

    @property
    def is_paid(self) -> bool:
        return self.payment_status == "paid"


@dataclass(frozen=True, slots=True)
class Refund:
    refund_id: str
    status: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Dispute:
    """A payer asked the bank for the money. `amount` is what the bank takes, without its fee."""

    payment_intent: str
    amount: Decimal
    is_withdrawn: bool
    is_reinstated: bool


@dataclass(frozen=True, slots=True)
class Payout:
    """What Stripe has sent to the bank account; the sum of its movements."""

    payout_id: str
    amount: Decimal
    currency: str
    status: str
    arrives_on: datetime


@dataclass(frozen=True, slots=True)
class Movement:
    """One change of the balance at Stripe. `amount` less `fee` is `net`; money out is negative."""

    movement_id: str
    kind: str
    reference: str
    """Of what: a payment (pi_), a refund (re_) or a dispute (du_), as in our ledger."""
    amount: Decimal
    fee: Decimal
    net: Decimal
    currency: str
    created_at: datetime


def is_configured() -> bool:
    """Whether cards are taken at all."""
    return bool(settings.STRIPE_SECRET_KEY)


# --- Payment pages --------------------------------------------------------------------------


def create_checkout(
    *,
    amount: Decimal,
    currency: str = "sek",
    description: str,
    reference: str,
    customer_email: str,
    language: str,
    success_url: str,
    cancel_url: str,
    idempotency_key: str,
    expires_at: datetime,
) -> Checkout:
    """A payment page at Stripe for one sum. The same key gives the same page.

    Stripe puts the id of the page where `success_url` says {CHECKOUT_SESSION_ID}. The page may
    live from 30 minutes to 24 hours. Which ways to pay it offers is set in Stripe's dashboard.
    """
    price: Any = {
        "currency": currency,
        "unit_amount": _to_ore(amount),
        "product_data": {"name": description},
    }
    params: Any = {
        "mode": "payment",
        "line_items": [{"quantity": 1, "price_data": price}],
        "client_reference_id": reference,
        "metadata": {"reference": reference},
        "payment_intent_data": {"description": description, "metadata": {"reference": reference}},
        "success_url": success_url,
        "cancel_url": cancel_url,
        "locale": language,
        "expires_at": int(expires_at.timestamp()),
    }
    if customer_email:
        params["customer_email"] = customer_email
    with _talking():
        session = _client().v1.checkout.sessions.create(
            params, {"idempotency_key": idempotency_key}
        )
    return Checkout(session.id, session.url or "")


def fetch_checkout(session_id: str) -> CheckoutState:
    with _talking():
        found = _client().v1.checkout.sessions.retrieve(session_id, {"expand": [EXPANDED]})
    return _checkout_state(found.to_dict())


def expire_checkout(session_id: str) -> None:
    """Close the page before its time. Refused when it is paid or has expired by itself."""
    with _talking():
        _client().v1.checkout.sessions.expire(session_id)


def _checkout_state(session: dict[str, Any]) -> CheckoutState:
    intent = session.get("payment_intent")
    return CheckoutState(
        session_id=session["id"],
        status=session["status"],
        payment_status=session["payment_status"],
        amount=_from_ore(session["amount_total"]),
        currency=session["currency"],
        payment_intent=(intent["id"] if isinstance(intent, dict) else intent) or "",
        reference=session.get("client_reference_id") or "",
        fee=_fee(intent),
        created_at=_moment(session["created"]),
    )


def _fee(intent: Any) -> Decimal | None:
    """Down through what was expanded; any step may still be missing, or only an id."""
    found = intent
    for name in ("latest_charge", "balance_transaction"):
        found = found.get(name) if isinstance(found, dict) else None
    return _from_ore(found["fee"]) if isinstance(found, dict) else None


# --- Money back, and money to the bank ------------------------------------------------------


def refund(*, payment_intent: str, amount: Decimal, idempotency_key: str) -> Refund:
    """Give back a part or all of a payment. The same key never gives back twice."""
    with _talking():
        done = _client().v1.refunds.create(
            {"payment_intent": payment_intent, "amount": _to_ore(amount)},
            {"idempotency_key": idempotency_key},
        )
    return _refund(done)


def list_refunds(payment_intent: str) -> list[Refund]:
    """What has been given back of a payment, newest first, whoever asked for it."""
    with _talking():
        pages = _client().v1.refunds.list({"payment_intent": payment_intent, "limit": 100})
        return [_refund(found) for found in pages.auto_paging_iter()]


def _refund(found: stripe.Refund) -> Refund:
    """`status` is pending, requires_action, succeeded, failed or canceled."""
    return Refund(found.id, found.status or "", _from_ore(found.amount))


def fetch_dispute(dispute_id: str) -> Dispute:
    with _talking():
        found = _client().v1.disputes.retrieve(dispute_id).to_dict()
    moved = [movement["amount"] for movement in found["balance_transactions"]]
    return Dispute(
        payment_intent=found.get("payment_intent") or "",
        amount=_from_ore(found["amount"]),
        is_withdrawn=any(amount < 0 for amount in moved),
        is_reinstated=any(amount > 0 for amount in moved),
    )


def list_payouts(since: datetime) -> list[Payout]:
    """Newest first."""
    with _talking():
        pages = _client().v1.payouts.list(
            {"created": {"gte": int(since.timestamp())}, "limit": 100}
        )
        return [
            Payout(
                payout_id=payout.id,
                amount=_from_ore(payout.amount),
                currency=payout.currency,
                status=payout.status,
                arrives_on=_moment(payout.arrival_date),
            )
            for payout in pages.auto_paging_iter()
        ]


def list_movements(payout_id: str) -> list[Movement]:
    """What a payout is made of: payments, refunds, disputes and fees, without the payout itself."""
    with _talking():
        pages = _client().v1.balance_transactions.list(
            {"payout": payout_id, "limit": 100, "expand": ["data.source"]}
        )
        found = [_movement(movement.to_dict()) for movement in pages.auto_paging_iter()]
    return [movement for movement in found if movement.kind != "payout"]


def _movement(found: dict[str, Any]) -> Movement:
    return Movement(
        movement_id=found["id"],
        kind=found["type"],
        reference=_reference(found),
        amount=_from_ore(found["amount"]),
        fee=_from_ore(found["fee"]),
        net=_from_ore(found["net"]),
        currency=found["currency"],
        created_at=_moment(found["created"]),
    )


def _reference(movement: dict[str, Any]) -> str:
    """What our ledger calls the thing that moved: money that came back has an entry of its own."""
    source = movement["source"]
    if not isinstance(source, dict):
        return source or ""
    if source["object"] == "charge":
        return source.get("payment_intent") or source["id"]
    if movement["type"] == "refund_failure":
        return f"{source['id']}:failed"
    if source["object"] == "dispute" and movement["amount"] > 0:
        return f"{source['id']}:reinstated"
    return str(source["id"])


# --- Webhooks -------------------------------------------------------------------------------


def verify_webhook(body: bytes, signature: str) -> dict[str, Any]:
    """The event that Stripe signed with one of our secrets less than five minutes ago.

    Several secrets are good while one is being replaced. Stripe's library lets timestamps of the
    future through; they are refused here, since a message could be kept and used then.
    """
    if not any(_is_signed_with(secret, body, signature) for secret in _webhook_secrets()):
        raise BadWebhook("no secret of ours fits the signature")
    if _timestamp(signature) > time.time() + TOLERANCE:
        raise BadWebhook("signed in the future")
    try:
        event = json.loads(body.decode())
    except (ValueError, RecursionError) as error:
        raise BadWebhook("not JSON") from error
    if not _is_event(event):
        raise BadWebhook("not an event")
    return dict(event)


def _webhook_secrets() -> list[str]:
    return [secret for secret in settings.STRIPE_WEBHOOK_SECRETS if secret.strip()]


def _is_signed_with(secret: str, body: bytes, signature: str) -> bool:
    try:
        return bool(
            stripe.WebhookSignature.verify_header(body, signature, secret, tolerance=TOLERANCE)
        )
    except (stripe.SignatureVerificationError, ValueError, TypeError, OverflowError):
        # Beside its own error the library lets through what its parts say of text that is not
        # UTF-8 and of signatures that are not ASCII.
        return False


def _timestamp(signature: str) -> int:
    """The one that was signed: the first, as the library reads it."""
    parts = (part.split("=", 2) for part in signature.split(","))
    return next(int(part[1]) for part in parts if part[0] == "t")


def _is_event(event: Any) -> bool:
    return (
        isinstance(event, dict)
        and event.get("object") == "event"
        and all(isinstance(event.get(name), str) and event[name] for name in ("id", "type"))
        and isinstance(event.get("data"), dict)
        and isinstance(event["data"].get("object"), dict)
    )


# --- The line to Stripe ---------------------------------------------------------------------


def _client() -> stripe.StripeClient:
    if not is_configured():
        raise GatewayUnavailable(_("Card payment is not available. Please pay by bank."))
    return _client_for(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE)


@cache
def _client_for(key: str, base: str | None) -> stripe.StripeClient:
    """One for all threads: the library keeps a connection for each."""
    return stripe.StripeClient(
        key,
        base_addresses={"api": base} if base else {},
        http_client=stripe.RequestsClient(timeout=TIMEOUT),
        max_network_retries=RETRIES,
    )


@contextmanager
def _talking() -> Iterator[None]:
    """Stripe's errors become ours. Only the kind and the request's id are logged."""
    try:
        yield
    except (stripe.InvalidRequestError, stripe.IdempotencyError, stripe.CardError) as error:
        logger.warning("Stripe refused: %s %s", error.code, error.request_id)
        raise GatewayRefused(
            _("The card payment service refuses this: %(reason)s")
            % {"reason": error.user_message or error.code or "?"}
        ) from error
    except stripe.StripeError as error:
        logger.error("Stripe is out of reach: %s %s", type(error).__name__, error.request_id)
        raise GatewayUnavailable(
            _("Card payment does not work right now. Please try again in a while, or pay by bank.")
        ) from error


def _to_ore(amount: Decimal) -> int:
    ore = amount * ORE
    if ore != ore.to_integral_value() or ore <= 0:
        raise ValueError(f"{amount} is no amount to pay")
    return int(ore)


def _from_ore(ore: int) -> Decimal:
    return (Decimal(ore) / ORE).quantize(Decimal("0.01"))


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
