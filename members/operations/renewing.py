"""The next year of those who stay: issued before the last one runs out."""

from dataclasses import dataclass
from datetime import date
from functools import partial

from django.db import transaction

from members import emails
from members.models import Membership, RenewalTerms
from members.operations.batches import one_by_one
from members.operations.starting import PlannedYear, locked, periods_of, plan_year, start_year
from members.periods import following


@dataclass(frozen=True)
class Renewal:
    """`membership` is the year that was written; None in a dry run."""

    earlier: Membership
    year: PlannedYear
    membership: Membership | None = None


def issue_renewals(*, today: date, dry_run: bool = False) -> list[Renewal]:
    """Write and invoice every next year that should exist by today. Late or twice: the same."""
    days = RenewalTerms.objects.get().invoice_before
    due = Membership.objects.due_for_renewal(today, days_before=days)
    rows = due.select_related("user", "kind").order_by("ends_on", "pk")
    if dry_run:
        return [Renewal(row, _plan(row)) for row in rows]
    return one_by_one(partial(_renew, today=today, days=days), rows)


def _plan(row: Membership) -> PlannedYear:
    return plan_year(row.user, row.kind, period=following(periods_of(row.user)))


@transaction.atomic
def _renew(row: Membership, *, today: date, days: int) -> Renewal | None:
    """Looks again under the lock: whoever has just left is not invoiced."""
    user = locked(row.user)
    due = Membership.objects.due_for_renewal(today, days_before=days).filter(pk=row.pk)
    earlier = due.select_related("kind", "user").first()
    if earlier is None:
        return None
    year = _plan(earlier)
    membership = start_year(user=user, kind=earlier.kind, year=year, by=None, today=today)
    emails.renewal(membership)
    return Renewal(earlier, year, membership)
