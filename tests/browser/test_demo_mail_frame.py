"""A mail in its frame: styled, and unable to do anything."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from tests.chromium import Watch
from tests.factories.mail import create_mail

pytestmark = pytest.mark.django_db(transaction=True)

HOSTILE = """<!doctype html><html><head><style>p { color: rgb(1, 2, 3) }</style>
<script>top.document.title = "taken"; document.title = "ran"</script></head>
<body onload="document.title = 'loaded'"><p id="words">Hej</p>
<img src="/static/img/logo.svg" onerror="document.title = 'error'" alt="">
<a id="evil" href="javascript:document.title = 'clicked'">Tryck</a>
<a id="good" href="SITE/nyheter/">Läs</a>
<form action="/demo/log-in/" method="post"><button id="send">Skicka</button></form>
</body></html>"""


@pytest.fixture
def frame(page: Page, live_server, settings):
    settings.SITE_URL = live_server.url
    sent = create_mail(html=HOSTILE.replace("SITE", live_server.url))
    page.goto(live_server.url + reverse("demo:mail", args=[sent.pk]))
    page.wait_for_load_state("networkidle")
    (inner,) = page.frames[1:]
    return inner


def test_nothing_in_a_mail_runs(page: Page, frame, offline: Watch) -> None:
    title = page.title()

    frame.locator("#send").click(force=True)
    page.wait_for_timeout(200)

    assert page.title() == title
    assert frame.title() == ""
    assert frame.locator("#words").evaluate("node => getComputedStyle(node).color") == (
        "rgb(1, 2, 3)"
    )
    assert frame.url.endswith("/html/")
    # Script, picture and form were stopped, and the browser said so.
    complaints = " ".join(offline.complaints)
    assert "script" in complaints
    assert "form" in complaints
    offline.complaints.clear()


def test_a_link_opens_the_page_beside_the_mail(page: Page, frame, offline: Watch) -> None:
    with page.context.expect_page() as opened:
        frame.locator("#good").click()
    opened.value.wait_for_load_state()

    assert opened.value.url.endswith("/nyheter/")
    assert opened.value.locator("h1").first.is_visible()
    offline.complaints.clear()
