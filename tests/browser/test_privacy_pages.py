"""Notice, cookies and my data in Chromium: accessible, in both languages, nothing foreign."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import Page

from tests.factories import members
from tests.privacy.people import browser_of, company, look_at

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _first_rows(transactional_db) -> None:
    """An earlier test that committed has emptied the tables."""
    members.first_rows()


def log_in(page: Page, user, url: str) -> None:
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("name", ["privacy:notice", "privacy:cookies", "privacy:my-data"])
def test_accessible(page, live_server, name, language):
    anna = members.person()
    browser_of(anna, key="a")
    for _ in range(4):
        look_at(anna)
    company(name="Cloud Inc.", country="US", safeguard="clauses")
    log_in(page, anna, live_server.url)
    with translation.override(language):
        page.goto(live_server.url + reverse(name))

    found = Axe().run(page)

    assert page.locator("html").get_attribute("lang") == language
    assert [fault["id"] for fault in found.response["violations"]] == []
