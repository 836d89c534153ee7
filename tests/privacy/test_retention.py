import datetime as dt

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.utils import timezone

from privacy.purposes import Basis, Keep, Purpose
from privacy.register import Category, Data, Register, register
from privacy.retention import rules
from tests.privacy.people import NOW, browser_of, look_at, person

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
SECOND = dt.timedelta(seconds=1)


def overdue(label: str, now: dt.datetime) -> list[int]:
    [rule] = [rule for rule in rules() if rule.declared.label == label]
    return rule.overdue(now)


def test_every_rule_of_the_site_can_be_asked_of_the_database():
    person()

    # Long enough ago that nothing is overdue, so that every answer is known.
    assert {len(rule.overdue(NOW - dt.timedelta(days=4000))) for rule in rules()} == {0}


def test_every_table_of_a_person_has_a_rule_or_goes_with_another():
    ruled = {rule.declared.label for rule in rules()}

    assert [
        table.label
        for table in register
        if table.holds_person and table.label not in ruled and not table.kept_with
    ] == []


@pytest.mark.parametrize(
    ("label", "make", "keep"),
    [
        ("privacy.AccessLog", look_at, Keep(after="x", months=24)),
        ("usersessions.UserSession", lambda user: browser_of(user, key="a"), Keep("x", days=14)),
    ],
)
def test_kept_one_second_before_and_due_one_second_after(label, make, keep):
    row = make(person())
    over = keep.until(NOW)

    assert overdue(label, over - SECOND) == []
    assert overdue(label, over + SECOND) == [row.pk]


def columns_with_a_purpose_of_their_own() -> Register:
    words = {"title": "X", "why": "x", "basis": Basis.CONTRACT, "needed": "x"}
    row = Purpose(key="row", keep=Keep(years=9, after="x"), **words)
    own = Purpose(key="own", keep=Keep(days=7, after="x"), **words)
    known = Register()
    known.declare(
        "members.User",
        person="self",
        purpose=row,
        kept_from="created_at",
        fields={
            "email": Data(Category.CONTACT),
            "phone details_confirmed_on": Data(
                Category.CONTACT, purpose=own, kept_from="details_confirmed_on"
            ),
        },
    )
    return known


def test_a_column_with_a_purpose_of_its_own_has_its_own_rule_until_it_is_empty():
    anna = person(phone="070-111", details_confirmed_on=dt.date(2026, 3, 1))
    [_rows, columns] = rules(columns_with_a_purpose_of_their_own())
    over = Keep(after="x", days=7).until(dt.date(2026, 3, 1))

    assert columns.columns == ("phone", "details_confirmed_on")
    assert columns.overdue(over - SECOND) == []
    assert columns.overdue(over + SECOND) == [anna.pk]

    get_user_model().objects.update(phone="", details_confirmed_on=None)

    assert columns.overdue(over + SECOND) == []


def test_the_report_counts_and_changes_nothing(capsys):
    anna = person()
    look_at(anna, at=timezone.now() - dt.timedelta(days=800))
    look_at(anna, at=timezone.now())

    call_command("retention_report", "--overdue")

    told = [line.split(":")[0].split() for line in capsys.readouterr().out.splitlines()]
    assert told == [["1", "privacy.AccessLog"]]
