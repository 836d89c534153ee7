"""Who works in the office, for the tests of its pages."""

import pytest

from members import roles
from tests.factories import members


@pytest.fixture
def treasurer(client):
    person = members.staff(roles.TREASURER, name="Torsten Kassör")
    client.force_login(person)
    return person


@pytest.fixture
def onlooker(client):
    """May see invoices and change none."""
    person = members.staff(roles.MEMBERSHIP_SECRETARY)
    client.force_login(person)
    return person
