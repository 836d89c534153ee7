"""Giving a card payment back, whole or in part."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from billing import gateway
from billing.models import Invoice, Payment
from billing.money import ZERO, format_amount
from billing.operations.stripe_events import enter_refund


class RefundRefused(Exception):
    """This cannot be given back so. The message is for the person at the screen."""


@dataclass(frozen=True)
class Refundable:
    payment_intent: str
    amount: Decimal


def refundable(invoice: Invoice) -> list[Refundable]:
    """Its card payments, newest first, and how much of the invoice's card money is left of each."""
    cards = invoice.payments.filter(method=Payment.Method.CARD).order_by("-pk")
    left = sum((payment.amount for payment in cards), ZERO)
    found = []
    for payment in cards:
        intent = payment.external_id.removeprefix("stripe:")
        amount = min(payment.amount, left)
        if amount > 0 and intent.startswith("pi_"):
            found.append(Refundable(intent, amount))
            left -= amount
    return found


def total(found: Iterable[Refundable]) -> Decimal:
    return sum((each.amount for each in found), ZERO)


def refund_card(*, invoice: Invoice, amount: Decimal, token: uuid.UUID, by: Any) -> None:
    """Give back so much (SEK) to the card it came from. The same token never gives back twice.

    Stripe is asked first, outside any transaction; should this process die before the entry is
    written, the webhook writes it. Raises RefundRefused or gateway.GatewayError.
    """
    del by  # the admin's log keeps who
    found = refundable(invoice)
    if not ZERO < amount <= total(found):
        raise RefundRefused(
            _("At most %(amount)s can be given back by card.")
            % {"amount": format_amount(total(found))}
        )
    for each in found:
        part = min(amount, each.amount)
        if part > 0:
            done = gateway.refund(
                payment_intent=each.payment_intent,
                amount=part,
                idempotency_key=f"refund-{token}-{each.payment_intent}",
            )
            enter_refund(invoice, done)
            amount -= part
