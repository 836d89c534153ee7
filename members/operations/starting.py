"""Years begin: the period, its fee, its invoice. Called with the people's rows locked."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import CharField, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.utils import translation
from django.utils.translation import gettext as _

from billing.models import Invoice
from billing.operations import Customer, Line, Order, issue_invoices
from members import fees
from members.models import FeeExemption, Membership, MembershipKind, User
from members.operations.histories import note_actor
from members.payers import customer_of, customers_of
from members.periods import Period, following
from privacy.copying import insert_all


@dataclass(frozen=True)
class PlannedYear:
    """What a year would be: when, for how much, and why it costs nothing if it does not."""

    period: Period
    fee: Decimal
    is_first_student_year: bool = False
    exempt_reason: str = ""


def locked(user: User) -> User:
    """The person's row, locked until the transaction ends: years are decided one at a time.

    No stronger than that needs: whoever is paying meanwhile holds the invoice and may still write
    a letter to the person, or else the two would wait for each other.
    """
    return User.objects.select_for_update(no_key=True).get(pk=user.pk)


def lock_people(keys: Iterable[int], *, skip_locked: bool = False) -> list[int]:
    """The same for many, always in one order. `skip_locked` leaves out whom another one holds."""
    people = User.objects.select_for_update(no_key=True, skip_locked=skip_locked)
    return list(people.filter(pk__in=keys).order_by("pk").values_list("pk", flat=True))


def periods_of(user: User) -> list[Period]:
    """Every period that had a day."""
    return periods_by_person([user.pk]).get(user.pk, [])


def periods_by_person(people: Collection[int]) -> dict[int, list[Period]]:
    periods: dict[int, list[Period]] = {}
    rows = Membership.objects.filter(user__in=people)
    columns = rows.values_list("user", "starts_on", "ends_on", "ended_on")
    for person, starts_on, ends_on, ended_on in columns:
        if (last_day := ended_on or ends_on) >= starts_on:
            periods.setdefault(person, []).append(Period(starts_on, last_day))
    return periods


def plan_year(
    user: User, kind: MembershipKind, *, period: Period, had_free_year: bool = True
) -> PlannedYear:
    exemption = FeeExemption.objects.in_force(period.first).filter(user=user).first()
    return _planned(kind, period, exemption, had_free_year=had_free_year)


def plan_next_years(rows: Sequence[Membership]) -> list[PlannedYear]:
    """What follows each of these, by three queries. Their kinds are fetched with their fees."""
    people = [row.user_id for row in rows]
    periods = periods_by_person(people)
    exemptions: dict[int, list[FeeExemption]] = {}
    for exemption in FeeExemption.objects.filter(user__in=people).order_by("pk"):
        exemptions.setdefault(exemption.user_id, []).append(exemption)
    planned = []
    for row in rows:
        period = following(periods[row.user_id])
        own = (one for one in exemptions.get(row.user_id, []) if one.is_in_force(period.first))
        planned.append(_planned(row.kind, period, next(own, None)))
    return planned


def _planned(
    kind: MembershipKind,
    period: Period,
    exemption: FeeExemption | None,
    *,
    had_free_year: bool = True,
) -> PlannedYear:
    fee = fees.price_of_year(kind, kind.fees.all(), period.first, had_free_year=had_free_year)
    if exemption:
        return PlannedYear(period, Decimal(0), exempt_reason=exemption.reason)
    return PlannedYear(period, fee, is_first_student_year=fee == 0 and not had_free_year)


@dataclass(frozen=True)
class NewYear:
    user: User
    kind: MembershipKind
    year: PlannedYear


def start_year(
    *, user: User, kind: MembershipKind, year: PlannedYear, by: User | None, today: date
) -> Membership:
    """Write the period and issue its invoice, if it costs anything."""
    return start_years([NewYear(user, kind, year)], by=by, today=today)[0]


def start_years(
    new: Sequence[NewYear], *, by: User | None, today: date, invoiced: bool = True
) -> list[Membership]:
    """The same for many at once, in order, by a few statements: all or none.

    Not `invoiced`: the caller puts the fees on an invoice with others.
    """
    rows = insert_all(
        Membership(
            user=one.user,
            kind=one.kind,
            starts_on=one.year.period.first,
            ends_on=one.year.period.last,
            exempt_reason=one.year.exempt_reason,
        )
        for one in new
    )
    if invoiced:
        fees_of = {row.pk: one.year.fee for row, one in zip(rows, new, strict=True)}
        _invoice([row for row in rows if fees_of[row.pk] > 0], fees_of, by=by, today=today)
    for row in rows:
        note_actor(row, by)
    Membership.history.bulk_history_create(rows)
    return rows


def _invoice(
    rows: Sequence[Membership], fees_of: Mapping[int, Decimal], *, by: User | None, today: date
) -> None:
    if not rows:
        return
    customers = customers_of([row.user for row in rows])
    orders = [_order(row, fees_of[row.pk], customers[row.user_id]) for row in rows]
    for row, invoice in zip(rows, issue_invoices(orders=orders, by=by, today=today), strict=True):
        row.invoice = invoice
    # One statement for all: each finds its invoice by what that was made for.
    source = Concat(Value("membership:"), Cast(OuterRef("pk"), CharField()))
    made_for = Invoice.objects.filter(source=source).values("pk")
    Membership.objects.filter(pk__in=[row.pk for row in rows]).update(invoice=Subquery(made_for))


def invoice_for(
    membership: Membership,
    *,
    fee: Decimal,
    by: User | None,
    today: date,
    instead_of: Invoice | None = None,
) -> Invoice:
    """The fee of one period, to whoever pays for the person now."""
    order = _order(membership, fee, customer_of(membership.user))
    if instead_of:
        order = replace(order, source=f"{order.source}:instead-of:{instead_of.pk}")
    return issue_invoices(orders=[order], by=by, today=today)[0]


def _order(membership: Membership, fee: Decimal, customer: Customer) -> Order:
    return Order(
        source=f"membership:{membership.pk}",
        customer=customer,
        lines=[fee_line(membership, fee)],
        buyer=membership.user,
    )


def fee_line(membership: Membership, fee: Decimal) -> Line:
    with translation.override(membership.user.language):
        text = _("Membership fee, %(kind)s") % {"kind": membership.kind.name}
        detail = f"{membership.user.name}, {membership.starts_on} – {membership.ends_on}"
    return Line(product=membership.kind.product, text=text, detail=detail, unit_price=fee)
