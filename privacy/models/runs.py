"""Evidence of the nightly clearing: one row for each rule and night."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _


class RetentionRunQuerySet(models.QuerySet["RetentionRun"]):
    def last_night(self) -> "RetentionRunQuerySet":
        """The rows of the newest night there is."""
        newest = self.order_by("-night").values("night")[:1]
        return self.filter(night__in=newest)

    def with_rows_left(self) -> "RetentionRunQuerySet":
        """Stopped or failed: rows that should be gone and are not, without a legal hold."""
        return self.filter(found__gt=F("removed") + F("held"))

    def stopped(self, night: date) -> "RetentionRunQuerySet":
        """Rules that found more than a night may remove and so removed nothing."""
        return self.filter(night=night, stopped=True)


class RetentionRun(models.Model):
    """What one rule found and did in one night. Run again the same night it adds to the row."""

    night = models.DateField(_("night"))
    rule = models.CharField(_("rule"), max_length=200)
    found = models.PositiveIntegerField(_("past their time"), default=0)
    removed = models.PositiveIntegerField(_("removed"), default=0)
    held = models.PositiveIntegerField(_("held back by a legal hold"), default=0)
    stopped = models.BooleanField(
        _("stopped"),
        default=False,
        help_text=_("Unusually many: nothing was removed, somebody must look."),
    )
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("let go by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Who has looked and let the rule do its work all the same."),
    )
    ran_at = models.DateTimeField(_("last run at"))

    objects = RetentionRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("night of clearing")
        verbose_name_plural = _("nights of clearing")
        ordering = ["-night", "rule"]
        constraints = [models.UniqueConstraint(name="run_once_a_night", fields=["night", "rule"])]

    def __str__(self) -> str:
        return f"{self.night} {self.rule}"

    @property
    def left(self) -> int:
        """Rows that should be gone and are not, without a legal hold as the reason."""
        return max(self.found - self.removed - self.held, 0)
