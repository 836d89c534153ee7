"""Telling students that their year ends, with a new application already filled in."""

from dataclasses import dataclass
from datetime import date
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef

from mail.models import Mail
from members import emails
from members.models import Application, Membership, RenewalTerms
from privacy.batches import one_by_one


@dataclass(frozen=True)
class Notice:
    """A notice that should have been sent by now. `step`: days before the end it stands for."""

    membership: Membership
    step: int

    @property
    def key(self) -> str:
        return f"membership:{self.membership.pk}:notice:{self.step}"


def send_student_notices(*, today: date, dry_run: bool = False) -> list[Notice]:
    """Send every notice that is due and not sent; of several missed ones only the last."""
    due = due_notices(today)
    if dry_run:
        return due
    by_membership = {notice.membership.pk: notice for notice in due}
    return one_by_one(
        partial(_send, notices=by_membership, today=today),
        [notice.membership for notice in due],
    )


def due_notices(today: date) -> list[Notice]:
    terms = RenewalTerms.objects.get()
    asked_again = Application.objects.to_review().filter(user=OuterRef("user"))
    rows = (
        Membership.objects.ending_by_itself(today, within=terms.first_notice_before)
        .filter(~Exists(asked_again))
        .select_related("user", "kind", "invoice")
        .order_by("ends_on", "pk")
    )
    notices = [Notice(row, _step(row, terms, today)) for row in rows]
    sent = set(
        Mail.objects.filter(key__in=[notice.key for notice in notices]).values_list(
            "key", flat=True
        )
    )
    return [notice for notice in notices if notice.key not in sent]


def _step(membership: Membership, terms: RenewalTerms, today: date) -> int:
    """The last step whose day has come."""
    left = (membership.ends_on - today).days
    return next(step for step in terms.notices_before if left <= step)


@transaction.atomic
def _send(membership: Membership, *, notices: dict[int, Notice], today: date) -> Notice:
    notice = notices[membership.pk]
    emails.student_notice(membership, step=notice.step, today=today)
    return notice
