from datetime import date, timedelta

import pytest
from django.utils import translation

from members import overview
from members.models import Membership
from members.standing import FeeState, State, standing_of, standings_of
from tests.factories import billing
from tests.factories import members as make

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2026, 3, 2), date(2027, 3, 1)
DUE = FIRST + timedelta(30)


def where(user, today=FIRST):
    standing = standing_of(user, today)
    return standing.state, standing.fee, standing.until


def agree(user, today) -> bool:
    """The rule for rows and its twin for the database say the same."""
    rows = Membership.objects.in_good_standing(today).filter(user=user)
    return standing_of(user, today).in_good_standing == rows.exists()


def test_a_stranger_is_no_member() -> None:
    assert where(make.person()) == (State.NEVER, None, None)


@pytest.mark.parametrize(
    ("day", "is_member"),
    [
        (FIRST - timedelta(1), False),
        (FIRST, True),
        (LAST, True),
        (LAST + timedelta(1), False),
    ],
)
def test_first_and_last_day_are_included(day: date, is_member: bool) -> None:
    user = make.membership(starts_on=FIRST).user
    assert standing_of(user, day).is_member == is_member
    assert agree(user, day)


def test_paid() -> None:
    assert where(make.membership(starts_on=FIRST).user) == (State.MEMBER, FeeState.PAID, LAST)


@pytest.mark.parametrize(
    ("day", "fee", "good"),
    [(DUE, FeeState.OPEN, True), (DUE + timedelta(1), FeeState.OVERDUE, False)],
)
def test_until_the_due_date_an_unpaid_fee_is_in_order(day, fee, good) -> None:
    user = make.membership(starts_on=FIRST, paid=False).user
    standing = standing_of(user, day)
    assert (standing.fee, standing.in_good_standing, standing.fee_paid) == (fee, good, False)
    assert agree(user, day)


def test_part_paid_is_not_paid() -> None:
    row = make.membership(starts_on=FIRST, paid=False)
    billing.pay(row.invoice, amount="1000")
    assert where(row.user, DUE + timedelta(1))[1] is FeeState.OVERDUE
    assert agree(row.user, DUE + timedelta(1))


def test_a_credited_fee_gives_nothing() -> None:
    row = make.membership(starts_on=FIRST, paid=False)
    billing.operations.credit_invoice(invoice=row.invoice, reason="fel", by=None, today=FIRST)
    standing = standing_of(row.user, FIRST)
    assert (standing.fee, standing.in_good_standing) == (FeeState.CREDITED, False)
    assert agree(row.user, FIRST)


def test_a_free_year_is_in_order() -> None:
    user = make.student_year(starts_on=FIRST).user
    assert where(user) == (State.STUDENT, FeeState.FREE, LAST)
    assert agree(user, FIRST)


def test_lapsed_remembers_the_last_year() -> None:
    row = make.membership(starts_on=date(2020, 3, 2))
    standing = standing_of(row.user, FIRST)
    assert (standing.state, standing.last, standing.is_member) == (State.LAPSED, row, False)


def test_ended_before_its_time() -> None:
    row = make.membership(starts_on=FIRST, ended_on=date(2026, 5, 1), ended_why="by_staff")
    assert where(row.user, date(2026, 5, 1))[0] is State.MEMBER
    assert where(row.user, date(2026, 5, 2))[0] is State.LAPSED
    assert agree(row.user, date(2026, 5, 2))


def test_a_period_that_never_began_is_none() -> None:
    row = make.membership(starts_on=FIRST, ended_on=FIRST - timedelta(1), ended_why="left")
    assert where(row.user) == (State.NEVER, None, None)


def test_a_next_year_counts_once_it_is_paid() -> None:
    row = make.membership(starts_on=FIRST)
    renewal = make.membership(row.user, starts_on=LAST + timedelta(1), paid=False)
    assert where(row.user)[2] == LAST
    billing.pay(renewal.invoice)
    assert where(row.user)[2] == date(2028, 3, 1)


def test_many_people_cost_one_query(django_assert_num_queries) -> None:
    people = [make.membership(starts_on=FIRST).user.pk for _ in range(5)]
    with django_assert_num_queries(1):
        found = standings_of(people, FIRST)
    assert {standing.state for standing in found.values()} == {State.MEMBER}


# --- In one sentence ----------------------------------------------------------------------------


def sentence(user, today=FIRST) -> str:
    with translation.override("en"):
        return overview.for_person(user, today).sentence


def test_the_sentence_says_it_all() -> None:
    assert sentence(make.person()) == "You are not a member yet."
    assert sentence(make.membership(starts_on=FIRST).user) == (
        "Member until and including 1 March 2027, paid."
    )
    unpaid = make.membership(starts_on=FIRST, paid=False).user
    assert sentence(unpaid) == (
        "Member until and including 1 March 2027, to be paid by 1 April 2026."
    )
    assert sentence(unpaid, date(2026, 4, 2)) == (
        "Member until and including 1 March 2027, unpaid since 1 April 2026."
    )
    assert sentence(make.student_year(starts_on=FIRST).user) == (
        "Student member until and including 1 March 2027, free of charge."
    )
    assert sentence(make.membership(starts_on=date(2020, 3, 2)).user) == (
        "Your membership ended on 1 March 2021."
    )


def test_the_overview_knows_what_can_be_done() -> None:
    row = make.membership(starts_on=FIRST, paid=False)
    seen = overview.for_person(row.user, FIRST)
    assert (seen.can_leave, seen.can_join, seen.can_convert) == (True, False, False)
    assert seen.open_invoice == row.invoice
    assert seen.asks_to_look_over


def test_whoever_has_left_may_stay() -> None:
    row = make.membership(starts_on=FIRST, ended_on=LAST, ended_why="left")
    seen = overview.for_person(row.user, FIRST)
    assert (seen.has_left, seen.can_stay, seen.can_leave) == (True, True, False)


def test_the_next_year_is_told_while_it_is_owed() -> None:
    row = make.membership(starts_on=FIRST)
    renewal = make.membership(row.user, starts_on=LAST + timedelta(1), paid=False)
    with translation.override("en"):
        told = overview.for_person(row.user, LAST).next_year
        assert told == (
            "The next year, from 2 March 2027, has been invoiced: SEK 1,645 to pay by 1 April 2027."
        ).replace("SEK 1", "SEK\xa01")
        billing.pay(renewal.invoice)
        assert overview.for_person(row.user, LAST).next_year == ""


def test_the_overview_costs_the_same_however_long_the_history(
    django_assert_num_queries,
) -> None:
    user = make.person()
    for year in range(2016, 2027):
        make.membership(user, starts_on=date(year, 3, 2))
    with django_assert_num_queries(2):
        overview.for_person(user, FIRST)
