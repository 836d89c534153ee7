"""A public page weighs at most 100 kB over the wire with all it needs, in at most ten requests."""

import gzip
import io
from datetime import timedelta

import pytest
from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lxml import html
from PIL import Image

from tests.factories import events, members
from tests.factories.news import ago, create_article

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

MOST_BYTES, MOST_REQUESTS = 100_000, 10
LOADED = (
    ("link[rel=stylesheet], link[rel=icon]", "href"),
    ("script[src], img[src]", "src"),
    ("[data-worker]", "data-worker"),
)


@pytest.fixture(autouse=True)
def _site(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    members.first_rows()


def busy_picture() -> ContentFile:
    written = io.BytesIO()
    noise = Image.effect_noise((200, 150), 60).resize((2000, 1500))
    noise.convert("RGB").save(written, format="JPEG")
    return ContentFile(written.getvalue(), name="busy.jpg")


def article() -> str:
    row = create_article(
        published_at=ago(days=1), picture=busy_picture(), picture_alt={"sv": "Brus"}
    )
    return row.edition("sv").url


def event() -> str:
    now = timezone.now()
    row = events.event(published_at=now, starts_at=now + timedelta(days=20))
    return reverse("events:event", args=[row.slug])


PAGES = {
    "start": lambda: reverse("start"),
    "news": lambda: reverse("news:list"),
    "article with a picture": article,
    "events": lambda: reverse("events:list"),
    "event": event,
    "kinds of membership": lambda: reverse("members:join"),
    "form to become a member": lambda: f"{reverse('members:join')}?kind=ordinary",
    "newsletter": lambda: reverse("news:newsletter"),
    "about": lambda: reverse("page", args=["om-oss"]),
    "privacy": lambda: reverse("privacy:notice"),
    "log-in": lambda: reverse("account_login"),
    "cart": lambda: reverse("events:cart"),
    "not found": lambda: "/finns-inte/",
}


def wire(client: Client, url: str) -> int:
    """Bytes as they travel: text compressed, pictures as they are."""
    if url.startswith("/static/"):
        found = finders.find(url.removeprefix("/static/"))
        assert isinstance(found, str), url
        with open(found, "rb") as file:
            content = file.read()
    else:
        content = client.get(url).content
    return len(content) if url.endswith((".webp", ".png")) else len(gzip.compress(content, 6))


@pytest.mark.parametrize("name", PAGES)
def test_a_public_page_weighs_little(client, name):
    url = PAGES[name]()
    page = html.fromstring(client.get(url).content.decode())

    parts = {
        element.get(attribute) for places, attribute in LOADED for element in page.cssselect(places)
    }
    weight = sum(wire(client, part) for part in [url, *parts])

    assert len(parts) + 1 <= MOST_REQUESTS
    assert weight <= MOST_BYTES


def test_the_scale_weighs(client):
    """Bootstrap alone is a third of it; a scale that shows less is broken."""
    assert 25_000 < wire(client, "/static/bootstrap/css/bootstrap.min.css") < 40_000


@pytest.mark.parametrize("name", PAGES)
def test_every_picture_has_its_place_before_it_comes(client, name):
    page = html.fromstring(client.get(PAGES[name]()).content.decode())

    assert [
        picture.get("src")
        for picture in page.cssselect("img")
        if not (picture.get("width") and picture.get("height"))
    ] == []
