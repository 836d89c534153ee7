"""Who of us looked at whose data."""

from collections.abc import Collection
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


def purposes() -> list[tuple[str, str]]:
    """The register's purposes by key. A look may have a reason in words instead."""
    from privacy.register import register  # noqa: PLC0415  it is filled when all apps are loaded

    return [(purpose.key, str(purpose.title)) for purpose in register.purposes()]


class AccessLogQuerySet(models.QuerySet["AccessLog"]):
    def about(self, person_pk: int, guests: Collection[str] = ()) -> Self:
        """Looks at an account, and at bookings without one by the fingerprint of the address."""
        return self.filter(Q(person_id=person_pk) | Q(guest__in=guests))

    def newest_first(self) -> Self:
        return self.order_by("-at", "-pk")


class AccessLog(models.Model):
    """Somebody of ours looked at somebody's data. Written once, never changed."""

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who looked"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    role = models.CharField(_("in which role"), max_length=100)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("at whose data"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )
    guest = models.CharField(
        _("fingerprint of a guest's address"),
        max_length=64,
        blank=True,
        help_text=_("For people without an account: the address itself is not stored here."),
    )
    purpose = models.CharField(_("what for"), max_length=200, choices=purposes)
    what = models.CharField(_("at what"), max_length=200, blank=True)
    view = models.CharField(_("page"), max_length=200)
    at = models.DateTimeField(_("when"))

    objects = AccessLogQuerySet.as_manager()

    class Meta:
        verbose_name = _("look at personal data")
        verbose_name_plural = _("looks at personal data")
        constraints = [
            models.CheckConstraint(
                name="access_log_about_somebody",
                condition=Q(person__isnull=False, guest="") | (Q(person=None) & ~Q(guest="")),
            )
        ]
        indexes = [
            models.Index(name="access_log_person", fields=["person", "-at"]),
            models.Index(name="access_log_guest", fields=["guest"], condition=~Q(guest="")),
            models.Index(name="access_log_at", fields=["at"]),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.role}: {self.purpose}"
