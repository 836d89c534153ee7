"""Reminders of unpaid invoices: what should have been sent by today, and sending the difference."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from billing import emails, late_charges
from billing.models import Invoice, Reminder, ReminderStep
from billing.models.invoices import InvoiceQuerySet
from billing.money import ZERO
from billing.operations.charging import charge_late_payment, open_charges
from billing.operations.paying import lock_invoices, locked_balance
from privacy.batches import counted, in_batches, keys_of, tell_nobody
from privacy.copying import insert_all

# Those of one transaction. Small, since a charge for being late takes a number as it is issued and
# others wait for the next one until the transaction ends.
TOGETHER = 100


class ReminderRefused(Exception):
    """Nobody is reminded of this. The message is for the person at the screen."""


@dataclass(frozen=True)
class DueReminder:
    """An invoice that should have been reminded of by now, and at which step."""

    invoice: Invoice
    step: ReminderStep


Told = Callable[[Sequence[DueReminder]], object]


def due_reminders(today: date, *, among: Collection[int] | None = None) -> list[DueReminder]:
    """The step each open invoice has reached, where it has not been sent; `among` these, if told.

    Only the last step reached counts: a job that was away for a month sends one reminder, not
    three. A step that lies before the invoice was issued is not for that invoice.
    """
    steps = steps_from_last()
    open_ones = _at_a_step(steps, today)
    if among is not None:
        open_ones = open_ones.filter(pk__in=among)
    invoices = list(open_ones.select_related("buyer"))
    reminders = Reminder.objects.filter(invoice__in=[invoice.pk for invoice in invoices])
    sent = set(reminders.values_list("invoice_id", "level"))
    due = []
    for invoice in invoices:
        step = step_reached(steps, invoice, today)
        if step and (invoice.pk, step.days) not in sent:
            due.append(DueReminder(invoice, step))
    return due


def _at_a_step(steps: Sequence[ReminderStep], today: date) -> InvoiceQuerySet:
    if not steps:
        return Invoice.objects.none()
    earliest = min(step.days for step in steps)
    # A charge for paying late is named by the next reminder of what was paid late.
    candidates = Invoice.objects.open().no_late_charges()
    return candidates.filter(due_on__lte=today - timedelta(days=earliest)).order_by("due_on", "pk")


def step_reached(steps: list[ReminderStep], invoice: Invoice, today: date) -> ReminderStep | None:
    """The last step whose day has come; `steps` are ordered from the last to the first."""
    assert invoice.due_on is not None  # noqa: S101
    for step in steps:
        day = invoice.due_on + timedelta(days=step.days)
        if day <= today:
            return step if day > invoice.issued_on else None
    return None


def send_reminders(*, today: date, dry_run: bool = False, told: Told = tell_nobody) -> int:
    """Send every reminder that is due and not sent. Late, twice or half-way: the same result.

    Returns how many; `told` hears of them batch by batch.
    """
    keys = keys_of(_at_a_step(steps_from_last(), today))
    remind = partial(_remind, today=today, dry_run=dry_run)
    return counted(in_batches(remind, keys, size=TOGETHER), told)


@transaction.atomic
def _remind(keys: Sequence[int], *, today: date, dry_run: bool) -> Sequence[DueReminder]:
    """What is due is asked under the lock: nobody who has just paid is reminded."""
    if dry_run:
        return due_reminders(today, among=keys)
    lock_invoices(keys)
    due = due_reminders(today, among=keys)
    _write(due, today=today)
    return due


def _write(due: Sequence[DueReminder], *, today: date, by: Any = None) -> list[Reminder]:
    """Only with the invoices locked and their balances looked up, and none of these sent before."""
    charges = {one.invoice.pk: _charge(one.invoice, one.step, today, by) for one in due}
    reminders = insert_all(_reminders(due))
    emails.send_reminders((row, charges[row.invoice_id]) for row in reminders)
    return reminders


def _reminders(due: Sequence[DueReminder]) -> Iterator[Reminder]:
    now = timezone.now()
    for invoice, step in ((one.invoice, one.step) for one in due):
        charged = open_charges(invoice)
        yield Reminder(
            invoice=invoice,
            level=step.days,
            sent_at=now,
            balance=invoice.balance,
            late_charges=sum((late.balance for late in charged), ZERO),
            heading=getattr(step, f"name_{invoice.language}"),
            text=getattr(step, f"text_{invoice.language}"),
        )


def _charge(invoice: Invoice, step: ReminderStep, today: date, by: Any) -> Invoice | None:
    """Nothing is charged before the due date, and nothing for a charge."""
    assert invoice.due_on is not None  # noqa: S101  only credit notes have none
    if not step.charges or invoice.due_on >= today or invoice.is_late_charge:
        return None
    if not late_charges.are_announced(invoice.seller):
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
    invoice.balance = locked_balance(invoice)
    if invoice.balance <= 0:
        raise ReminderRefused(_("Nothing is left to pay."))
    reminders = list(invoice.reminders.order_by("sent_at"))
    if reminders and timezone.localdate(reminders[-1].sent_at) >= today:
        return reminders[-1]
    step = next_step(steps_from_last(), {r.level for r in reminders}, invoice, today)
    if step is None:
        raise ReminderRefused(_("The invoice is not due yet."))
    known = next((row for row in reminders if row.level == step.days), None)
    return known or _write([DueReminder(invoice, step)], today=today, by=by)[0]
