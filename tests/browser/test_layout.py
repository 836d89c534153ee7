"""Nothing moves while a page comes."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from config.demo.articles import write_articles
from news.models import Article
from tests.factories import events, members

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

WATCH = """
    window.shifted = 0;
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) window.shifted += entry.value;
    }).observe({type: "layout-shift", buffered: true});
"""


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_moves(page: Page, live_server, settings, tmp_path, width):
    settings.MEDIA_ROOT = tmp_path
    members.first_rows()
    now = timezone.now()
    write_articles(now=now, authors=[])
    event = events.event(published_at=now, starts_at=now + timedelta(days=20))
    with_picture = Article.objects.exclude(picture="").published(now).newest_first()[0]
    page.set_viewport_size({"width": width, "height": 800})
    page.add_init_script(WATCH)

    moved = {}
    for path in (
        reverse("start"),
        reverse("news:list"),
        with_picture.edition("sv").url,
        reverse("events:event", args=[event.slug]),
        f"{reverse('members:join')}?kind=ordinary",
        reverse("news:newsletter"),
    ):
        page.goto(live_server.url + path, wait_until="networkidle")
        moved[path] = page.evaluate("window.shifted")

    assert {path: score for path, score in moved.items() if score} == {}
