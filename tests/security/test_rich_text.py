"""What an editor pastes into an article, or somebody else into the table, is shown as text."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from news import rich_text
from news.models import Article
from tests.factories import news
from tests.security.rich_text_attacks import ATTACKS, BY_WAY

BODY_BEGINS = '<div class="prose">'
OURS = {"a": {"href", "rel"}, "ol": {"start"}}


class Reader(HTMLParser):
    """Notes what no text of ours is made of."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.strange: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag not in rich_text.TAGS:
            self.strange.append(f"<{tag}>")
        for name, value in attributes:
            if name not in OURS.get(tag, set()) or not self.is_ours(name, value or ""):
                self.strange.append(f'{name}="{value}"')

    def is_ours(self, name: str, value: str) -> bool:
        if name == "start":
            return value.isdecimal()
        if name == "rel":
            return value == "noopener"
        parts = urlsplit(value)
        if not parts.scheme:
            return value.startswith("/") and value[1:2] not in {"/", "\\"} and not parts.netloc
        return parts.scheme in rich_text.SCHEMES

    def handle_comment(self, data: str) -> None:
        self.strange.append("<!--")

    def handle_decl(self, decl: str) -> None:
        self.strange.append("<!")

    def handle_pi(self, data: str) -> None:
        self.strange.append("<?")


def test_the_reader_is_no_fool() -> None:
    """What it passes are words, or schemes that only a browser takes for one: that one is asked
    in tests/browser.
    """
    passed = [name for name, html in ATTACKS if not Reader(html).strange]
    assert (len(ATTACKS), len(passed)) == (171, 23)


@pytest.mark.parametrize("html", [html for _, html in ATTACKS], ids=[name for name, _ in ATTACKS])
def test_nothing_of_an_attack_is_left(html: str) -> None:
    cleaned = rich_text.clean(html)
    assert Reader(cleaned).strange == []
    assert "\0" not in cleaned
    assert rich_text.clean(cleaned) == cleaned


def body_of(page: str) -> str:
    return page.partition(BODY_BEGINS)[2].partition("</div>")[0]


@pytest.mark.django_db
@pytest.mark.parametrize("way", BY_WAY)
def test_it_is_cleaned_when_it_is_saved(way: str) -> None:
    for html in BY_WAY[way]:
        article = Article(body_sv=html, body_en=html)
        article.clean_bodies()
        assert (article.body_sv, article.body_en) == (rich_text.clean(html),) * 2
    saved = news.create_article(texts={"sv": news.text(body="".join(["<p>x</p>", *BY_WAY[way]]))})
    saved.refresh_from_db()
    assert Reader(saved.body_sv).strange == []


@pytest.mark.django_db
def test_it_is_cleaned_again_when_it_is_shown(client) -> None:
    """Whatever got into the table past the operations, by hand or from an old backup."""
    article = news.create_article(published_at=timezone.now())
    for way, listed in BY_WAY.items():
        raw = "".join(["<p>x</p>", *listed]).replace("\0", "")  # PostgreSQL keeps none
        Article.objects.filter(pk=article.pk).update(body_sv=raw)
        body = body_of(client.get(article.edition("sv").url).content.decode())
        assert "<p>x</p>" in body
        assert (way, Reader(body).strange) == (way, [])
