from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from members.models import Membership
from tests.factories import members as make

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2026, 3, 2), date(2027, 3, 1)


def output(name: str, *options: str) -> list[str]:
    out = StringIO()
    call_command(name, *options, stdout=out)
    return out.getvalue().splitlines()


def test_renewals_say_who_would_get_what() -> None:
    user = make.membership(starts_on=FIRST).user
    day = f"--date={LAST - timedelta(30)}"
    planned = output("issue_renewals", day, "--dry-run")
    assert planned == [
        f"{user.email} 2027-03-02 – 2028-03-01 1\xa0645\xa0kr",
        "1 would be renewed",
    ]
    assert Membership.objects.count() == 1
    assert output("issue_renewals", day)[-1] == "1 renewed"
    assert output("issue_renewals", day) == ["0 renewed"]


def test_exempt_members_are_named_as_such() -> None:
    user = make.membership(starts_on=FIRST).user
    user.fee_exemptions.create(reason="Styrelsen", starts_on=FIRST)
    planned = output("issue_renewals", f"--date={LAST}", "--dry-run")
    assert planned[0].endswith("exempt: Styrelsen")


def test_endings_say_whose_would_end() -> None:
    row = make.membership(starts_on=FIRST, paid=False)
    day = f"--date={FIRST + timedelta(76)}"
    assert output("end_memberships", day, "--dry-run") == [
        f"{row.user.email} {row.invoice.number} unpaid since 2026-04-01",
        "1 would end",
    ]
    assert output("end_memberships", day)[-1] == "1 ended"
    assert output("end_memberships", day) == ["0 ended"]


def test_notices_say_who_would_be_told() -> None:
    user = make.student_year(starts_on=FIRST).user
    day = f"--date={LAST - timedelta(7)}"
    assert output("student_notices", day, "--dry-run") == [
        f"{user.email} ends 2027-03-01, 7 days before",
        "1 would be told",
    ]
    assert output("student_notices", day)[-1] == "1 told"
    assert output("student_notices", day) == ["0 told"]


def test_the_night_says_who_would_get_what() -> None:
    renewed = make.membership(starts_on=FIRST).user
    told = make.student_year(starts_on=FIRST).user
    planned = output("nightly", f"--date={LAST - timedelta(7)}", "--dry-run")
    first = planned.index("issue_renewals: 1")
    assert planned[first : first + 6] == [
        "issue_renewals: 1",
        f"{renewed.email} 2027-03-02 – 2028-03-01 1\xa0645\xa0kr",
        "1 would be renewed",
        "student_notices: 1",
        f"{told.email} ends 2027-03-01, 7 days before",
        "1 would be told",
    ]
    assert Membership.objects.count() == 2
