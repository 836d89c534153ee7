"""What ran by itself, and how it went."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# No night that has been measured took as long: by then it must have been killed.
LONGEST = timedelta(hours=settings.LONGEST_NIGHT_H)


class JobRun(models.Model):
    """One job of one night. Run again, the row tells of the latest time."""

    name = models.CharField(_("job"), max_length=50)
    day = models.DateField(_("night"), db_index=True)
    started_at = models.DateTimeField(_("began at"))
    finished_at = models.DateTimeField(_("ended at"), null=True)
    count = models.PositiveIntegerField(_("done"), default=0)
    failed = models.CharField(_("what went wrong"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("run of a job")
        verbose_name_plural = _("runs of jobs")
        constraints = [models.UniqueConstraint(name="jobrun_once_a_night", fields=["name", "day"])]

    def __str__(self) -> str:
        return f"{self.name} {self.day}"

    @property
    def went_well(self) -> bool:
        """A job that was killed has begun and never ended."""
        return self.finished_at is not None and not self.failed

    def is_under_way(self, now: datetime | None = None) -> bool:
        return self.finished_at is None and (now or timezone.now()) - self.started_at < LONGEST
