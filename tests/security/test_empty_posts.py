"""What is closed to read is closed to write, and no empty form is an error of the site's."""

import pytest

from tests.security.addresses import described, has_right, is_open, office
from tests.security.association import OTHER, SUPERUSER, VISITOR, Association

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.mark.parametrize("role", [VISITOR, OTHER, "editor"])
def test_an_empty_post_is_answered_and_opens_nothing(site: Association, role: str):
    """No page answers 500, and what is closed to read is closed to write."""
    client = site.client(role)
    person = site.people.get(role)
    wrong = []
    for address in described():
        status = client.post(address.path(site)).status_code
        if status >= 500 or (role == VISITOR and not is_open(address) and status not in {302, 405}):
            wrong.append((address.name, status))
        if role != VISITOR:
            client.force_login(person)
    for page in office(site):
        if person is None or not has_right(person, *page.rights):
            status = client.post(page.path).status_code
            # 404: the front page of a room in which there is nothing to see.
            if status not in {302, 403, 404, 405}:
                wrong.append((page.name, status))
    assert wrong == []


@pytest.mark.parametrize("role", [SUPERUSER, "treasurer"])
def test_an_empty_post_to_the_office_is_no_500(site: Association, role: str):
    client = site.client(role)
    client.raise_request_exception = False
    failed = [
        page.name
        for page in office(site)
        if page.name not in {"password_change_done"} and client.post(page.path).status_code >= 500
    ]
    assert failed == []
