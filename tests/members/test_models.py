"""What the database itself refuses, whoever writes."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from members.models import Application, ConsentText, Membership, MembershipKind, RenewalTerms, User
from members.models.applications import WrongMove
from tests.factories import members as make

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

FIRST, LAST = date(2026, 3, 2), date(2027, 3, 1)


def refused(do) -> bool:
    try:
        with transaction.atomic():
            do()
    except IntegrityError:
        return True
    return False


def period(user, first, last, **changes):
    return Membership.objects.create(
        user=user, kind=make.kind(), starts_on=first, ends_on=last, **changes
    )


# --- Periods ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "overlaps"),
    [
        (FIRST, LAST, True),
        (LAST, LAST + timedelta(9), True),
        (FIRST - timedelta(9), FIRST, True),
        (FIRST + timedelta(9), LAST - timedelta(9), True),
        (FIRST - timedelta(9), LAST + timedelta(9), True),
        (LAST + timedelta(1), LAST + timedelta(9), False),
        (FIRST - timedelta(9), FIRST - timedelta(1), False),
    ],
)
def test_periods_of_one_person_never_overlap(first: date, last: date, overlaps: bool) -> None:
    user = make.person()
    period(user, FIRST, LAST)
    assert refused(lambda: period(user, first, last)) == overlaps


def test_periods_of_two_people_may() -> None:
    period(make.person(), FIRST, LAST)
    assert not refused(lambda: period(make.person(), FIRST, LAST))


def test_the_days_after_an_early_end_are_free() -> None:
    user = make.person()
    period(user, FIRST, LAST, ended_on=date(2026, 6, 1), ended_why="by_staff")
    assert refused(lambda: period(user, date(2026, 6, 1), LAST))
    assert not refused(lambda: period(user, date(2026, 6, 2), LAST))


def test_a_period_ended_on_its_eve_stands_in_nobodys_way() -> None:
    user = make.person()
    period(user, FIRST, LAST, ended_on=FIRST - timedelta(1), ended_why="left")
    assert not refused(lambda: period(user, FIRST, LAST))


def test_a_period_cannot_be_moved_onto_another() -> None:
    user = make.person()
    period(user, FIRST, LAST)
    later = period(user, LAST + timedelta(1), LAST + timedelta(99))
    later.starts_on = LAST
    assert refused(later.save)


def test_a_period_cannot_be_taken_back_onto_another() -> None:
    """Somebody left, came back, and the leaving is undone."""
    user = make.person()
    earlier = period(user, FIRST, LAST, ended_on=date(2026, 6, 1), ended_why="left")
    period(user, date(2026, 6, 2), date(2027, 6, 1))
    earlier.ended_on, earlier.ended_why = None, ""
    assert refused(earlier.save)


@pytest.mark.parametrize(
    "wrong",
    [
        {"ends_on": FIRST - timedelta(1)},
        {"ended_on": LAST + timedelta(1), "ended_why": "left"},
        {"ended_on": FIRST - timedelta(2), "ended_why": "left"},
        {"ended_on": LAST},
        {"ended_why": "left"},
    ],
)
def test_a_period_makes_sense(wrong) -> None:
    columns = {"first": FIRST, "last": LAST, **wrong}
    if "ends_on" in columns:
        columns["last"] = columns.pop("ends_on")
    user = make.person()
    assert refused(lambda: period(user, **columns))


# --- People -------------------------------------------------------------------------------------


def test_one_address_is_one_person_whatever_the_case() -> None:
    make.person(email="asa@example.org")
    shouting = User(email="ASA@Example.org", name="Åsa")
    assert refused(shouting.save)


def test_addresses_are_stored_in_lower_case() -> None:
    assert make.person(email="Asa@Example.ORG").email == "asa@example.org"
    assert User.objects.get_by_natural_key("ASA@example.org").email == "asa@example.org"


def test_an_employer_that_pays_has_a_number() -> None:
    user = make.person()
    assert refused(lambda: make.employer(user, organisation_number=""))


# --- Applications -------------------------------------------------------------------------------


def test_an_unconfirmed_application_has_no_person() -> None:
    user = make.person()
    assert refused(lambda: make.application(user=user))
    assert refused(lambda: make.application(state="in_review"))


def test_a_person_has_one_application_in_review() -> None:
    user = make.person()
    make.in_review(user)
    assert refused(lambda: make.in_review(user))


@pytest.mark.parametrize(
    ("before", "after"),
    [("approved", "rejected"), ("rejected", "approved"), ("unconfirmed", "rejected")],
)
def test_a_decision_stands(before: str, after: str) -> None:
    with pytest.raises(WrongMove):
        Application(state=before).move_to(after)


# --- Rows of staff ------------------------------------------------------------------------------


def test_there_is_one_row_of_terms() -> None:
    assert refused(lambda: RenewalTerms.objects.create(pk=2))


def test_the_second_notice_comes_after_the_first() -> None:
    terms = RenewalTerms.objects.get()
    terms.second_notice_before = terms.first_notice_before
    with pytest.raises(ValidationError):
        terms.full_clean()
    assert refused(terms.save)


def test_the_first_rows_are_there_and_creating_them_again_changes_nothing() -> None:
    before = list(MembershipKind.objects.order_by("position").values_list("code", "fees__amount"))
    texts = ConsentText.objects.count()
    make.first_rows()
    assert before == [("ordinary", 1645), ("student", 200)]
    assert ConsentText.objects.count() == texts
    assert RenewalTerms.objects.count() == 1
