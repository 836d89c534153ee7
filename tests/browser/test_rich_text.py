"""The attacks on an article's text in a real browser: nothing runs, and nobody else is asked.

First on a page without any content policy, so that only the cleaning stands between;
then all of them on an article as readers get it.
"""

from functools import partial

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route

from news import rich_text
from news.models import Article
from tests.chromium import Watch
from tests.factories import news
from tests.security.rich_text_attacks import ATTACKS

pytestmark = pytest.mark.django_db(transaction=True)

BARE = "http://localhost/bare"
SET_AND_TOUCH = """html => {
    const box = document.createElement("div");
    document.body.append(box);
    box.innerHTML = html;
    for (const link of box.querySelectorAll("a")) {
        link.addEventListener("click", event => {
            if (link.protocol !== "javascript:") event.preventDefault();
        });
        link.focus();
        link.click();
    }
}"""


class Ran:
    """What ran of the attacks, as the page told."""

    def __init__(self, page: Page) -> None:
        self.names: list[str] = []
        self.now = ""
        page.expose_function("attack", self.note)
        page.on("dialog", lambda dialog: (self.note(), dialog.dismiss()))

    def note(self) -> None:
        self.names.append(self.now)


def show(body: str, route: Route) -> None:
    route.fulfill(body=body, content_type="text/html")


def bare_page(page: Page, html: str) -> Ran:
    ran = Ran(page)
    page.route(BARE, partial(show, f"<!doctype html><title>x</title><main>{html}</main>"))
    page.goto(BARE)
    return ran


def test_cleaned_nothing_runs_even_without_a_content_policy(page: Page) -> None:
    """Both ways in which a text becomes part of a page: read by the parser, and set by a script."""
    cleaned = [(name, rich_text.clean(html)) for name, html in ATTACKS]
    ran = bare_page(page, "".join(html for _, html in cleaned))
    for name, html in cleaned:
        ran.now = name
        page.evaluate(SET_AND_TOUCH, html)
    page.wait_for_timeout(300)
    assert ran.names == []


@pytest.mark.parametrize("name", ["handlers 8", "schemes 0", "mutations 11", "entities 0"])
def test_as_it_came_it_runs(page: Page, offline: Watch, name: str) -> None:
    """Else the test above would say nothing."""
    ran = bare_page(page, "")
    page.evaluate(SET_AND_TOUCH, dict(ATTACKS)[name])
    page.wait_for_timeout(300)
    assert ran.names
    offline.complaints.clear()


def test_all_of_them_on_one_article(page: Page, live_server, offline: Watch) -> None:
    article = news.create_article(published_at=timezone.now())
    each = [f"<p>{name}</p>{rich_text.clean(html)}" for name, html in ATTACKS]
    raw = "".join(html for _, html in ATTACKS).replace("\0", "")
    ran = Ran(page)
    for body in ("".join(each), f"<p>templates</p>{raw}"):
        # Past the cleaning that saving does, as somebody would who has got at the table.
        Article.objects.filter(pk=article.pk).update(body_sv=body)
        page.goto(live_server.url + article.edition("sv").url)
        page.wait_for_load_state("networkidle")
        assert page.locator(".prose").inner_text().count("templates")
        assert page.locator(".prose").locator("script, img, svg, style, iframe, form").count() == 0
        for link in page.locator(".prose a[href]").all():
            assert link.evaluate("link => link.protocol") in {"http:", "https:", "mailto:"}
    assert page.locator("h1").is_visible()
    assert ran.names == []
