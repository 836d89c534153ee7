"""The rich-text editor under the site's content policy: a breach shows in the console only."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from news.models import Article
from tests.factories.news import create_article, create_editor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def staff(context: BrowserContext, page: Page, live_server) -> Page:
    client = Client()
    client.force_login(create_editor())
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
    )
    return page


def test_the_editor_writes_an_article(staff: Page, live_server):
    staff.goto(live_server.url + reverse("admin:news_article_add"))
    editors = staff.locator("[contenteditable]")
    expect(editors).to_have_count(2)

    staff.fill("#id_title_sv", "Skriven för hand")
    editors.first.click()
    staff.keyboard.type("Första stycket.")
    staff.keyboard.press("Enter")
    staff.keyboard.type("- en punkt")
    staff.click("[name=_publish]")

    staff.wait_for_url("**" + reverse("admin:news_article_changelist"))
    article = Article.objects.get()
    assert article.body_sv == "<p>Första stycket.</p><ul><li><p>en punkt</p></li></ul>"


def test_the_editor_makes_a_link(staff: Page, live_server):
    article = create_article()
    staff.goto(live_server.url + reverse("admin:news_article_change", args=[article.pk]))

    staff.locator("[contenteditable]").first.click()
    staff.keyboard.press("Control+A")
    staff.keyboard.press("Control+K")
    dialog = staff.locator("dialog")
    dialog.locator("input").first.fill("https://www.imy.se/")
    dialog.locator("[type=submit]").click()
    staff.click("[name=_save]")

    staff.wait_for_url("**" + reverse("admin:news_article_changelist"))
    article.refresh_from_db()
    assert '<a href="https://www.imy.se/" rel="noopener">' in article.body_sv


def test_the_pages_of_earlier_versions(staff: Page, live_server):
    article = create_article()

    staff.goto(live_server.url + reverse("admin:news_article_history", args=[article.pk]))
    staff.locator("#change-history a").first.click()

    expect(staff.locator("[contenteditable]")).to_have_count(2)


def test_an_article_with_its_structured_data(page: Page, live_server):
    article = create_article()

    page.goto(live_server.url + article.edition("sv").url)

    expect(page.locator("h1")).to_have_text("Ny vägledning")
