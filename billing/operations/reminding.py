"""Reminders of unpaid invoices: what should have been sent by today, and sending the difference."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from billing import emails
from billing.models import Invoice, Reminder, ReminderStep
from billing.operations.paying import locked_balance


@dataclass(frozen=True)
class DueReminder:
    """An invoice that should have been reminded of by now, and at which step."""

    invoice: Invoice
    step: ReminderStep


def due_reminders(today: date) -> list[DueReminder]:
    """The step each open invoice has reached, where it has not been sent.

    Only the last step reached counts: a job that was away for a month sends one reminder, not
    three. A step that lies before the invoice was issued is not for that invoice.
    """
    steps = list(ReminderStep.objects.order_by("-days"))
    if not steps:
        return []
    earliest = min(step.days for step in steps)
    open_ones = Invoice.objects.open().filter(due_on__lte=today - timedelta(days=earliest))
    sent = set(
        Reminder.objects.filter(invoice__in=open_ones.values("pk")).values_list(
            "invoice_id", "level"
        )
    )
    due = []
    for invoice in open_ones.select_related("buyer").order_by("due_on", "pk"):
        step = step_reached(steps, invoice, today)
        if step and (invoice.pk, step.days) not in sent:
            due.append(DueReminder(invoice, step))
    return due


def step_reached(steps: list[ReminderStep], invoice: Invoice, today: date) -> ReminderStep | None:
    """The last step whose day has come; `steps` are ordered from the last to the first."""
    assert invoice.due_on is not None  # noqa: S101
    for step in steps:
        day = invoice.due_on + timedelta(days=step.days)
        if day <= today:
            return step if day > invoice.issued_on else None
    return None


def send_reminders(*, today: date, dry_run: bool = False) -> list[DueReminder]:
    """Send every reminder that is due and not sent. Late, twice or half-way: the same result."""
    due = due_reminders(today)
    if dry_run:
        return due
    return [reminder for reminder in due if _remind(reminder)]


@transaction.atomic
def _remind(due: DueReminder) -> bool:
    """Looks at the balance again under the lock: nobody who has just paid is reminded."""
    balance = locked_balance(due.invoice)
    if balance <= 0:
        return False
    reminder, created = Reminder.objects.get_or_create(
        invoice=due.invoice,
        level=due.step.days,
        defaults={"sent_at": timezone.now(), "balance": balance},
    )
    if created:
        emails.send_reminder(reminder, due.step)
    return created
