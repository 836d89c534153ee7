"""The board lets a member off the fee."""

from datetime import date

from django.db import transaction

from members.models import FeeExemption, Membership, User
from members.operations.ending import credit_unpaid
from members.operations.histories import note_actor
from members.operations.refusals import DayBeforeFirst, ReasonMissing
from members.operations.rights import demand
from members.operations.starting import locked


@transaction.atomic
def exempt(
    *,
    membership: Membership,
    reason: str,
    until: date | None,
    by: User,
    today: date,
) -> FeeExemption:
    """From this year on, until a day or for good; an unpaid fee of this year is credited.

    Years already paid stay paid. Exempting for the same year twice leaves one exemption, also where
    the first was written on the person's page. Raises ReasonMissing or DayBeforeFirst.
    """
    demand(by, "members.change_membership", "members.add_feeexemption")
    if not (reason := reason.strip()):
        raise ReasonMissing
    if until and until < membership.starts_on:
        raise DayBeforeFirst
    locked(membership.user)
    row = Membership.objects.select_related("user", "invoice", "invoice_line").get(pk=membership.pk)
    exemption = FeeExemption.objects.in_force(row.starts_on).filter(user=row.user).first()
    if exemption is None:
        exemption = FeeExemption(
            user=row.user, reason=reason, starts_on=row.starts_on, ends_on=until, decided_by=by
        )
        note_actor(exemption, by)
        exemption.save()
    _forgive(row, exemption, by=by, today=today)
    return exemption


def _forgive(row: Membership, exemption: FeeExemption, *, by: User, today: date) -> None:
    """The year goes on without an invoice, if nobody has paid anything of it."""
    if row.invoice is None or row.invoice.payments.exists():
        return
    credit_unpaid([row], by=by, today=today, because_exempt=True)
    row.invoice = row.invoice_line = None
    row.exempt_reason = exemption.reason
    note_actor(row, by, exemption.reason)
    row.save(update_fields=["invoice", "invoice_line", "exempt_reason"])
