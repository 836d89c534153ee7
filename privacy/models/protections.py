"""People whom the system treats with more care than others, and why."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ProtectionQuerySet(models.QuerySet["Protection"]):
    def in_force(self) -> "ProtectionQuerySet":
        return self.filter(ended_at__isnull=True)

    def keeps_data(self) -> "ProtectionQuerySet":
        """Nothing of these people is erased or cleared."""
        return self.in_force().filter(kind__in=Protection.KEEPS)

    def hides(self) -> "ProtectionQuerySet":
        """These people stand on no list, badge or export."""
        return self.in_force().filter(kind__in=Protection.HIDES)

    def restricted(self) -> "ProtectionQuerySet":
        """Nothing is sent to these people that they did not ask for just now (Art. 18)."""
        return self.in_force().filter(kind=Protection.Kind.RESTRICTED)

    def of(self, person_pk: Any, emails: Iterable[str] = ()) -> "ProtectionQuerySet":
        """Those of an account, or of somebody without one by the address."""
        by_address = Q(email__in=[email.lower() for email in emails]) & ~Q(email="")
        return self.filter(Q(person_id=person_pk, person__isnull=False) | by_address)

    def accounts(self) -> "models.QuerySet[Any, Any]":
        """For `in`: without the empty ones, beside which SQL finds nobody to be outside."""
        return self.filter(person__isnull=False).values("person")


class Protection(models.Model):
    """One reason for care about one person, from when to when."""

    class Kind(models.TextChoices):
        IDENTITY = "identity", pgettext_lazy("protection", "protected identity")
        RESTRICTED = "restricted", pgettext_lazy("protection", "use restricted (Art. 18)")
        HOLD = "hold", pgettext_lazy("protection", "legal hold: nothing may be erased")

    HIDES = frozenset({Kind.IDENTITY, Kind.RESTRICTED})
    # Who asks for restriction wants the data kept while a claim is looked into (Art. 18.2).
    KEEPS = frozenset({Kind.HOLD, Kind.RESTRICTED})

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="protections",
        help_text=_("None for somebody without an account."),
    )
    email = models.EmailField(
        _("e-mail"), blank=True, help_text=_("Of somebody without an account.")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    reason = models.CharField(_("reason"), max_length=200)
    began_at = models.DateTimeField(_("since"), auto_now_add=True)
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("entered by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects = ProtectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("protection of a person")
        verbose_name_plural = _("protections of people")
        constraints = [
            models.UniqueConstraint(
                name="protection_once_a_kind",
                fields=["person", "kind"],
                condition=Q(ended_at__isnull=True),
            ),
            models.UniqueConstraint(
                name="protection_once_an_address",
                fields=["email", "kind"],
                condition=Q(ended_at__isnull=True) & ~Q(email=""),
                violation_error_message=_("This address has this protection already."),
            ),
            models.CheckConstraint(
                name="protection_of_somebody",
                condition=Q(person__isnull=False, email="") | (Q(person=None) & ~Q(email="")),
                violation_error_message=_("Enter an account, or else an address."),
            ),
            models.CheckConstraint(name="protection_says_why", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}"

    def clean(self) -> None:
        self.email = self.email.lower()
