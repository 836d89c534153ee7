"""Who works in the office, and the rows that billing cannot start without."""

import pytest

from members import roles
from tests.factories import members


@pytest.fixture
def committing(transactional_db):
    """For tests that commit: the end of another such test has emptied every table."""
    members.first_rows()


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
