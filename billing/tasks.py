from celery import shared_task

from billing import operations
from billing.models import StripeEvent


@shared_task
def apply_stripe_event(event_id: int) -> None:
    operations.apply_stripe_event(event_id=event_id)


@shared_task
def sweep_stripe_events() -> None:
    """Apply what a lost message left behind."""
    for event_id in StripeEvent.objects.unapplied().order_by("pk").values_list("pk", flat=True):
        operations.apply_stripe_event(event_id=event_id)


@shared_task
def reconcile() -> None:
    operations.reconcile()
