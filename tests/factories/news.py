"""Makes articles for the tests."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone

from news import operations
from news.models import Article, Newsletter, Page, Subscriber, Topic
from news.operations import SourceEntry, Text

NOW = dt.datetime(2026, 3, 10, 12, tzinfo=dt.UTC)


def text(*, title: str = "Ny vägledning", lead: str = "En ingress.", body: str = "") -> Text:
    return Text(title=title, lead=lead, body=body or f"<p>Brödtext om {title}.</p>")


def create_article(
    *,
    texts: Mapping[str, Text] | None = None,
    published_at: dt.datetime | None = NOW - dt.timedelta(days=1),
    unpublished_at: dt.datetime | None = None,
    topics: Iterable[Topic] = (),
    sources: Iterable[SourceEntry] = (),
    **options: Any,
) -> Article:
    article = operations.write_article(
        texts=texts or {"sv": text()},
        by=None,
        published_at=published_at,
        topics=topics,
        sources=sources,
        **options,
    )
    if unpublished_at:
        article.unpublished_at = unpublished_at
        article.save()
    return article


def create_articles(count: int) -> None:
    """Many at once, past the operations."""
    Article.objects.bulk_create(
        Article(
            title_sv=f"Artikel {number}",
            slug_sv=f"artikel-{number}",
            body_sv="<p>Text.</p>",
            published_at=NOW - dt.timedelta(hours=number + 1),
        )
        for number in range(count)
    )


def create_topic(*, sv: str = "Tillsyn", en: str = "Supervision") -> Topic:
    topic = Topic(name_sv=sv, name_en=en)
    topic.full_clean()
    topic.save()
    return topic


def create_editor(*, email: str = "redaktor@example.org", name: str = "Rut Redaktör") -> Any:
    return get_user_model().objects.create_superuser(email, "lösenord", name=name)


def ago(**period: int) -> dt.datetime:
    """By the real clock, for views, which ask it."""
    return timezone.now() - dt.timedelta(**period)


def create_page(
    *,
    title_sv: str = "Lokala nätverk",
    slug_sv: str = "lokala-natverk",
    body_sv: str = "<p>Text.</p>",
    **columns: Any,
) -> Page:
    page = Page(title_sv=title_sv, slug_sv=slug_sv, body_sv=body_sv, **columns)
    page.full_clean()
    page.save()
    return page


def create_newsletter(
    *,
    subject_sv: str = "Brev i mars",
    intro_sv: str = "<p>Hej!</p>",
    articles: Iterable[Article] = (),
    **columns: Any,
) -> Newsletter:
    newsletter = Newsletter(subject_sv=subject_sv, intro_sv=intro_sv, **columns)
    newsletter.full_clean()
    newsletter.save()
    newsletter.articles.set(articles)
    return newsletter


def create_subscriber(
    *,
    email: str = "lasare@example.org",
    language: str = "sv",
    confirmed_at: dt.datetime | None = NOW - dt.timedelta(days=5),
    **columns: Any,
) -> Subscriber:
    return Subscriber.objects.create(
        email=email,
        language=language,
        consent="Ja tack",
        asked_at=NOW - dt.timedelta(days=6),
        confirmed_at=confirmed_at,
        **columns,
    )
