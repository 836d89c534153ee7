"""A membership ends: left, unpaid, changed, or by staff. What is no longer owed is credited."""

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from billing.models import Invoice
from billing.money import ZERO
from billing.operations import Credit, CreditLine, credit_invoices
from billing.operations.paying import lock_invoices, locked_balances
from members import emails
from members.models import Membership, RenewalTerms, User
from members.models.memberships import MembershipQuerySet
from members.operations.histories import note_actor
from members.operations.refusals import HasLeft, NothingToRegret, NotMember
from members.operations.rights import demand
from members.operations.starting import lock_people, locked
from members.periods import DAY
from members.standing import IN_ORDER, fee_state
from privacy.batches import counted, in_batches, tell_nobody

Ended = Membership.Ended
Told = Callable[[Sequence[Membership]], object]


def end_period(
    *,
    membership: Membership,
    last_day: date,
    why: str,
    by: User | None,
    today: date,
    reason: str = "",
) -> Membership:
    """End one period, at the earliest on the eve of its first day, and credit what is unpaid.

    The person's row is locked. `reason` stands in the history only.
    """
    _end_periods([(membership, last_day)], why=why, by=by, today=today, reason=reason)
    return membership


def _end_periods(
    endings: Sequence[tuple[Membership, date]],
    *,
    why: str,
    by: User | None,
    today: date,
    reason: str = "",
) -> None:
    """The same for many, each with its last day, by a few statements."""
    rows: dict[date, list[Membership]] = defaultdict(list)
    for membership, last_day in endings:
        eve = membership.starts_on - DAY
        membership.ended_on = max(min(last_day, membership.ends_on), eve)
        membership.ended_why = why
        note_actor(membership, by, reason)
        rows[membership.ended_on].append(membership)
    for day, ended in rows.items():
        keys = [row.pk for row in ended]
        Membership.objects.filter(pk__in=keys).update(ended_on=day, ended_why=why)
    memberships = [membership for membership, _last_day in endings]
    Membership.history.bulk_history_create(memberships, update=True)
    credit_unpaid(memberships, by=by, today=today)


def credit_unpaid(
    memberships: Sequence[Membership],
    *,
    by: User | None,
    today: date,
    because_exempt: bool = False,
) -> None:
    """Of an invoice shared with colleagues a member's line alone, where nobody has paid yet."""
    left = locked_balances([row.invoice for row in memberships if row.invoice])
    credits = []
    for row in memberships:
        invoice, line = row.invoice, row.invoice_line
        if invoice is None or left[invoice.pk] <= 0 or (line and left[invoice.pk] < line.gross):
            continue
        left[invoice.pk] = left[invoice.pk] - line.gross if line else ZERO
        lines = [CreditLine(line)] if line else None
        credits.append(
            Credit(invoice=invoice, reason=_reason(invoice, because_exempt), lines=lines)
        )
    credit_invoices(credits=credits, by=by, today=today)


def _reason(invoice: Invoice, because_exempt: bool) -> str:
    with translation.override(invoice.language):
        return _("Exempted from the fee.") if because_exempt else _("The membership has ended.")


# --- Unpaid -----------------------------------------------------------------------------------


def end_memberships(*, today: date, dry_run: bool = False, told: Told = tell_nobody) -> int:
    """End what has been unpaid for too long. Late, twice or half-way: the same result.

    The last day follows from the due date, not from the night the job happens to run. Returns how
    many; `told` hears of them batch by batch, as they are done.
    """
    run = _Run(today, RenewalTerms.objects.get().unpaid_ends_after)
    return counted(_planned(run) if dry_run else _ended(run), told)


@dataclass(frozen=True)
class _Run:
    today: date
    days: int

    def people(self) -> "array[int]":
        """Those who have not paid for longest first; somebody with two such years twice."""
        return array("q", self._due().values_list("user", flat=True).iterator())

    def due(self, people: Sequence[int]) -> list[Membership]:
        """The first unpaid year of each. Those after it end with it."""
        rows = self._due().filter(user__in=people)
        first: dict[int, Membership] = {}
        for row in rows.select_related("user", "kind", "invoice__buyer", "invoice_line"):
            first.setdefault(row.user_id, row)
        return list(first.values())

    def _due(self) -> MembershipQuerySet:
        due = Membership.objects.unpaid_too_long(self.today, days_after_due=self.days)
        return due.order_by("starts_on", "pk")


def _planned(run: _Run) -> Iterator[list[Membership]]:
    return in_batches(run.due, run.people())


def _ended(run: _Run) -> Iterator[list[Membership]]:
    busy = array("q")
    yield from in_batches(partial(_end_free, run=run, busy=busy), run.people())
    yield from in_batches(partial(_end, run=run), busy)


@transaction.atomic
def _end_free(people: Sequence[int], *, run: _Run, busy: "array[int]") -> list[Membership]:
    """Whoever is held by somebody else, such as another run, is put off until the end."""
    free = lock_people(people, skip_locked=True)
    ended = _end_locked(run, free)
    busy.extend(set(people).difference(free))
    return ended


