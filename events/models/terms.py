"""What those who book agree to."""

from datetime import date
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from translated_fields import TranslatedField


class AcceptedTerms(Exception):
    """Terms that somebody has accepted were about to change; write new ones instead."""


class BookingTermsQuerySet(models.QuerySet["BookingTerms"]):
    def in_force(self, day: date) -> "BookingTermsQuerySet":
        """The newest first; the first one holds."""
        return self.filter(valid_from__lte=day).order_by("-valid_from")

    def of_today(self) -> "BookingTerms | None":
        return self.in_force(timezone.localdate()).first()


class BookingTerms(models.Model):
    """The terms of booking from a day on, as plain text with an empty line between paragraphs."""

    valid_from = models.DateField(_("valid from"), unique=True)
    body = TranslatedField(models.TextField(_("text")))
    body_sv: str
    body_en: str

    objects = BookingTermsQuerySet.as_manager()

    class Meta:
        verbose_name = _("terms of booking")
        verbose_name_plural = _("terms of booking")

    def __str__(self) -> str:
        return str(self.valid_from)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk and self.bookings.exists():
            stored = BookingTerms.objects.get(pk=self.pk)
            if (stored.body_sv, stored.body_en) != (self.body_sv, self.body_en):
                raise AcceptedTerms(f"The terms of {self} are accepted and cannot change")
        super().save(*args, **kwargs)
