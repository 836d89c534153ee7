"""What happens to an article. Called by the admin, the import and the demo."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from news import pictures, slugs
from news.article_import import ParsedArticle
from news.models import Article, Source, State, Topic
from news.operations.refusals import Refused


class NothingToWithdraw(Refused):
    pass


class TimeHasPassed(Refused):
    pass


class AddressTaken(Refused):
    pass


@dataclass(frozen=True)
class Text:
    """What an article says in one language; `body` is HTML."""

    title: str
    body: str
    lead: str = ""


@dataclass(frozen=True)
class SourceEntry:
    """A label in either language or both, and where it leads."""

    label_sv: str = ""
    label_en: str = ""
    url: str = ""


# --- Writing --------------------------------------------------------------------------------


@transaction.atomic
def write_article(
    *,
    texts: Mapping[str, Text],
    by: Any,
    sources: Iterable[SourceEntry] = (),
    topics: Iterable[Topic] = (),
    author: Any = None,
    picture: File | None = None,
    picture_alt: Mapping[str, str] | None = None,
    published_at: dt.datetime | None = None,
) -> Article:
    """A new article, a draft unless it says when it is published. Raises ValidationError."""
    article = Article(author=author, published_at=published_at)
    for language, text in texts.items():
        _set_text(article, language, text)
    if picture is not None:
        article.picture = pictures.clean(picture)
        for language, description in (picture_alt or {}).items():
            setattr(article, f"picture_alt_{language}", description)
    _save(article, by=by)
    _replace_sources(article, sources)
    article.topics.set(topics)
    return article


def _set_text(article: Article, language: str, text: Text) -> None:
    for name in ("title", "lead", "body"):
        setattr(article, f"{name}_{language}", getattr(text, name))


def _save(article: Article, *, by: Any) -> None:
    article.full_clean()
    article._history_user = by  # type: ignore[attr-defined]
    article.save()


def _replace_sources(article: Article, entries: Iterable[SourceEntry]) -> None:
    article.sources.all().delete()
    for order, entry in enumerate(entries, start=1):
        source = Source(
            article=article,
            label_sv=entry.label_sv,
            label_en=entry.label_en,
            url=entry.url,
            order=order,
        )
        source.full_clean()
        source.save()


@transaction.atomic
def restore(*, version: Article, by: Any) -> Article:
    """The texts of an earlier version. When the article is published stays as it is today."""
    today = Article.objects.select_for_update().filter(pk=version.pk).first()
    if today:
        for name in ("published_at", "unpublished_at", "imported_from", "imported_hash"):
            setattr(version, name, getattr(today, name))
    version._state.adding = today is None
    _save(version, by=by)
    return version


# --- Publishing -----------------------------------------------------------------------------


@transaction.atomic
def publish(*, article: Article, by: Any, now: dt.datetime) -> Article:
    """Readable from now on. One that was withdrawn comes back under its first date."""
    article = Article.objects.select_for_update().get(pk=article.pk)
    match article.state(now):
        case State.PUBLISHED:
            return article
        case State.WITHDRAWN:
            article.unpublished_at = None
        case _:
            article.published_at, article.unpublished_at = now, None
    _save(article, by=by)
    return article


@transaction.atomic
def schedule(*, article: Article, at: dt.datetime, by: Any, now: dt.datetime) -> Article:
    """Readable by itself from a later moment on; until then only by its preview link."""
    article = Article.objects.select_for_update().get(pk=article.pk)
    if at <= now:
        raise TimeHasPassed(_("Choose a time to come, or publish the article now."))
    article.published_at, article.unpublished_at = at, None
    _save(article, by=by)
    return article


@transaction.atomic
def withdraw(*, article: Article, by: Any, now: dt.datetime) -> Article:
    """Its address says from now on that the article is gone; a scheduled one is a draft again."""
    article = Article.objects.select_for_update().get(pk=article.pk)
    match article.state(now):
        case State.DRAFT:
            raise NothingToWithdraw(_("The article is a draft that nobody has read."))
        case State.WITHDRAWN:
            return article
        case State.SCHEDULED:
            article.published_at = article.unpublished_at = None
        case State.PUBLISHED:
            article.unpublished_at = now
    _save(article, by=by)
    return article


# --- Old articles ---------------------------------------------------------------------------


class Outcome(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Imported:
    article: Article
    outcome: Outcome
    is_published_now: bool


@transaction.atomic
def import_article(
    *,
    parsed: ParsedArticle,
    language: str,
    file_name: str,
    publish_it: bool,
    now: dt.datetime,
    by: Any = None,
) -> Imported:
    """Safe to repeat: the same text changes nothing, a changed file of the same name and title
    changes its article, and no article that came another way is touched."""
    content_hash = f"{language}:{parsed.content_hash}"
    unchanged = Article.objects.filter(imported_hash=content_hash).first()
    article = unchanged or _article_of_file(parsed, language=language, file_name=file_name)
    is_new = article.pk is None
    is_published_now = publish_it and article.published_at is None
    if not unchanged:
        article.imported_from, article.imported_hash = file_name, content_hash
        _set_text(article, language, Text(parsed.title, parsed.body, parsed.lead))
    if is_published_now:
        article.published_at = _published_at(parsed, now)
    if not unchanged or is_published_now:
        _save(article, by=by)
    if not unchanged:
        _replace_sources(article, _entries(parsed, language))
    changed = Outcome.CREATED if is_new else Outcome.UPDATED
    return Imported(article, Outcome.UNCHANGED if unchanged else changed, is_published_now)


def _article_of_file(parsed: ParsedArticle, *, language: str, file_name: str) -> Article:
    slug = slugs.slug_of(parsed.title)
    article = Article.objects.filter(**{f"slug_{language}": slug}).first()
    if article and article.imported_from != file_name:
        raise AddressTaken(
            _(
                "There is an article with the title “%(title)s” already, and it did not come from "
                "a file of this name. Change the title in the file."
            )
            % {"title": parsed.title}
        )
    return article or Article()


def _entries(parsed: ParsedArticle, language: str) -> list[SourceEntry]:
    return [
        SourceEntry(**{f"label_{language}": source.label}, url=source.url)
        for source in parsed.sources
    ]


def _published_at(parsed: ParsedArticle, now: dt.datetime) -> dt.datetime:
    """At noon of the day the file names, if it names one that has come; else now."""
    if parsed.published_on is None:
        return now
    noon = timezone.make_aware(dt.datetime.combine(parsed.published_on, dt.time(12)))
    return min(noon, now)