@transaction.atomic
def _end(people: Sequence[int], *, run: _Run) -> list[Membership]:
    return _end_locked(run, lock_people(people))


def _end_locked(run: _Run, people: Sequence[int]) -> list[Membership]:
    """Looks again under the locks: nobody who has just paid loses the membership."""
    standing = Membership.objects.not_ended().filter(user__in=people, invoice__isnull=False)
    lock_invoices(set(standing.values_list("invoice", flat=True)))
    ended = run.due(people)
    later = _unpaid_after(ended, run.today)
    endings = []
    for row in ended:
        assert row.invoice and row.invoice.due_on  # noqa: S101  it is overdue
        last_day = row.invoice.due_on + timedelta(days=run.days)
        endings += [(period, last_day) for period in [*later[row.user_id], row]]
    _end_periods(endings, why=Ended.UNPAID, by=None, today=run.today)
    emails.ended_unpaid_all(ended)
    return ended


def _unpaid_after(ended: Sequence[Membership], today: date) -> dict[int, list[Membership]]:
    """By person what follows and is not paid, the last year first."""
    after = {row.user_id: row.starts_on for row in ended}
    rows = Membership.objects.with_fee().not_ended().filter(user__in=after)
    found: dict[int, list[Membership]] = defaultdict(list)
    for row in rows.select_related("invoice__buyer", "invoice_line").order_by("-starts_on"):
        if row.starts_on > after[row.user_id] and fee_state(row, today) not in IN_ORDER:
            found[row.user_id].append(row)
    return found


# --- Leaving ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Leaving:
    """What leaving today would mean. `unpaid` periods end with nothing more to pay."""

    last_day: date
    kept: Membership | None
    unpaid: Sequence[Membership]

    @property
    def at_once(self) -> bool:
        """Nothing has been paid for, so nothing is left to use."""
        return self.kept is None


def plan_leaving(*, user: User, today: date) -> Leaving:
    """Paid years run to their end; a year nobody has paid ends today.

    Raises NotMember, or HasLeft.
    """
    if _left(user, today):
        raise HasLeft
    rows = Membership.objects.with_fee().to_come_or_running(today).not_ended().filter(user=user)
    running = list(rows.order_by("starts_on"))
    if not running:
        raise NotMember
    in_order = [row for row in running if fee_state(row, today) in IN_ORDER]
    unpaid = [row for row in running if row not in in_order]
    kept = in_order[-1] if in_order else None
    return Leaving(kept.ends_on if kept else today, kept, unpaid)


@transaction.atomic
def leave(*, user: User, by: User, now: datetime, today: date) -> date:
    """Leave the association: the last day. Leaving twice changes nothing. Raises NotMember."""
    user = locked(user)
    if left := _left(user, today):
        return left.last_day_on
    plan = plan_leaving(user=user, today=today)
    for row in [*plan.unpaid, *([plan.kept] if plan.kept else [])]:
        end_period(membership=row, last_day=plan.last_day, why=Ended.LEFT, by=by, today=today)
    last = plan.kept or plan.unpaid[0]
    emails.leaving(last, last_day=plan.last_day, at=now)
    return plan.last_day


def _left(user: User, today: date) -> Membership | None:
    """The last of what runs or is to come, if it was left."""
    last = Membership.objects.to_come_or_running(today).filter(user=user).order_by("-starts_on")[:1]
    return next((row for row in last if row.ended_why == Ended.LEFT), None)


@transaction.atomic
def take_back_leaving(*, user: User, by: User, today: date) -> Membership:
    """Stay after all, as long as the paid year still runs. Raises NothingToRegret."""
    user = locked(user)
    membership = _left(user, today)
    if membership is None or membership.ended_on != membership.ends_on:
        raise NothingToRegret
    membership.ended_on, membership.ended_why = None, ""
    note_actor(membership, by)
    membership.save(update_fields=["ended_on", "ended_why"])
    return membership


# --- By staff ---------------------------------------------------------------------------------


@transaction.atomic
def end_by_staff(
    *, membership: Membership, last_day: date, reason: str, by: User, today: date
) -> Membership:
    """Staff ends a membership (exclusion, mistake, wish by phone). The history keeps the reason.

    Years after it never begin: nobody is ended to be a member again next month.
    """
    demand(by, "members.change_membership")
    locked(membership.user)
    row = Membership.objects.select_related("user", "invoice").get(pk=membership.pk)
    if row.ended_on is not None:
        return row
    how: dict[str, Any] = {"why": Ended.BY_STAFF, "by": by, "today": today, "reason": reason}
    for later in years_after(row):
        end_period(membership=later, last_day=row.starts_on, **how)
    return end_period(membership=row, last_day=last_day, **how)


def years_after(membership: Membership) -> list[Membership]:
    """What has been written of the same person for the time after this period."""
    rows = Membership.objects.with_fee().not_ended().filter(user_id=membership.user_id)
    return list(rows.filter(starts_on__gt=membership.starts_on).order_by("-starts_on"))
