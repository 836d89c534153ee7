import logging

from celery import shared_task
from django.contrib.admin.models import CHANGE, LogEntry
from django.utils import timezone

from billing import gateway, operations
from billing.gateway import GatewayError
from billing.invoice_acts import ACTS, REFUSALS
from billing.models import BulkAct, Invoice, StripeEvent

log = logging.getLogger(__name__)


@shared_task
def apply_stripe_event(event_id: int) -> None:
    operations.apply_stripe_event(event_id=event_id)


@shared_task
def sweep_stripe_events() -> None:
    """Apply what a lost message left behind, and close the pages that nobody should pay on.

    What Stripe cannot answer now waits for the next time.
    """
    for event_id in StripeEvent.objects.unapplied().order_by("pk").values_list("pk", flat=True):
        try:
            operations.apply_stripe_event(event_id=event_id)
        except GatewayError as problem:
            log.warning("event %s waits: %s", event_id, type(problem).__name__)
        except Exception:  # one that we cannot read must not hold up the others
            log.exception("event %s cannot be applied", event_id)

    _close_needless_pages()


def _close_needless_pages() -> None:
    if not gateway.is_configured():
        return
    try:
        operations.close_needless_pages(now=timezone.now())
    except GatewayError as problem:
        log.warning("payment pages stay open: %s", type(problem).__name__)


@shared_task
def reconcile() -> None:
    operations.reconcile()


@shared_task
def work_off(act_id: int) -> None:
    """Do to many invoices what staff has confirmed."""
    asked = BulkAct.objects.select_related("asked_by").get(pk=act_id)
    act = ACTS[asked.name](asked.on)
    form = act.form({"reason": asked.reason}, invoices=())
    form.is_valid()

    def do(invoice: Invoice) -> None:
        act.do(invoice, form, asked.asked_by)
        if act.logs:
            LogEntry.objects.log_actions(
                asked.asked_by_id, [invoice], CHANGE, str(act.title), single_object=True
            )

    operations.work_off(act=asked, do=do, refusals=REFUSALS)


@shared_task
def sweep_bulk_acts() -> None:
    """Go on with what a killed worker left behind."""
    for act_id in BulkAct.objects.unfinished().values_list("pk", flat=True):
        work_off(act_id)
