"""Breaches of personal data: the register of Art. 33.5, and the stuff of the notification."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

NOTIFY_WITHIN = timedelta(hours=72)


class Incident(models.Model):
    """One breach. Names of those affected are worked out on its page and not stored here."""

    class Kind(models.TextChoices):
        CONFIDENTIALITY = (
            "confidentiality",
            pgettext_lazy("breach", "somebody saw what they should not"),
        )
        INTEGRITY = "integrity", pgettext_lazy("breach", "data were changed")
        AVAILABILITY = "availability", pgettext_lazy("breach", "data were lost or out of reach")

    class Risk(models.TextChoices):
        NONE = "none", pgettext_lazy("breach", "unlikely: not notified")
        RISK = "risk", pgettext_lazy("breach", "a risk: notify the authority (Art. 33)")
        HIGH = "high", pgettext_lazy("breach", "a high risk: tell the people too (Art. 34)")

    title = models.CharField(_("in short"), max_length=200)
    kind = models.CharField(_("kind"), max_length=15, choices=Kind.choices)
    discovered_at = models.DateTimeField(_("we knew of it at"))
    began_at = models.DateTimeField(_("it began at"))
    ended_at = models.DateTimeField(_("it ended at"), null=True, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("whose log-in was used"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Those whose data this account looked at meanwhile are listed as affected."),
    )
    tables = models.JSONField(
        _("tables concerned"),
        default=list,
        blank=True,
        help_text=_("Everybody with a row in these tables is listed as affected."),
    )
    happened = models.TextField(_("what happened, and why"), help_text=_("Write no names."))
    consequences = models.TextField(_("likely consequences"), blank=True)
    measures = models.TextField(_("what we have done and will do"), blank=True)
    risk = models.CharField(_("risk to people"), max_length=4, choices=Risk.choices, blank=True)
    late_because = models.CharField(_("why later than 72 hours"), max_length=200, blank=True)
    notified_at = models.DateTimeField(_("authority notified at"), null=True, blank=True)
    told_at = models.DateTimeField(_("people told at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("personal data breach")
        verbose_name_plural = _("personal data breaches")
        ordering = ["-discovered_at"]
        constraints = [
            models.CheckConstraint(
                name="incident_ends_after_it_began",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("began_at")),
                violation_error_message=_("It cannot end before it began."),
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def notify_by(self) -> datetime:
        return self.discovered_at + NOTIFY_WITHIN

    def hours_left(self, now: datetime) -> int:
        """Whole hours of the 72; negative when they are over."""
        return int((self.notify_by - now).total_seconds() // 3600)
