"""Articles in Swedish and English, their topics and their sources.

What may be read now, and under which address, is worked out from the row at a given moment; no
column repeats it.
"""

import datetime as dt
from typing import Any, Self

from django.conf import settings
from django.core.validators import FileExtensionValidator, URLValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_prose_editor.fields import ProseEditorField
from simple_history.models import HistoricalRecords
from translated_fields import TranslatedField
from translated_fields.utils import fallback_to_any

from news import pictures, rich_text, search, slugs
from news.editions import LANGUAGES, Edition
from news.models.texts import InLanguages, complete, has_slug, once_named, own_slug_first


class TopicQuerySet(models.QuerySet["Topic"]):
    def known_as(self, slug: str, *, language: str) -> Self:
        return self.filter(has_slug(slug)).order_by(own_slug_first(slug, language), "pk")


class Topic(models.Model):
    name = TranslatedField(models.CharField(_("name"), max_length=60))
    slug = TranslatedField(
        models.SlugField(_("address"), max_length=slugs.LONGEST, unique=True, blank=True)
    )

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["name_sv"]
        constraints = [
            models.CheckConstraint(
                name="topic_has_both_names", condition=Q(name_sv__gt="", name_en__gt="")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        for language in LANGUAGES:
            if not getattr(self, f"slug_{language}"):
                name = getattr(self, f"name_{language}")
                setattr(self, f"slug_{language}", slugs.free_slug(self, name, language=language))


class State(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("article", "Draft")
    SCHEDULED = "scheduled", pgettext_lazy("article", "Scheduled")
    PUBLISHED = "published", pgettext_lazy("article", "Published")
    WITHDRAWN = "withdrawn", pgettext_lazy("article", "Withdrawn")


class ArticleQuerySet(models.QuerySet["Article"]):
    def drafts(self) -> Self:
        return self.filter(published_at=None)

    def scheduled(self, now: dt.datetime) -> Self:
        return self.filter(published_at__gt=now).exclude(unpublished_at__lte=now)

    def published(self, now: dt.datetime) -> Self:
        return self.filter(published_at__lte=now).exclude(unpublished_at__lte=now)

    def withdrawn(self, now: dt.datetime) -> Self:
        return self.filter(unpublished_at__lte=now)

    def in_state(self, state: str, now: dt.datetime) -> Self:
        if state == State.DRAFT:
            return self.drafts()
        rows = {
            State.SCHEDULED: self.scheduled,
            State.PUBLISHED: self.published,
            State.WITHDRAWN: self.withdrawn,
        }
        return rows[State(state)](now)

    def in_language(self, language: str) -> Self:
        return self.filter(complete(language))

    def in_year(self, year: int) -> Self:
        """By the calendar of the association's time zone."""
        return self.filter(published_at__year=year)

    def about(self, topic: Topic) -> Self:
        return self.filter(topics=topic)

    def known_as(self, slug: str, *, language: str) -> Self:
        """By its address in any language; the one that has it in this language first."""
        return self.filter(has_slug(slug)).order_by(own_slug_first(slug, language), "pk")

    def once_known_as(self, slug: str) -> Self:
        """By an address that it had before."""
        return once_named(self, slug)

    def search(self, text: str) -> "ArticleQuerySet":
        """Best match first on PostgreSQL, newest first elsewhere. Titles, leads and bodies."""
        return search.matching(self, text)

    def newest_first(self) -> Self:
        return self.order_by("-published_at", "-pk")

    def related_to(self, article: "Article") -> "ArticleQuerySet":
        """Others that share a topic with it, those that share most first."""
        shared = models.Count("topics", filter=Q(topics__in=article.topics.all()))
        return (
            self.exclude(pk=article.pk)
            .alias(shared=shared)
            .filter(shared__gt=0)
            .order_by("-shared", "-published_at", "-pk")
        )

    def years(self) -> list[int]:
        """Newest first."""
        return [start.year for start in self.datetimes("published_at", "year", order="DESC")]


class Article(InLanguages, models.Model):
    title = TranslatedField(models.CharField(_("title"), max_length=300, blank=True))
    slug = TranslatedField(
        models.SlugField(
            _("address"),
            max_length=slugs.LONGEST + 5,
            blank=True,
            help_text=_("Made of the title when left empty. Old addresses lead to the new one."),
        )
    )
    lead = TranslatedField(
        models.TextField(
            _("lead"),
            blank=True,
            help_text=_("One or two sentences that stand above the text and in lists."),
        )
    )
    body = TranslatedField(
        ProseEditorField(
            _("text"),
            blank=True,
            extensions=rich_text.EDITOR_EXTENSIONS,
            sanitize=rich_text.clean,
        )
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("author"),
        help_text=_("The name is shown to everybody. Left empty, the association is the author."),
    )
    topics = models.ManyToManyField(
        Topic, blank=True, related_name="articles", verbose_name=_("topics")
    )
    event_keys = models.JSONField(_("related events"), default=list, blank=True)
    picture = models.ImageField(
        _("picture"),
        upload_to=pictures.path,
        blank=True,
        validators=[FileExtensionValidator(pictures.EXTENSIONS)],
        help_text=_("JPEG, PNG or WebP, 5 MB at most. What the camera noted in it is removed."),
    )
    picture_width = models.PositiveIntegerField(null=True, editable=False)
    picture_height = models.PositiveIntegerField(null=True, editable=False)
    picture_alt = TranslatedField(
        models.CharField(
            _("what the picture shows"),
            max_length=300,
            blank=True,
            help_text=_("Read aloud to those who do not see it. Required with a picture."),
        )
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True, db_index=True)
    unpublished_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)
    imported_from = models.CharField(_("imported from"), max_length=255, blank=True, editable=False)
    imported_hash = models.CharField(max_length=80, blank=True, editable=False)

    history = HistoricalRecords()
    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="article_complete_in_some_language",
                condition=complete("sv") | complete("en"),
                violation_error_message=_(
                    "An article needs a title and a text in at least one language."
                ),
            ),
            models.CheckConstraint(
                name="article_picture_is_described",
                condition=Q(picture="")
                | (
                    (~complete("sv") | Q(picture_alt_sv__gt=""))
                    & (~complete("en") | Q(picture_alt_en__gt=""))
                ),
                violation_error_message=_(
                    "Say in each language of the article what the picture shows."
                ),
            ),
            models.CheckConstraint(
                name="article_withdrawn_after_published",
                condition=Q(unpublished_at=None)
                | Q(published_at__isnull=False, unpublished_at__gte=F("published_at")),
                violation_error_message=_("An article is withdrawn after it was published."),
            ),
            models.UniqueConstraint(
                name="article_slug_sv_unique",
                fields=["slug_sv"],
                condition=Q(slug_sv__gt=""),
                violation_error_message=_("Another article has this Swedish address."),
            ),
            models.UniqueConstraint(
                name="article_slug_en_unique",
                fields=["slug_en"],
                condition=Q(slug_en__gt=""),
                violation_error_message=_("Another article has this English address."),
            ),
            models.UniqueConstraint(
                name="article_imported_once",
                fields=["imported_hash"],
                condition=Q(imported_hash__gt=""),
            ),
        ]

    def __str__(self) -> str:
        return next(filter(None, (getattr(self, f"title_{code}") for code in LANGUAGES)), "")

    def save(self, **kwargs: Any) -> None:
        self.clean_bodies()
        self._measure_picture()
        super().save(**kwargs)

    def _measure_picture(self) -> None:
        """So that the page keeps its place free, and no reading of a row opens the file."""
        if not self.picture:
            self.picture_width = self.picture_height = None
        elif not self.picture._committed:  # type: ignore[attr-defined]
            self.picture_width, self.picture_height = self.picture.width, self.picture.height

    def edition(self, language: str) -> Edition:
        """What a reader of this language gets: that language, or the one there is."""
        return Edition(article=self, language=self.language_for(language), wanted=language)

    def state(self, now: dt.datetime) -> State:
        if self.published_at is None:
            return State.DRAFT
        if self.unpublished_at is not None and self.unpublished_at <= now:
            return State.WITHDRAWN
        return State.PUBLISHED if self.published_at <= now else State.SCHEDULED

    @property
    def year(self) -> int | None:
        return timezone.localtime(self.published_at).year if self.published_at else None

    @property
    def changed_later_at(self) -> dt.datetime | None:
        """When it was changed, if on a later day than it was published and brought in here."""
        if self.published_at is None:
            return None
        first = timezone.localdate(max(self.published_at, self.created_at))
        return self.updated_at if timezone.localdate(self.updated_at) > first else None


class Source(models.Model):
    """An entry of the list "Read more" that closes an article."""

    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, related_name="sources", verbose_name=_("article")
    )
    label = TranslatedField(
        models.CharField(
            _("label"),
            max_length=200,
            blank=True,
            help_text=_("One is enough; it then stands in both languages."),
        ),
        attrgetter=fallback_to_any,
    )
    url = models.URLField(
        _("link"),
        max_length=500,
        blank=True,
        validators=[URLValidator(schemes=["http", "https"])],
        help_text=_("Left empty, the label stands without a link."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="source_has_label",
                condition=Q(label_sv__gt="") | Q(label_en__gt=""),
                violation_error_message=_("A source needs a label in at least one language."),
            ),
            models.CheckConstraint(
                name="source_url_is_web",
                condition=Q(url="") | Q(url__startswith="https://") | Q(url__startswith="http://"),
                violation_error_message=_("The link must begin with https:// or http://."),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def label_in(self, language: str) -> str:
        return getattr(self, f"label_{language}")

    def language_for(self, language: str) -> str:
        """The language of the label that a reader of this language gets."""
        return language if self.label_in(language) else next(filter(self.label_in, LANGUAGES))
