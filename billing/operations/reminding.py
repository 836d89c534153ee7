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
from billing.money import ZERO
from billing.operations.charging import charge_late_payment, open_charges
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
    # A charge for paying late is named by the next reminder of what was paid late.
    candidates = Invoice.objects.open().no_late_charges()
    open_ones = candidates.filter(due_on__lte=today - timedelta(days=earliest))
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
    return [reminder for reminder in due if _remind(reminder, today)]


@transaction.atomic
def _remind(due: DueReminder, today: date) -> bool:
    """Looks at the balance again under the lock: nobody who has just paid is reminded."""
    balance = locked_balance(due.invoice)
    return balance > 0 and _write(due.invoice, due.step, balance, today=today)[1]


def _write(
    invoice: Invoice, step: ReminderStep, balance: Decimal, *, today: date, by: Any = None
) -> tuple[Reminder, bool]:
    """Only with the invoice locked."""
    known = invoice.reminders.filter(level=step.days).first()
    if known:
        return known, False
    charge = _charge(invoice, step, today, by)
    reminder = Reminder.objects.create(
        invoice=invoice,
        level=step.days,
        sent_at=timezone.now(),
        balance=balance,
        late_charges=sum((late.balance for late in open_charges(invoice)), ZERO),
        heading=getattr(step, f"name_{invoice.language}"),
        text=getattr(step, f"text_{invoice.language}"),
    )
    emails.send_reminder(reminder, charge)
    return reminder, True


def _charge(invoice: Invoice, step: ReminderStep, today: date, by: Any) -> Invoice | None:
    """Nothing is charged before the due date, and nothing for a charge."""
    assert invoice.due_on is not None  # noqa: S101  only credit notes have none
    if not step.charges or invoice.due_on >= today or invoice.is_late_charge:
        return None
    return charge_late_payment(invoice=invoice, by=by, today=today)


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
    return _write(invoice, step, balance, today=today, by=by)[0]
