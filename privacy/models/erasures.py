"""That somebody was erased: what went, what stays and until when, without saying who it was."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Erasure(models.Model):
    """One erasure. `receipt` counts rows by table; no name, no address.

    `who` is a keyed fingerprint: a restored backup can be gone through for those it belongs to,
    and nobody without the key finds anybody by it. The number in the link is the key to the
    receipt, so it is random.
    """

    id = models.UUIDField(_("number"), primary_key=True, default=uuid.uuid4, editable=False)
    who = models.CharField(_("fingerprint"), max_length=64, db_index=True)
    at = models.DateTimeField(_("erased at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("done by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Nobody: the person did it, the period was over, or a backup was restored."),
    )
    receipt = models.JSONField(_("what was done"), default=list)

    objects: ClassVar[models.Manager["Erasure"]]

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering: ClassVar[list[str]] = ["-at"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("privacy:receipt", args=[self.pk])

    def rows(self, did: str) -> list[dict[str, Any]]:
        """The part of the receipt about what was `deleted`, `blanked` or `kept`."""
        return [entry for entry in self.receipt if entry["did"] == did]
