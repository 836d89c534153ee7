"""The queue of outgoing mail: a row is the promise, the broker only a nudge."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MailQuerySet(models.QuerySet["Mail"]):
    def sendable(self, now: datetime) -> "MailQuerySet":
        """Waiting and due, or claimed by a sender that died before its lease ran out."""
        return self.filter(
            Q(state=Mail.State.QUEUED, not_before__lte=now)
            | Q(state=Mail.State.SENDING, leased_until__lte=now)
        )

    def stuck(self, now: datetime) -> "MailQuerySet":
        """Should have left long ago: what the health page shows."""
        return self.sendable(now - timedelta(minutes=15))


class Mail(models.Model):
    """One letter to one person. Its `key` makes sending it twice impossible to ask for."""

    class State(models.TextChoices):
        QUEUED = "queued", pgettext_lazy("mail", "waiting")
        SENDING = "sending", pgettext_lazy("mail", "being sent")
        SENT = "sent", pgettext_lazy("mail", "sent")
        FAILED = "failed", pgettext_lazy("mail", "refused")
        DROPPED = "dropped", pgettext_lazy("mail", "no longer needed")

    key = models.CharField(
        _("key"),
        max_length=200,
        unique=True,
        help_text=_("What, about what, to whom: the same key is written once only."),
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="mails",
    )
    to = models.EmailField(_("to"))
    cc = models.EmailField(_("copy to"), blank=True)
    language = models.CharField(_("language"), max_length=5)
    subject = models.CharField(_("subject"), max_length=250)
    text = models.TextField(_("text"), blank=True)
    html = models.TextField(_("HTML"), blank=True)
    wording = models.JSONField(
        _("wording"),
        default=list,
        blank=True,
        help_text=_("Who writes the text when the mail leaves, and of what. Empty: it is written."),
    )
    attachments = models.JSONField(
        _("attachments"),
        default=list,
        blank=True,
        help_text=_("Made when the mail leaves: name of the maker and what it is given."),
    )
    guard = models.JSONField(
        _("guard"),
        default=list,
        blank=True,
        help_text=_("Asked when the mail leaves: is it still wanted?"),
    )
    unsubscribe_url = models.URLField(_("unsubscribe link"), blank=True)
    created_at = models.DateTimeField(_("written at"), auto_now_add=True)
    not_before = models.DateTimeField(_("not before"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    leased_until = models.DateTimeField(_("claimed until"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    problem = models.TextField(_("what went wrong"), blank=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        constraints = [
            models.CheckConstraint(
                name="mail_sent_has_time",
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="mail_sending_has_lease",
                condition=Q(state="sending", leased_until__isnull=False)
                | (~Q(state="sending") & Q(leased_until__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(
                name="mail_waiting",
                fields=["not_before"],
                condition=Q(state__in=["queued", "sending"]),
            ),
            models.Index(name="mail_refused", fields=["to"], condition=Q(state="failed")),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.to}"

    @property
    def is_secret(self) -> bool:
        """A letter about the log-in itself: whoever reads it can be the receiver."""
        return self.key.startswith("account:")

    @property
    def message_id(self) -> str:
        """The same for every attempt, so that a doubled mail is one mail to the receiver."""
        return f"<mail-{self.pk}@{settings.SITE_HOST}>"
