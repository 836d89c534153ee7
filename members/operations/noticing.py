"""Telling students that their year ends, with a new application already filled in."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef

from mail.models import Mail
from members import emails
from members.models import Application, Membership, RenewalTerms
from members.models.memberships import MembershipQuerySet
from privacy.batches import counted, in_batches, keys_of, tell_nobody


@dataclass(frozen=True)
class Notice:
    """A notice that should have been sent by now. `step`: days before the end it stands for."""

    membership: Membership
    step: int

    @property
    def key(self) -> str:
        return emails.student_notice_key(self.membership, self.step)


Told = Callable[[Sequence[Notice]], object]


def send_student_notices(*, today: date, dry_run: bool = False, told: Told = tell_nobody) -> int:
    """Send every notice that is due and not sent; of several missed ones only the last.

    Returns how many; `told` hears of them batch by batch.
    """
    notify = partial(_notify, today=today, dry_run=dry_run)
    return counted(in_batches(notify, keys_of(_ending(RenewalTerms.objects.get(), today))), told)


@transaction.atomic
def _notify(keys: Sequence[int], *, today: date, dry_run: bool) -> Sequence[Notice]:
    notices = due_notices(today, among=keys)
    if not dry_run:
        emails.student_notices((notice.membership, notice.step) for notice in notices)
    return notices


def due_notices(today: date, *, among: Collection[int] | None = None) -> list[Notice]:
    """`among` these memberships, if told."""
    terms = RenewalTerms.objects.get()
    rows = _ending(terms, today)
    if among is not None:
        rows = rows.filter(pk__in=among)
    people = rows.select_related("user", "kind", "invoice")
    notices = [Notice(row, _step(row, terms, today)) for row in people]
    written = Mail.objects.filter(key__in=[notice.key for notice in notices])
    sent = set(written.values_list("key", flat=True))
    return [notice for notice in notices if notice.key not in sent]


def _ending(terms: RenewalTerms, today: date) -> MembershipQuerySet:
    """Whoever has applied again need not be told."""
    asked_again = Application.objects.to_review().filter(user=OuterRef("user"))
    rows = Membership.objects.ending_by_itself(today, within=terms.first_notice_before)
    return rows.filter(~Exists(asked_again)).order_by("ends_on", "pk")


def _step(membership: Membership, terms: RenewalTerms, today: date) -> int:
    """The last step whose day has come."""
    left = (membership.ends_on - today).days
    return next(step for step in terms.notices_before if left <= step)
