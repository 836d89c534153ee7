"""The night with Stripe: lost webhooks are found, and payouts are fetched with what they hold."""

import logging
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from billing import gateway
from billing.gateway import Movement, Payout
from billing.models import StripeMovement, StripePayout
from billing.operations.cards import settle_open_pages

log = logging.getLogger(__name__)

LOOK_BACK = timedelta(days=60)


def reconcile(*, now: datetime | None = None) -> int:
    """How many payments and payouts were found that nobody had told of."""
    if not gateway.is_configured():
        return 0
    now = now or timezone.now()
    try:
        return settle_open_pages(now) + len(fetch_payouts(now=now))
    except gateway.GatewayUnavailable:
        log.warning("reconciliation stopped: Stripe does not answer")
        return 0


def fetch_payouts(*, now: datetime) -> list[StripePayout]:
    """Store each payout that has reached the bank, once, with all that it is made of."""
    recent = [
        payout
        for payout in gateway.list_payouts(now - LOOK_BACK)
        if payout.status == "paid" and payout.currency == "sek"
    ]
    known = set(
        StripePayout.objects.filter(
            payout_id__in=[payout.payout_id for payout in recent]
        ).values_list("payout_id", flat=True)
    )
    stored = [
        _store(payout, gateway.list_movements(payout.payout_id))
        for payout in reversed(recent)
        if payout.payout_id not in known
    ]
    return [payout for payout in stored if payout]


@transaction.atomic
def _store(payout: Payout, movements: list[Movement]) -> StripePayout | None:
    """None when another run was quicker."""
    row, created = StripePayout.objects.get_or_create(
        payout_id=payout.payout_id,
        defaults={"amount": payout.amount, "arrived_on": _day(payout.arrives_on)},
    )
    if not created:
        return None
    StripeMovement.objects.bulk_create(
        StripeMovement(
            payout=row,
            movement_id=movement.movement_id,
            kind=movement.kind,
            reference=movement.reference,
            amount=movement.amount,
            fee=movement.fee,
        )
        for movement in movements
    )
    return row


def _day(arrives: datetime) -> date:
    """Stripe says midnight, UTC, of the day in the bank."""
    return arrives.date()
