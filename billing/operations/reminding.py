"""Reminders of unpaid invoices: what should have been sent by today, and sending the difference."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from billing import emails
from billing.models import Invoice, Reminder, ReminderStep
from billing.operations.paying import locked_balance


class ReminderRefused(Exception):
    """Nobody is reminded of this. The message is for the person at the screen."""


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
    steps = steps_from_last()
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
    return balance > 0 and _write(due.invoice, due.step, balance)[1]


def _write(invoice: Invoice, step: ReminderStep, balance: Decimal) -> tuple[Reminder, bool]:
    reminder, created = Reminder.objects.get_or_create(
        invoice=invoice,
        level=step.days,
        defaults={"sent_at": timezone.now(), "balance": balance},
    )
    if created:
        emails.send_reminder(reminder, step)
    return reminder, created


# --- By hand --------------------------------------------------------------------------------


def steps_from_last() -> list[ReminderStep]:
    return list(ReminderStep.objects.order_by("-days"))


def next_step(
    steps: list[ReminderStep], sent: Collection[int], invoice: Invoice, today: date
) -> ReminderStep | None:
    """The step that the invoice has reached, or else a plain reminder that stands for this day.

    `sent` are the levels of the reminders it has had. Before the due date only the steps remind.
    """
    step = step_reached(steps, invoice, today)
    if step and step.days not in sent:
        return step
    assert invoice.due_on is not None  # noqa: S101  only credit notes have none
    return _plain(invoice, today) if invoice.due_on < today else None


def _plain(invoice: Invoice, today: date) -> ReminderStep:
    """A step that is not kept."""
    assert invoice.due_on is not None  # noqa: S101  only credit notes have none
    step = ReminderStep(days=(today - invoice.due_on).days)
    with override(invoice.language):
        setattr(step, f"name_{invoice.language}", _("Reminder of an unpaid invoice"))
        setattr(
            step,
            f"text_{invoice.language}",
            _("We cannot see that the invoice is paid. Something wrong? Please tell us."),
        )
    return step


@transaction.atomic
def remind_now(*, invoice: Invoice, by: Any, today: date) -> Reminder:
    """Remind at once, when it is overdue or at a step; at most once a day, however often asked."""
    del by  # the admin's log keeps who asked
    if invoice.is_credit:
        raise ReminderRefused(_("A credit note is nothing to pay."))
    balance = locked_balance(invoice)
    if balance <= 0:
        raise ReminderRefused(_("Nothing is left to pay."))
    reminders = list(invoice.reminders.order_by("sent_at"))
    if reminders and timezone.localdate(reminders[-1].sent_at) >= today:
        return reminders[-1]
    step = next_step(steps_from_last(), {r.level for r in reminders}, invoice, today)
    if step is None:
        raise ReminderRefused(_("The invoice is not due yet."))
    return _write(invoice, step, balance)[0]
