"""The articles of the demo: the association's news, invented but for the first, which is told anew.

The texts lie in `texts/articles/<name>.<language>.md` and are read by the same parser that brings
old articles over.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from django.utils import timezone

from config.demo import pictures
from news import operations
from news.article_import import ParsedArticle, Source, parse
from news.editions import LANGUAGES
from news.models import Article, Topic
from news.operations import SourceEntry, Text

TEXTS = Path(__file__).parent / "texts" / "articles"

TOPICS = {
    "supervision": ("Tillsyn", "Supervision"),
    "ai": ("AI och ansiktsigenkänning", "AI and facial recognition"),
    "guidance": ("Vägledning", "Guidance"),
    "seminars": ("Seminarier", "Seminars"),
    "association": ("Föreningen", "The association"),
    "reading": ("Läsning", "Reading"),
}


@dataclass(frozen=True)
class DemoArticle:
    """When it is published: on a day of its own, or so many days before today (after, if below
    zero). Without either it is a draft."""

    name: str
    topics: tuple[str, ...]
    days_ago: int | None = None
    published_on: dt.date | None = None
    is_withdrawn: bool = False
    is_signed: bool = True
    has_picture: bool = False

    def published_at(self, now: dt.datetime) -> dt.datetime | None:
        today = timezone.localdate(now)
        day = self.published_on
        if self.days_ago is not None:
            day = today - dt.timedelta(days=self.days_ago)
        if day is None:
            return None
        return timezone.make_aware(dt.datetime.combine(day, dt.time(9)))

    def parsed(self) -> dict[str, ParsedArticle]:
        """By language; those there are."""
        files = {language: TEXTS / f"{self.name}.{language}.md" for language in LANGUAGES}
        return {
            language: parse(file.read_bytes(), markdown=True)
            for language, file in files.items()
            if file.exists()
        }


ARTICLES = [
    DemoArticle(
        "clearview",
        ("supervision", "ai"),
        published_on=dt.date(2021, 12, 1),
        is_signed=False,
    ),
    DemoArticle("reading-list", ("reading", "guidance"), days_ago=790),
    DemoArticle("students", ("association",), days_ago=640, is_signed=False),
    DemoArticle("transfers-seminar", ("seminars",), days_ago=555),
    DemoArticle("impact-assessment", ("guidance",), days_ago=470, has_picture=True),
    DemoArticle("meetings-in-english", ("association",), days_ago=404),
    DemoArticle("breach", ("guidance", "supervision"), days_ago=351),
    DemoArticle("cookies-seminar", ("seminars", "guidance"), days_ago=287),
    DemoArticle("annual-meeting", ("association",), days_ago=236, is_signed=False),
    DemoArticle("mentors", ("association",), days_ago=171),
    DemoArticle("new-in-the-role", ("guidance", "seminars"), days_ago=122),
    DemoArticle("access-requests", ("guidance",), days_ago=74),
    DemoArticle("arena-call", ("association", "seminars"), days_ago=45),
    DemoArticle("study-circle", ("ai", "association"), days_ago=19, has_picture=True),
    DemoArticle("our-own-data", ("association",), days_ago=6, is_signed=False, has_picture=True),
    DemoArticle("office-hours", ("association",), days_ago=320, is_withdrawn=True),
    DemoArticle("spring-programme", ("seminars",), days_ago=-14),
    DemoArticle("board-minutes", ("association",)),
]


def write_articles(*, now: dt.datetime, authors: Sequence[Any]) -> list[Article]:
    """All of them, with their topics; `authors` sign by turns those that are signed."""
    topics = {key: _topic(*names) for key, names in TOPICS.items()}
    return [
        _write(
            demo,
            now=now,
            topics=[topics[key] for key in demo.topics],
            author=authors[number % len(authors)] if authors and demo.is_signed else None,
        )
        for number, demo in enumerate(ARTICLES)
    ]


def _topic(name_sv: str, name_en: str) -> Topic:
    topic = Topic(name_sv=name_sv, name_en=name_en)
    topic.full_clean()
    topic.save()
    return topic


def _write(demo: DemoArticle, *, now: dt.datetime, topics: list[Topic], author: Any) -> Article:
    parsed = demo.parsed()
    article = operations.write_article(
        texts={
            language: Text(title=text.title, lead=text.lead, body=text.body)
            for language, text in parsed.items()
        },
        sources=_sources(parsed),
        topics=topics,
        author=author,
        picture=pictures.ridges(demo.name) if demo.has_picture else None,
        picture_alt=pictures.ALT,
        published_at=demo.published_at(now),
        by=author,
    )
    if demo.is_withdrawn:
        operations.withdraw(article=article, by=author, now=now)
    return article


def _sources(parsed: dict[str, ParsedArticle]) -> list[SourceEntry]:
    """The lists of both languages name the same sources in the same order."""
    lists = [parsed[language].sources if language in parsed else () for language in LANGUAGES]
    nothing = Source("")
    return [
        SourceEntry(label_sv=sv.label, label_en=en.label, url=sv.url or en.url)
        for sv, en in zip_longest(*lists, fillvalue=nothing)
    ]
