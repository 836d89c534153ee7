from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from mail.models import Mail
from members import operations, overview, roles
from tests.factories import billing
from tests.factories import members as make

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2026, 3, 2), date(2027, 3, 1)
TODAY = date(2026, 6, 1)


def leave(user, today=TODAY):
    return operations.leave(user=user, by=user, now=make.noon(today), today=today)


def ended(row):
    row.refresh_from_db()
    return row.ended_on, row.ended_why


# --- Leaving ------------------------------------------------------------------------------------


def test_a_paid_year_runs_to_its_end() -> None:
    row = make.membership(starts_on=FIRST)
    assert leave(row.user) == LAST
    assert ended(row) == (LAST, "left")
    assert row.is_current(LAST)
    assert Mail.objects.filter(person=row.user, key__contains=":leaving:").count() == 1


def test_a_next_year_that_nobody_paid_falls_away() -> None:
    row = make.membership(starts_on=FIRST)
    renewal = make.membership(row.user, starts_on=date(2027, 3, 2), paid=False)
    assert leave(row.user, date(2027, 2, 20)) == LAST
    assert ended(renewal) == (LAST, "left")
    assert billing.balance(renewal.invoice) == Decimal(0)


def test_a_next_year_already_paid_is_used() -> None:
    row = make.membership(starts_on=FIRST)
    renewal = make.membership(row.user, starts_on=date(2027, 3, 2))
    assert leave(row.user, date(2027, 2, 20)) == date(2028, 3, 1)
    assert ended(row) == (None, "")
    assert ended(renewal) == (date(2028, 3, 1), "left")


def test_leaving_again_with_a_next_year_paid_changes_nothing() -> None:
    row = make.membership(starts_on=FIRST)
    renewal = make.membership(row.user, starts_on=date(2027, 3, 2))
    day, last = date(2027, 2, 20), date(2028, 3, 1)
    assert leave(row.user, day) == leave(row.user, day + timedelta(1)) == last
    seen = overview.for_person(row.user, day)
    assert (seen.has_left, seen.can_stay, seen.can_leave) == (True, True, False)
    with pytest.raises(operations.HasLeft):
        operations.plan_leaving(user=row.user, today=day)
    assert (ended(row), ended(renewal)) == ((None, ""), (last, "left"))
    assert Mail.objects.filter(key__contains=":leaving:").count() == 1
    operations.take_back_leaving(user=row.user, by=row.user, today=day)
    assert (ended(row), ended(renewal)) == ((None, ""), (None, ""))


def test_whoever_stays_after_all_gets_the_next_invoice_anew() -> None:
    row = make.membership(starts_on=FIRST)
    day = date(2027, 2, 20)
    renewals = []
    operations.issue_renewals(today=day, told=renewals.extend)
    leave(row.user, day)
    operations.take_back_leaving(user=row.user, by=row.user, today=day)
    operations.issue_renewals(today=day, told=renewals.extend)
    first, again = renewals
    assert again.year == first.year
    assert billing.balance(first.membership.invoice) == Decimal(0)
    assert billing.balance(again.membership.invoice) == Decimal(1645)


def test_an_unpaid_year_ends_today_and_is_credited() -> None:
    row = make.membership(starts_on=FIRST, paid=False)
    assert leave(row.user) == TODAY
    assert ended(row) == (TODAY, "left")
    assert billing.balance(row.invoice) == Decimal(0)


def test_a_free_year_runs_to_its_end() -> None:
    row = make.student_year(starts_on=FIRST)
    assert leave(row.user) == LAST


def test_leaving_twice_changes_nothing() -> None:
    row = make.membership(starts_on=FIRST)
    assert leave(row.user) == leave(row.user, TODAY + timedelta(1)) == LAST
    assert Mail.objects.filter(key__contains=":leaving:").count() == 1


def test_leaving_at_once_twice_changes_nothing() -> None:
    row = make.membership(starts_on=FIRST, paid=False)
    assert leave(row.user) == leave(row.user) == TODAY


def test_only_a_member_can_leave() -> None:
    with pytest.raises(operations.NotMember):
        leave(make.person())
    with pytest.raises(operations.NotMember):
        leave(make.membership(starts_on=date(2020, 3, 2)).user)


def test_the_plan_says_what_leaving_does() -> None:
    row = make.membership(starts_on=FIRST)
    renewal = make.membership(row.user, starts_on=date(2027, 3, 2), paid=False)
    plan = operations.plan_leaving(user=row.user, today=date(2027, 2, 20))
    assert (plan.last_day, plan.at_once, plan.unpaid) == (LAST, False, [renewal])
    assert ended(row) == (None, "")


# --- Staying after all --------------------------------------------------------------------------


def test_leaving_can_be_taken_back_until_the_last_day() -> None:
    row = make.membership(starts_on=FIRST)
    leave(row.user)
    operations.take_back_leaving(user=row.user, by=row.user, today=LAST)
    assert ended(row) == (None, "")


