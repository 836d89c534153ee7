"""Newsletters, and those who asked for them without being members."""

import datetime as dt
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_prose_editor.fields import ProseEditorField
from simple_history.models import HistoricalRecords
from translated_fields import TranslatedField

from mail.models import Mail
from news import rich_text
from news.editions import LANGUAGES
from news.models.articles import Article


class NewsletterQuerySet(models.QuerySet["Newsletter"]):
    def unfinished(self) -> Self:
        """Sent off, but not yet written to everybody."""
        return self.filter(sent_at__isnull=False, written_at=None)


class Newsletter(models.Model):
    """One letter to everybody who has said yes. Once it is sent off it stays as it is."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("newsletter", "Draft")
        SENDING = "sending", pgettext_lazy("newsletter", "Being sent")
        SENT = "sent", pgettext_lazy("newsletter", "Sent")

    subject = TranslatedField(
        models.CharField(
            _("subject"),
            max_length=150,
            blank=True,
            help_text=_("Left empty in one language, everybody gets the letter in the other one."),
        )
    )
    intro = TranslatedField(
        ProseEditorField(
            _("greeting"),
            blank=True,
            extensions=rich_text.EDITOR_EXTENSIONS,
            sanitize=rich_text.clean,
        )
    )
    articles = models.ManyToManyField(
        Article, blank=True, related_name="+", verbose_name=_("articles")
    )
    event_keys = models.JSONField(_("events"), default=list, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent off"), null=True, blank=True, editable=False)
    written_at = models.DateTimeField(_("written to all"), null=True, blank=True, editable=False)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("sent by"),
    )

    history = HistoricalRecords()
    objects = NewsletterQuerySet.as_manager()

    class Meta:
        verbose_name = _("newsletter")
        verbose_name_plural = _("newsletters")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="newsletter_has_a_subject",
                condition=Q(subject_sv__gt="") | Q(subject_en__gt=""),
                violation_error_message=_("Write a subject in at least one language."),
            ),
            models.CheckConstraint(
                name="newsletter_written_after_sent",
                condition=Q(written_at=None)
                | Q(sent_at__isnull=False, written_at__gte=F("sent_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.subject_sv or self.subject_en  # type: ignore[attr-defined]

    def save(self, **kwargs: Any) -> None:
        for language in LANGUAGES:
            name = f"intro_{language}"
            setattr(self, name, rich_text.clean(getattr(self, name)))
        super().save(**kwargs)

    @property
    def state(self) -> State:
        if self.sent_at is None:
            return self.State.DRAFT
        return self.State.SENT if self.written_at else self.State.SENDING

    @property
    def languages(self) -> list[str]:
        return [language for language in LANGUAGES if getattr(self, f"subject_{language}")]

    def language_for(self, wanted: str) -> str:
        return wanted if wanted in self.languages else self.languages[0]


class SubscriberQuerySet(models.QuerySet["Subscriber"]):
    def live(self) -> Self:
        """Confirmed by themselves, and not ended since."""
        return self.filter(confirmed_at__isnull=False, ended_at=None)

    def with_refusals(self) -> Self:
        """Annotates `refusals`: how many letters the address has refused for good."""
        refused = Mail.objects.filter(
            to=OuterRef("email"), key__startswith="newsletter:", state=Mail.State.FAILED
        )
        count = refused.order_by().values("to").annotate(n=Count("pk")).values("n")
        return self.annotate(refusals=Coalesce(Subquery(count), 0))


class Subscriber(models.Model):
    """An address whose owner asked for the newsletter and confirmed it by a link in a mail."""

    email = models.EmailField(_("e-mail"))
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    consent = models.TextField(_("what was said yes to"))
    asked_at = models.DateTimeField(_("asked at"))
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="subscriber_email_once"),
            models.CheckConstraint(
                name="subscriber_ended_after_confirmed",
                condition=Q(ended_at=None)
                | Q(confirmed_at__isnull=False, ended_at__gte=F("confirmed_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.email

    def is_live(self) -> bool:
        return self.confirmed_at is not None and self.ended_at is None

    def confirmed(self, now: dt.datetime) -> None:
        self.confirmed_at, self.ended_at = now, None
