"""The kinds of membership and what they cost: rows that staff edit."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords
from translated_fields import TranslatedField

from billing.models import Product
from billing.money import MoneyField


class MembershipKindQuerySet(models.QuerySet["MembershipKind"]):
    def with_fees(self) -> "MembershipKindQuerySet":
        """In the order of the page."""
        return self.prefetch_related("fees").order_by("position", "pk")

    def offered(self, today: date) -> "MembershipKindQuerySet":
        """Those whose fee has been decided, with their fees, in the order of the page."""
        decided = Fee.objects.in_force(today).values("kind")
        return self.with_fees().filter(pk__in=decided)


class MembershipKind(models.Model):
    """A kind of membership and the rules that follow from it."""

    code = models.SlugField(_("code"), max_length=20, unique=True)
    name = TranslatedField(models.CharField(_("name"), max_length=60))
    summary = TranslatedField(models.CharField(_("in one sentence"), max_length=250))
    terms = TranslatedField(models.TextField(_("terms")))
    product = models.ForeignKey(
        Product, verbose_name=_("product in the books"), on_delete=models.PROTECT, related_name="+"
    )
    is_for_students = models.BooleanField(
        _("for students"),
        default=False,
        help_text=_("Asks for proof of studies, is reviewed by staff and ends by itself."),
    )
    first_year_free = models.BooleanField(_("first year free"), default=False)
    position = models.PositiveSmallIntegerField(
        _("order"),
        default=100,
        help_text=_(
            "The first kind that is not for students is the one that employed students and "
            "returning members get."
        ),
    )
    history = HistoricalRecords()

    objects = MembershipKindQuerySet.as_manager()

    class Meta:
        verbose_name = _("kind of membership")
        verbose_name_plural = _("kinds of membership")

    def __str__(self) -> str:
        return str(self.name)

    @property
    def needs_review(self) -> bool:
        return self.is_for_students

    @property
    def renews(self) -> bool:
        """Whether the next year is invoiced without a new application."""
        return not self.is_for_students


class FeeQuerySet(models.QuerySet["Fee"]):
    def in_force(self, day: date) -> "FeeQuerySet":
        """The fees decided to hold from `day` or earlier, newest first."""
        return self.filter(valid_from__lte=day).order_by("-valid_from")


class Fee(models.Model):
    """What a year costs from a day on, in SEK, as the annual meeting decided."""

    kind = models.ForeignKey(
        MembershipKind, verbose_name=_("kind"), on_delete=models.PROTECT, related_name="fees"
    )
    amount = MoneyField(_("fee a year"))
    valid_from = models.DateField(_("valid from"))
    history = HistoricalRecords()

    objects = FeeQuerySet.as_manager()

    class Meta:
        verbose_name = _("fee")
        verbose_name_plural = _("fees")
        constraints = [
            models.UniqueConstraint(name="fee_once_a_day", fields=["kind", "valid_from"]),
            models.CheckConstraint(name="fee_not_negative", condition=models.Q(amount__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount} {self.valid_from}"
