"""What belongs to an event beside its seats: a conference's hours, its speakers, its papers."""

import uuid
from datetime import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from translated_fields import TranslatedField

from events.models.programme import Event


class Speaker(models.Model):
    """Somebody who speaks at an event, as the programme presents them."""

    event = models.ForeignKey(
        Event, verbose_name=_("event"), on_delete=models.CASCADE, related_name="speakers"
    )
    name = models.CharField(_("name"), max_length=120)
    role = TranslatedField(models.CharField(_("title and employer"), max_length=200, blank=True))
    role_sv: str
    role_en: str

    class Meta:
        verbose_name = _("speaker")
        verbose_name_plural = _("speakers")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class Session(models.Model):
    """One item of a programme of several, such as a conference's."""

    event = models.ForeignKey(
        Event, verbose_name=_("event"), on_delete=models.CASCADE, related_name="sessions"
    )
    title = TranslatedField(
        models.CharField(_("title"), max_length=150, blank=True), {"sv": {"blank": False}}
    )
    title_sv: str
    title_en: str
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    room = models.CharField(_("room"), max_length=80, blank=True)
    speakers = models.ManyToManyField(
        Speaker, verbose_name=_("speakers"), blank=True, related_name="sessions"
    )

    class Meta:
        verbose_name = _("programme item")
        verbose_name_plural = _("programme items")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="session_ends_after_start",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("The end must be after the beginning."),
            )
        ]

    def __str__(self) -> str:
        return self.title_sv


class Document(models.Model):
    """A paper or a recording, as a link, and for whom it is."""

    class Readers(models.TextChoices):
        BOOKED = "booked", pgettext_lazy("document for", "everyone with a seat")
        ATTENDED = "attended", pgettext_lazy("document for", "those who were there")
        MEMBERS = "members", pgettext_lazy("document for", "all members")

    event = models.ForeignKey(
        Event, verbose_name=_("event"), on_delete=models.CASCADE, related_name="documents"
    )
    title = TranslatedField(
        models.CharField(_("title"), max_length=150, blank=True), {"sv": {"blank": False}}
    )
    title_sv: str
    title_en: str
    url = models.URLField(_("link"), help_text=_("To the paper or the recording."))
    readers = models.CharField(
        _("for"), max_length=8, choices=Readers.choices, default=Readers.BOOKED
    )

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title_sv


class SurveyAnswer(models.Model):
    """What somebody thought. Nothing here tells who: no person, no booking, no hour."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(
        Event, verbose_name=_("event"), on_delete=models.CASCADE, related_name="survey_answers"
    )
    rating = models.PositiveSmallIntegerField(
        _("rating"), validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    useful = models.TextField(_("what was useful"), blank=True, max_length=1000)
    better = models.TextField(_("what could be better"), blank=True, max_length=1000)

    class Meta:
        verbose_name = _("survey answer")
        verbose_name_plural = _("survey answers")
        # Random numbers: the order in which people answered is not kept.
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="survey_rating_one_to_five", condition=Q(rating__gte=1, rating__lte=5)
            )
        ]

    def __str__(self) -> str:
        return f"{self.rating}"


class MessageQuerySet(models.QuerySet["Message"]):
    def sent(self) -> "MessageQuerySet":
        return self.filter(sent_at__isnull=False)


class Message(models.Model):
    """What staff writes to those who come, wait or have not paid."""

    class Receivers(models.TextChoices):
        COMING = "coming", pgettext_lazy("message to", "everyone with a seat")
        WAITING = "waiting", pgettext_lazy("message to", "the waiting list")
        UNPAID = "unpaid", pgettext_lazy("message to", "those whose invoice is not paid")

    event = models.ForeignKey(
        Event, verbose_name=_("event"), on_delete=models.CASCADE, related_name="messages"
    )
    receivers = models.CharField(_("to"), max_length=7, choices=Receivers.choices)
    subject = TranslatedField(models.CharField(_("subject"), max_length=120))
    subject_sv: str
    subject_en: str
    body = TranslatedField(models.TextField(_("message"), max_length=5000))
    body_sv: str
    body_en: str
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("written by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    written_at = models.DateTimeField(_("written at"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    receivers_count = models.PositiveIntegerField(_("receivers"), default=0)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-written_at", "-pk"]

    def __str__(self) -> str:
        return self.subject_sv


class CalendarFeed(models.Model):
    """The secret address at which a person's own calendar can be subscribed to."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="calendar_feed",
    )
    key = models.UUIDField(_("key"), default=uuid.uuid4, unique=True, editable=False)
    renewed_at = models.DateTimeField(_("renewed at"), auto_now=True)

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")

    def __str__(self) -> str:
        return str(self.user)

    def renew(self, now: datetime) -> None:
        """The old address is dead from now on."""
        self.key, self.renewed_at = uuid.uuid4(), now
        self.save()
