"""The day and after it: what people need there, and the proof that they came."""

import secrets

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models.bookings import Booking

# Without those that are taken for one another when read aloud or typed.
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


class Needs(models.Model):
    """Diet and access, told with explicit consent; forgotten a week after the event."""

    class Diet(models.TextChoices):
        NONE = "none", pgettext_lazy("diet", "everything")
        VEGETARIAN = "vegetarian", pgettext_lazy("diet", "vegetarian")
        VEGAN = "vegan", pgettext_lazy("diet", "vegan")
        OTHER = "other", pgettext_lazy("diet", "something else")

    booking = models.OneToOneField(
        Booking, verbose_name=_("booking"), on_delete=models.CASCADE, related_name="needs"
    )
    diet = models.CharField(_("diet"), max_length=10, choices=Diet.choices, default=Diet.NONE)
    allergies = models.CharField(_("allergies and other diet"), max_length=200, blank=True)
    access = models.CharField(_("what you need to take part"), max_length=300, blank=True)
    may_be_named = models.BooleanField(
        _("The kitchen may be told my name beside my diet."), default=False
    )
    consented_at = models.DateTimeField(_("consented at"))

    class Meta:
        verbose_name = _("diet and access")
        verbose_name_plural = _("diet and access")

    def __str__(self) -> str:
        return str(self.booking)


def new_code() -> str:
    """Twelve signs, 60 bits: nobody finds one by trying."""
    signs = [secrets.choice(LETTERS) for _n in range(12)]
    return "-".join("".join(signs[n : n + 4]) for n in (0, 4, 8))


class Certificate(models.Model):
    """Proof of attendance that a stranger can verify by its code. Never changed, only replaced."""

    booking = models.ForeignKey(
        Booking, verbose_name=_("booking"), on_delete=models.PROTECT, related_name="certificates"
    )
    code = models.CharField(_("code"), max_length=40, unique=True, default=new_code)
    name = models.CharField(_("name"), max_length=120, blank=True)
    hours = models.DecimalField(
        _("hours"), max_digits=5, decimal_places=2, validators=[MinValueValidator(0)]
    )
    issued_at = models.DateTimeField(_("issued at"), auto_now_add=True)
    shows_name = models.BooleanField(
        _("the public page shows the name"),
        default=False,
        help_text=_("The holder chooses."),
    )
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    revoked_because = models.CharField(_("why it was revoked"), max_length=200, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("issued by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        constraints = [
            models.UniqueConstraint(
                name="certificate_one_valid",
                fields=["booking"],
                condition=Q(revoked_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_valid(self) -> bool:
        return self.revoked_at is None
