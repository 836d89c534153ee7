"""A membership ends: left, unpaid, changed, or by staff. What is no longer owed is credited."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from billing.money import ZERO
from billing.operations import CreditLine, credit_invoice
from billing.operations.paying import locked_balance
from members import emails
from members.models import Membership, RenewalTerms, User
from members.models.memberships import MembershipQuerySet
from members.operations.histories import note_actor
from members.operations.refusals import HasLeft, NothingToRegret, NotMember
from members.operations.rights import demand
from members.operations.starting import lock_people, locked
from members.periods import DAY
from members.standing import IN_ORDER, fee_state
from privacy.batches import counted, in_batches, keys_of, tell_nobody

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
    eve = membership.starts_on - DAY
    membership.ended_on = max(min(last_day, membership.ends_on), eve)
    membership.ended_why = why
    note_actor(membership, by, reason)
    membership.save(update_fields=["ended_on", "ended_why"])
    credit_unpaid(membership, by=by, today=today)
    return membership


def credit_unpaid(
    membership: Membership, *, by: User | None, today: date, because_exempt: bool = False
) -> None:
    """Of an invoice shared with colleagues this member's line alone, where nobody has paid yet."""
    invoice, line = membership.invoice, membership.invoice_line
    left = locked_balance(invoice) if invoice else ZERO
    if invoice is None or left <= 0 or (line and left < line.gross):
        return
    with translation.override(invoice.language):
        ended, exempted = _("The membership has ended."), _("Exempted from the fee.")
    reason = exempted if because_exempt else ended
    lines = [CreditLine(line)] if line else None
    credit_invoice(invoice=invoice, reason=reason, by=by, today=today, lines=lines)


# --- Unpaid -----------------------------------------------------------------------------------


def end_memberships(*, today: date, dry_run: bool = False, told: Told = tell_nobody) -> int:
    """End what has been unpaid for too long. Late, twice or half-way: the same result.

    The last day follows from the due date, not from the night the job happens to run. Returns how
    many; `told` hears of them as they are done.
    """
    days = RenewalTerms.objects.get().unpaid_ends_after
    due = Membership.objects.unpaid_too_long(today, days_after_due=days)
    rows = due.select_related("user", "kind", "invoice").order_by("starts_on", "pk")
    if dry_run:
        return counted(in_batches(lambda keys: list(rows.filter(pk__in=keys)), keys_of(rows)), told)
    # One a transaction: a credit note takes its number as it is issued, and others wait for theirs.
    end = partial(_end_unpaid, rows, today=today, days=days)
    return counted(in_batches(end, keys_of(rows), size=1), told)


@transaction.atomic
def _end_unpaid(
    due: MembershipQuerySet, keys: Sequence[int], *, today: date, days: int
) -> list[Membership]:
    """Looks again under the lock: nobody who has just paid loses the membership."""
    lock_people(Membership.objects.filter(pk__in=keys).values_list("user", flat=True))
    ended = list(due.filter(pk__in=keys))
    for membership in ended:
        _end_with_years_after(membership, today=today, days=days)
    return ended


def _end_with_years_after(membership: Membership, *, today: date, days: int) -> None:
    assert membership.invoice and membership.invoice.due_on  # noqa: S101  it is overdue
    unpaid = [row for row in years_after(membership) if fee_state(row, today) not in IN_ORDER]
    for period in [*unpaid, membership]:
        end_period(
            membership=period,
            last_day=membership.invoice.due_on + timedelta(days=days),
            why=Ended.UNPAID,
            by=None,
            today=today,
        )
    emails.ended_unpaid(membership)


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
