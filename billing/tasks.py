import logging

from celery import shared_task

from billing import operations
from billing.gateway import GatewayError
from billing.models import StripeEvent

log = logging.getLogger(__name__)


@shared_task
def apply_stripe_event(event_id: int) -> None:
    operations.apply_stripe_event(event_id=event_id)


@shared_task
def sweep_stripe_events() -> None:
    """Apply what a lost message left behind. What Stripe cannot answer now waits for the next."""
    for event_id in StripeEvent.objects.unapplied().order_by("pk").values_list("pk", flat=True):
        try:
            operations.apply_stripe_event(event_id=event_id)
        except GatewayError as problem:
            log.warning("event %s waits: %s", event_id, type(problem).__name__)
        except Exception:  # one that we cannot read must not hold up the others
            log.exception("event %s cannot be applied", event_id)


@shared_task
def reconcile() -> None:
    operations.reconcile()
