"""Card payments: asking Stripe for a payment page, and settling what was paid on it.

One function settles, whoever noticed first: the webhook, the page the payer comes back to, or the
nightly reconciliation. No transaction is open while Stripe is being talked to.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from billing import gateway
from billing.models import Invoice, Payment, StripeCheckout
from billing.operations.paying import locked_balance, register_payment

log = logging.getLogger(__name__)

PAGE_LIVES = timedelta(hours=1)
# Stripe opens no page that lives less than half an hour.
LEAST_LEFT = timedelta(minutes=31)
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


def settle_open_pages(now: datetime) -> int:
    """Look at every recent payment page once more: a lost webhook is found here at the latest.

    How many turned out to be paid. Raises gateway.GatewayUnavailable.
    """
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


def close_needless_pages(*, now: datetime) -> int:
    """Close the pages that ask for another sum than what is left. How many were closed.

    The invoice was paid or credited in another way meanwhile; a page left open would let somebody
    pay it twice. Raises gateway.GatewayUnavailable.
    """
    pages = StripeCheckout.objects.filter(
        session_id__isnull=False, payment_intent="", expires_at__gt=now
    )
    invoices = Invoice.objects.with_balance().in_bulk(pages.values_list("invoice", flat=True))
    needless = [page for page in pages if page.amount != invoices[page.invoice_id].balance]
    return sum(_close(page, now) for page in needless)


def _close(page: StripeCheckout, now: datetime) -> bool:
    """False where Stripe says that it is too late: it has been paid, or has expired by itself."""
    try:
        gateway.expire_checkout(str(page.session_id))
    except gateway.GatewayRefused:
        is_closed = False
    else:
        is_closed = True
    StripeCheckout.objects.filter(pk=page.pk).update(expires_at=now)
    return is_closed
