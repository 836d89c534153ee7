"""The next year of those who stay: issued before the last one runs out."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.db import transaction

from members import emails
from members.models import Membership, RenewalTerms, User
from members.models.memberships import MembershipQuerySet
from members.operations.batches import one_by_one
from members.operations.collecting import invoice_together, payer_key
from members.operations.starting import PlannedYear, locked, periods_of, plan_year, start_year
from members.payers import customer_of
from members.periods import following

# Colleagues whose years end within so many days of the first one's are renewed with it.
TOGETHER_WITHIN = 30


@dataclass(frozen=True)
class Renewal:
    """`membership` is the year that was written; None in a dry run."""

    earlier: Membership
    year: PlannedYear
    membership: Membership | None = None


def issue_renewals(*, today: date, dry_run: bool = False) -> list[Renewal]:
    """Write and invoice every next year that should exist by today. Late or twice: the same."""
    days = RenewalTerms.objects.get().invoice_before
    due = list(_due(today, days))
    groups = _colleagues(due, today=today, days=days)
    together = {row.pk for group in groups for row in group}
    alone = [row for row in due if row.pk not in together]
    if dry_run:
        return [Renewal(row, _plan(row)) for row in [*(r for g in groups for r in g), *alone]]
    done = one_by_one(partial(_renew, today=today, days=days), alone)
    firsts = {group[0].pk: group for group in groups}
    lists = one_by_one(
        lambda row: _renew_together(firsts[row.pk], today=today, days=days),
        [group[0] for group in groups],
    )
    return [*done, *(renewal for renewals in lists for renewal in renewals)]


def _due(today: date, days: int) -> MembershipQuerySet:
    due = Membership.objects.due_for_renewal(today, days_before=days)
    return due.select_related("user", "kind").order_by("ends_on", "pk")


def _plan(row: Membership) -> PlannedYear:
    return plan_year(row.user, row.kind, period=following(periods_of(row.user)))


@transaction.atomic
def _renew(row: Membership, *, today: date, days: int) -> Renewal | None:
    """Looks again under the lock: whoever has just left is not invoiced."""
    user = locked(row.user)
    earlier = _due(today, days).filter(pk=row.pk).first()
    if earlier is None:
        return None
    year = _plan(earlier)
    membership = start_year(user=user, kind=earlier.kind, year=year, by=None, today=today)
    emails.renewal(membership)
    return Renewal(earlier, year, membership)


# --- Colleagues on one invoice ------------------------------------------------------------------


def _colleagues(due: Iterable[Membership], *, today: date, days: int) -> list[list[Membership]]:
    """Those who agreed to one invoice and have a colleague to share it with, payer by payer."""
    agreed = _due(today, days + TOGETHER_WITHIN).filter(
        user__billing_details__is_collective=True, user__billing_details__payer="employer"
    )
    groups: dict[tuple[str, ...], list[Membership]] = defaultdict(list)
    for row in agreed:
        groups[payer_key(row.user)].append(row)
    due_now = {row.pk for row in due}
    return [
        group
        for group in groups.values()
        if len(group) > 1 and any(row.pk in due_now for row in group)
    ]


@transaction.atomic
def _renew_together(group: Sequence[Membership], *, today: date, days: int) -> list[Renewal]:
    people = [row.user_id for row in group]
    list(User.objects.select_for_update().filter(pk__in=people).order_by("pk"))
    still_due = _due(today, days + TOGETHER_WITHIN).filter(pk__in=[row.pk for row in group])
    renewals = [
        Renewal(row, year := _plan(row), _begin(row, year, today=today)) for row in list(still_due)
    ]
    members = [one.membership for one in renewals if one.membership and one.year.fee > 0]
    if members:
        fees = {one.membership.pk: one.year.fee for one in renewals if one.membership}
        customer = customer_of(members[0].user)
        invoice_together(members, fees, customer=customer, by=None, today=today)
    for one in renewals:
        if one.membership:
            emails.renewal(one.membership)
    return renewals


def _begin(row: Membership, year: PlannedYear, *, today: date) -> Membership:
    return start_year(user=row.user, kind=row.kind, year=year, by=None, today=today, invoiced=False)