def test_the_day_after_it_is_too_late() -> None:
    row = make.membership(starts_on=FIRST)
    leave(row.user)
    with pytest.raises(operations.NothingToRegret):
        operations.take_back_leaving(user=row.user, by=row.user, today=LAST + timedelta(1))


def test_staying_twice_is_refused_the_second_time() -> None:
    row = make.membership(starts_on=FIRST)
    leave(row.user)
    operations.take_back_leaving(user=row.user, by=row.user, today=TODAY)
    with pytest.raises(operations.NothingToRegret):
        operations.take_back_leaving(user=row.user, by=row.user, today=TODAY)


def test_what_was_unpaid_and_ended_by_the_job_cannot_be_taken_back() -> None:
    row = make.membership(starts_on=FIRST, ended_on=LAST, ended_why="unpaid")
    with pytest.raises(operations.NothingToRegret):
        operations.take_back_leaving(user=row.user, by=row.user, today=TODAY)


def test_a_renewal_given_up_is_issued_anew_after_staying() -> None:
    row = make.membership(starts_on=FIRST)
    make.membership(row.user, starts_on=date(2027, 3, 2), paid=False)
    leave(row.user, date(2027, 2, 20))
    operations.take_back_leaving(user=row.user, by=row.user, today=date(2027, 2, 21))
    renewals = []
    operations.issue_renewals(today=date(2027, 2, 21), told=renewals.extend)
    [renewal] = renewals
    assert renewal.membership.starts_on == date(2027, 3, 2)


# --- Ended by staff -----------------------------------------------------------------------------


def test_staff_ends_a_membership_and_says_why() -> None:
    row, secretary = make.membership(starts_on=FIRST, paid=False), make.staff()
    operations.end_by_staff(
        membership=row, last_day=TODAY, reason="Begärt per telefon", by=secretary, today=TODAY
    )
    assert ended(row) == (TODAY, "by_staff")
    assert billing.balance(row.invoice) == Decimal(0)
    version = row.history.first()
    assert (version.history_user, version.history_change_reason) == (
        secretary,
        "Begärt per telefon",
    )


def test_staff_ending_twice_keeps_the_first_day() -> None:
    row, secretary = make.membership(starts_on=FIRST), make.staff()
    for day in (TODAY, TODAY + timedelta(9)):
        operations.end_by_staff(
            membership=row, last_day=day, reason="Dubbel", by=secretary, today=TODAY
        )
    assert ended(row) == (TODAY, "by_staff")


@pytest.mark.parametrize("role", [roles.TREASURER, roles.EDITOR])
def test_only_who_has_the_right_ends_a_membership(role: str) -> None:
    row = make.membership(starts_on=FIRST)
    with pytest.raises(PermissionDenied):
        operations.end_by_staff(
            membership=row, last_day=TODAY, reason="Nej", by=make.staff(role), today=TODAY
        )
    assert ended(row) == (None, "")


# --- From student to ordinary -------------------------------------------------------------------


def test_a_student_changes_to_ordinary_from_today() -> None:
    year = make.student_year(starts_on=FIRST)
    membership = operations.convert_student(user=year.user, by=year.user, today=TODAY)
    assert ended(year) == (TODAY - timedelta(1), "converted")
    assert (membership.starts_on, membership.ends_on) == (TODAY, date(2027, 5, 31))
    assert membership.invoice.total == Decimal("1645.00")


def test_on_the_first_day_the_student_year_counts_no_day() -> None:
    year = make.student_year(starts_on=TODAY)
    membership = operations.convert_student(user=year.user, by=year.user, today=TODAY)
    assert ended(year) == (TODAY - timedelta(1), "converted")
    assert membership.starts_on == TODAY


def test_an_unpaid_student_fee_is_credited() -> None:
    year = make.student_year(starts_on=FIRST, fee="200", paid=False)
    operations.convert_student(user=year.user, by=year.user, today=TODAY)
    assert billing.balance(year.invoice) == Decimal(0)


def test_a_next_student_year_goes_too() -> None:
    year = make.student_year(starts_on=FIRST)
    later = make.student_year(year.user, starts_on=date(2027, 3, 2))
    operations.convert_student(user=year.user, by=year.user, today=date(2027, 2, 1))
    assert ended(later) == (LAST, "converted")


def test_changing_twice_is_refused_the_second_time() -> None:
    year = make.student_year(starts_on=FIRST)
    operations.convert_student(user=year.user, by=year.user, today=TODAY)
    with pytest.raises(operations.NoStudent):
        operations.convert_student(user=year.user, by=year.user, today=TODAY)


def test_the_preview_of_the_change_is_what_happens() -> None:
    year = make.student_year(starts_on=FIRST)
    plan = operations.plan_ordinary(user=year.user, kind=make.kind(), today=TODAY)
    membership = operations.convert_student(user=year.user, by=year.user, today=TODAY)
    assert (plan.period.first, plan.period.last) == (membership.starts_on, membership.ends_on)
    assert plan.fee == membership.invoice.total
