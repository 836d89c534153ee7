"""Five years of 820 members, night by night: what must hold at the end, and the counts."""

import pytest

from tests.members.association import Association

pytestmark = [pytest.mark.django_db]


def drill_five_years_of_820_members(capsys) -> None:
    association = Association(members=820, years=5)
    association.live()
    with capsys.disabled():
        print(f"\n{association.told()}")
    assert association.faults() == {}
    assert min(association.counts.values()) > 0
