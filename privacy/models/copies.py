"""A copy of one's data that waits to be fetched, once."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

LIVES = timedelta(hours=72)


class CopyQuerySet(models.QuerySet["Copy"]):
    def open(self, now: datetime) -> "CopyQuerySet":
        return self.filter(fetched_at__isnull=True, expires_at__gt=now)


class Copy(models.Model):
    """The right to fetch a copy once. The copy itself is made when it is fetched, never stored.

    The link holds a secret of which only the hash is here. A copy of an account wants the log-in
    to that account besides; one for a guest goes by the proven address.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    email = models.EmailField(_("e-mail of a guest"), blank=True)
    token_hash = models.CharField(_("SHA-256 of the link"), max_length=64, unique=True)
    made_at = models.DateTimeField(_("made at"))
    expires_at = models.DateTimeField(_("good until"))
    fetched_at = models.DateTimeField(_("fetched at"), null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("made by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects = CopyQuerySet.as_manager()

    class Meta:
        verbose_name = _("copy to fetch")
        verbose_name_plural = _("copies to fetch")
        constraints = [
            models.CheckConstraint(
                name="copy_of_somebody",
                condition=Q(person__isnull=False, email="") | (Q(person=None) & ~Q(email="")),
            ),
            models.CheckConstraint(
                name="copy_lives_a_while", condition=Q(expires_at__gt=F("made_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M}"
