"""Three years of a small association. `make drill` lives through five with 820 members."""

import pytest

from tests.members.association import Association

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_three_years_of_an_association(capsys) -> None:
    association = Association(members=30, years=3)
    association.live()
    with capsys.disabled():
        print(f"\n{association.told()}")
    assert association.faults() == {}
    assert min(association.counts.values()) > 0
