"""A year begins: the period, its fee, its invoice. Called with the person's row locked."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import translation
from django.utils.translation import gettext as _

from billing.models import Invoice
from billing.operations import Line, issue_invoice
from members import fees
from members.models import FeeExemption, Membership, MembershipKind, User
from members.operations.histories import note_actor
from members.payers import customer_of
from members.periods import Period


@dataclass(frozen=True)
class PlannedYear:
    """What a year would be: when, for how much, and why it costs nothing if it does not."""

    period: Period
    fee: Decimal
    is_first_student_year: bool = False
    exempt_reason: str = ""


def locked(user: User) -> User:
    """The person's row, locked until the transaction ends: years are decided one at a time."""
    return User.objects.select_for_update().get(pk=user.pk)


def periods_of(user: User) -> list[Period]:
    """Every period that had a day."""
    rows = Membership.objects.filter(user=user)
    return [
        Period(row.starts_on, row.last_day_on) for row in rows if row.last_day_on >= row.starts_on
    ]


def plan_year(
    user: User, kind: MembershipKind, *, period: Period, had_free_year: bool = True
) -> PlannedYear:
    exemption = FeeExemption.objects.in_force(period.first).filter(user=user).first()
    fee = fees.price_of_year(kind, kind.fees.all(), period.first, had_free_year=had_free_year)
    if exemption:
        return PlannedYear(period, Decimal(0), exempt_reason=exemption.reason)
    return PlannedYear(period, fee, is_first_student_year=fee == 0 and not had_free_year)


def start_year(
    *,
    user: User,
    kind: MembershipKind,
    year: PlannedYear,
    by: User | None,
    today: date,
    invoiced: bool = True,
) -> Membership:
    """Write the period and issue its invoice, if it costs anything.

    Not `invoiced`: the caller puts the fee on an invoice with others.
    """
    membership = Membership(
        user=user,
        kind=kind,
        starts_on=year.period.first,
        ends_on=year.period.last,
        exempt_reason=year.exempt_reason,
    )
    note_actor(membership, by)
    membership.save()
    if year.fee > 0 and invoiced:
        membership.invoice = invoice_for(membership, fee=year.fee, by=by, today=today)
        membership.save(update_fields=["invoice"])
    return membership


def invoice_for(
    membership: Membership,
    *,
    fee: Decimal,
    by: User | None,
    today: date,
    instead_of: Invoice | None = None,
) -> Invoice:
    """The fee of one period, to whoever pays for the person now."""
    user = membership.user
    source = f"membership:{membership.pk}"
    return issue_invoice(
        source=f"{source}:instead-of:{instead_of.pk}" if instead_of else source,
        customer=customer_of(user),
        lines=[fee_line(membership, fee)],
        buyer=user,
        by=by,
        today=today,
    )


def fee_line(membership: Membership, fee: Decimal) -> Line:
    with translation.override(membership.user.language):
        text = _("Membership fee, %(kind)s") % {"kind": membership.kind.name}
        detail = f"{membership.user.name}, {membership.starts_on} – {membership.ends_on}"
    return Line(product=membership.kind.product, text=text, detail=detail, unit_price=fee)
