"""The next year of those who stay: issued before the last one runs out.

Some hundred people are renewed in one transaction: their rows are locked together, what is due is
asked again, and everything is written by a few statements. Killed, a run has done whole batches
only, and the next one goes on; two beside each other pass by whom the other one holds.
"""

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from django.db import transaction

from members import emails
from members.models import Membership, MembershipKind, RenewalTerms
from members.models.memberships import MembershipQuerySet
from members.operations.collecting import invoice_together, payer_of
from members.operations.starting import (
    NewYear,
    PlannedYear,
    lock_people,
    plan_next_years,
    start_years,
)
from members.payers import customer_of
from privacy.batches import counted, in_batches, tell_nobody

# Colleagues whose years end within so many days of the first one's are renewed with it.
TOGETHER_WITHIN = 30


@dataclass(frozen=True)
class Renewal:
    """`membership` is the year that was written; None in a dry run."""

    earlier: Membership
    year: PlannedYear
    membership: Membership | None = None


Told = Callable[[Sequence[Renewal]], object]


def issue_renewals(*, today: date, dry_run: bool = False, told: Told = tell_nobody) -> int:
    """Write and invoice every next year that should exist by today. Late or twice: the same.

    Returns how many. `told` hears of them batch by batch, as they are done: however many there
    are, no more than a batch is kept.
    """
    run = _Run(today, RenewalTerms.objects.get().invoice_before, dry_run)
    return counted(_renewals(run), told)


@dataclass(frozen=True)
class _Run:
    today: date
    days: int
    dry_run: bool

    def due(self, *, together: bool = False) -> MembershipQuerySet:
        days = self.days + (TOGETHER_WITHIN if together else 0)
        return Membership.objects.due_for_renewal(self.today, days_before=days)


def _renewals(run: _Run) -> Iterator[Sequence[Renewal]]:
    groups = _colleagues(run)
    in_groups = {person for group in groups for person in group}
    due = run.due().order_by("user").values_list("user", flat=True).iterator()
    alone = array("q", (person for person in due if person not in in_groups))
    busy = array("q")
    yield from in_batches(partial(_renew_free, run=run, busy=busy), alone)
    yield from in_batches(partial(_renew, run=run), busy)
    yield from in_batches(partial(_renew_together, run=run), groups, size=1)


@transaction.atomic
def _renew_free(people: Sequence[int], *, run: _Run, busy: "array[int]") -> Sequence[Renewal]:
    """Whoever is held by somebody else, such as another run, is put off until the end."""
    free = lock_people(people, skip_locked=True)
    renewals = _renew_locked(run, free, together=False)
    busy.extend(set(people).difference(free))
    return renewals


@transaction.atomic
def _renew(people: Sequence[int], *, run: _Run) -> Sequence[Renewal]:
    return _renew_locked(run, lock_people(people), together=False)


def _renew_locked(run: _Run, people: Iterable[int], *, together: bool) -> Sequence[Renewal]:
    """Looks again under the lock: whoever has just left is not invoiced."""
    due = run.due(together=together).filter(user__in=people).order_by("ends_on", "pk")
    rows = list(due.select_related("user"))
    kinds = MembershipKind.objects.select_related("product").prefetch_related("fees").in_bulk()
    for row in rows:
        row.kind = kinds[row.kind_id]
    years = plan_next_years(rows)
    if run.dry_run:
        return [Renewal(row, year) for row, year in zip(rows, years, strict=True)]
    new = [NewYear(row.user, row.kind, year) for row, year in zip(rows, years, strict=True)]
    made = start_years(new, by=None, today=run.today, invoiced=not together)
    renewals = [Renewal(*each) for each in zip(rows, years, made, strict=True)]
    if together:
        _invoice_together(renewals, today=run.today)
    emails.renewals(made)
    return renewals


# --- Colleagues on one invoice ------------------------------------------------------------------


def _colleagues(run: _Run) -> list[list[int]]:
    """Those who agreed to one invoice and have a colleague to share it with, payer by payer."""
    agreed = run.due(together=True).filter(
        user__billing_details__is_collective=True, user__billing_details__payer="employer"
    )
    groups: dict[tuple[str, ...], list[tuple[date, int]]] = defaultdict(list)
    for row in agreed.select_related("user__billing_details").iterator():
        groups[payer_of(row.user.billing_details)].append((row.ends_on, row.user_id))
    last_day = run.today + timedelta(days=run.days)
    return [
        [person for _ends_on, person in group]
        for group in groups.values()
        if len(group) > 1 and min(group)[0] <= last_day
    ]


@transaction.atomic
def _renew_together(groups: Sequence[Sequence[int]], *, run: _Run) -> Sequence[Renewal]:
    (people,) = groups
    return _renew_locked(run, lock_people(people), together=True)


def _invoice_together(renewals: Sequence[Renewal], *, today: date) -> None:
    fees = {one.membership.pk: one.year.fee for one in renewals if one.membership}
    members = [one.membership for one in renewals if one.membership and one.year.fee > 0]
    if members:
        customer = customer_of(members[0].user)
        invoice_together(members, fees, customer=customer, by=None, today=today)
