"""Consents: texts that never change once published, and a row for every yes and no."""

import hashlib
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.models.people import User


class PublishedText(Exception):
    """A published consent text was about to change; publish a new version instead."""


class ConsentTextQuerySet(models.QuerySet["ConsentText"]):
    def offered(self) -> "ConsentTextQuerySet":
        """The newest published version of each purpose and language that is still asked for."""
        newer = (
            ConsentText.objects.filter(
                purpose=OuterRef("purpose"),
                language=OuterRef("language"),
                published_at__isnull=False,
            )
            .order_by("-published_at", "-pk")
            .values("pk")[:1]
        )
        return self.filter(pk=Subquery(newer), withdrawn_at__isnull=True)


class ConsentText(models.Model):
    """The words somebody says yes to."""

    class Purpose(models.TextChoices):
        NEWS = "news", pgettext_lazy("consent", "news and offers by e-mail")
        DIRECTORY = "directory", pgettext_lazy("consent", "name in the member directory")
        PARTICIPANTS = "participants", pgettext_lazy("consent", "name on participant lists")

    # What a published text says and is known by. It may only stop being asked.
    FIXED = ("purpose", "version", "language", "body", "published_at")

    purpose = models.CharField(_("purpose"), max_length=15, choices=Purpose.choices)
    version = models.CharField(_("version"), max_length=20)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    body = models.TextField(_("text"))
    sha256 = models.CharField(_("SHA-256 of the text"), max_length=64, editable=False)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("no longer asked from"), null=True, blank=True)

    objects = ConsentTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent text")
        verbose_name_plural = _("consent texts")
        constraints = [
            models.UniqueConstraint(
                name="consent_text_version_once", fields=["purpose", "version", "language"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.version} ({self.language})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            stored = ConsentText.objects.get(pk=self.pk)
            same = all(getattr(stored, name) == getattr(self, name) for name in self.FIXED)
            if stored.published_at and not same:
                raise PublishedText(f"{self} is published and cannot change")
        self.sha256 = hashlib.sha256(self.body.encode()).hexdigest()
        super().save(*args, **kwargs)


class ConsentQuerySet(models.QuerySet["Consent"]):
    def live(self) -> "ConsentQuerySet":
        """The last word of each person and purpose, where it is a yes."""
        last = (
            Consent.objects.filter(user=OuterRef("user"), text__purpose=OuterRef("text__purpose"))
            .order_by("-at", "-pk")
            .values("pk")[:1]
        )
        return self.filter(pk=Subquery(last), action=Consent.Action.GIVEN)


class Consent(models.Model):
    """One yes or no of one person to one text. Rows are only added; the last one counts."""

    class Action(models.TextChoices):
        GIVEN = "given", pgettext_lazy("consent", "given")
        WITHDRAWN = "withdrawn", pgettext_lazy("consent", "withdrawn")
        IMPORTED = "imported", pgettext_lazy("consent", "taken over, not relied upon")

    class Channel(models.TextChoices):
        APPLICATION = "application", pgettext_lazy("consent channel", "the form to become a member")
        MY_PAGES = "my pages", pgettext_lazy("consent channel", "My pages")
        MAIL_LINK = "link in a mail", pgettext_lazy("consent channel", "the link in a mail")
        INVITATION = "invitation", pgettext_lazy("consent channel", "the answer to an invitation")
        IMPORT = "import", pgettext_lazy("consent channel", "taken over from the old register")
        ERASURE = "erasure", pgettext_lazy("consent channel", "the erasure of the person")

    user = models.ForeignKey(
        User, verbose_name=_("person"), on_delete=models.CASCADE, related_name="consents"
    )
    text = models.ForeignKey(
        ConsentText, verbose_name=_("text"), on_delete=models.PROTECT, related_name="consents"
    )
    action = models.CharField(_("what"), max_length=10, choices=Action.choices)
    at = models.DateTimeField(_("when"))
    channel = models.CharField(
        _("how"),
        max_length=60,
        choices=Channel.choices,
        help_text=_("The form, the import or the link in a mail."),
    )

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        indexes = [models.Index(name="consent_last_word", fields=["user", "-at"])]
        constraints = [models.CheckConstraint(name="consent_says_how", condition=~Q(channel=""))]

    def __str__(self) -> str:
        return f"{self.user}: {self.text} {self.get_action_display()}"


class ConsentMark(models.Model):
    """A link of the chain that shows that no consent was changed; see members.consent_chain.

    It names no person, and stays when the consent that it was made of has outlived its period.
    """

    consent_number = models.BigIntegerField(
        _("number of the consent"), null=True, unique=True, help_text=_("None for the first link.")
    )
    content = models.CharField(_("fingerprint of the consent"), max_length=64, blank=True)
    before = models.CharField(_("mark before it"), max_length=64, unique=True, blank=True)
    mark = models.CharField(_("mark"), max_length=64, unique=True)
    cleared_at = models.DateTimeField(_("consent removed after its period"), null=True, blank=True)

    class Meta:
        verbose_name = _("mark of a consent")
        verbose_name_plural = _("marks of consents")

    def __str__(self) -> str:
        return self.mark
