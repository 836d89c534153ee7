"""Becoming an ordinary member: after confirming the address, coming back, changing from student."""

from datetime import date

from django.db import transaction

from members import emails
from members.models import Membership, MembershipKind, User
from members.operations.ending import end_period
from members.operations.refusals import AlreadyMember, NoStudent
from members.operations.starting import PlannedYear, locked, plan_year, start_year
from members.periods import DAY, Period, next_period, year_number
from members.standing import State, standing_of


def ordinary_kind() -> MembershipKind:
    return _first_kind(is_for_students=False)


def student_kind() -> MembershipKind:
    return _first_kind(is_for_students=True)


def _first_kind(*, is_for_students: bool) -> MembershipKind:
    kinds = MembershipKind.objects.filter(is_for_students=is_for_students, fees__isnull=False)
    return kinds.order_by("position", "pk")[0]


def plan_ordinary(*, user: User, kind: MembershipKind, today: date) -> PlannedYear:
    """The next ordinary year: on from the last one; from today where a student year gives way."""
    kept, given_up = _rows(user, today)
    if any(row.starts_on <= today for row in given_up):
        return plan_year(user, kind, period=year_number(today, 0))
    earlier = [Period(row.starts_on, row.last_day_on) for row in kept]
    return plan_year(user, kind, period=next_period(earlier, today))


def begin_ordinary(*, user: User, kind: MembershipKind, by: User | None, today: date) -> Membership:
    """Write the year that was planned. The person's row is locked."""
    year = plan_ordinary(user=user, kind=kind, today=today)
    for row in _rows(user, today)[1]:
        end_period(
            membership=row,
            last_day=today - DAY,
            why=Membership.Ended.CONVERTED,
            by=by,
            today=today,
        )
    return start_year(user=user, kind=kind, year=year, by=by, today=today)


def _rows(user: User, today: date) -> tuple[list[Membership], list[Membership]]:
    """The periods that had or have a day: those that stand, and student years not yet over."""
    rows = [
        row
        for row in user.memberships.select_related("kind", "invoice", "user")
        if row.last_day_on >= row.starts_on
    ]
    given_up = [row for row in rows if row.kind.is_for_students and row.last_day_on >= today]
    return [row for row in rows if row not in given_up], given_up


@transaction.atomic
def convert_student(*, user: User, by: User, today: date) -> Membership:
    """Change to ordinary today; the student year ends yesterday. Raises NoStudent."""
    user = locked(user)
    if standing_of(user, today).state is not State.STUDENT:
        raise NoStudent
    membership = begin_ordinary(user=user, kind=ordinary_kind(), by=by, today=today)
    emails.welcome(membership, because_of="converted")
    return membership


@transaction.atomic
def come_back(*, user: User, by: User | None, today: date) -> Membership:
    """A former member begins anew with the details we have. Raises AlreadyMember."""
    user = locked(user)
    if user.memberships.filter(ends_on__gte=today).current(today).exists():
        raise AlreadyMember
    membership = begin_ordinary(user=user, kind=ordinary_kind(), by=by, today=today)
    emails.welcome(membership, because_of="came-back")
    return membership
