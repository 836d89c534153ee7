"""Membership periods. Whether somebody is a member is read from the dates, never stored."""

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from billing.models import Invoice
from members.models.kinds import MembershipKind
from members.models.people import User


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self, today: date) -> "MembershipQuerySet":
        """Running today: within the period and not ended before today."""
        return self.with_last_day().filter(starts_on__lte=today, last_day__gte=today)

    def with_last_day(self) -> "MembershipQuerySet":
        return self.annotate(last_day=Coalesce(F("ended_on"), F("ends_on")))

    def in_good_standing(self, today: date) -> "MembershipQuerySet":
        """Running, and the fee is paid or not yet overdue (or there is none)."""
        overdue = Invoice.objects.overdue(today).values("pk")
        return self.current(today).exclude(invoice__in=overdue)

    def not_ended(self) -> "MembershipQuerySet":
        return self.filter(ended_on__isnull=True)


class Membership(models.Model):
    """One period of one person. Days are whole days in Sweden, first and last included."""

    class Ended(models.TextChoices):
        LEFT = "left", pgettext_lazy("membership ended", "left")
        UNPAID = "unpaid", pgettext_lazy("membership ended", "fee not paid")
        CONVERTED = "converted", pgettext_lazy("membership ended", "changed kind")
        BY_STAFF = "by_staff", pgettext_lazy("membership ended", "ended by staff")
        ERASED = "erased", pgettext_lazy("membership ended", "erased")

    user = models.ForeignKey(
        User, verbose_name=_("person"), on_delete=models.PROTECT, related_name="memberships"
    )
    kind = models.ForeignKey(
        MembershipKind, verbose_name=_("kind"), on_delete=models.PROTECT, related_name="memberships"
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day of the period"))
    invoice = models.ForeignKey(
        Invoice,
        verbose_name=_("invoice"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="memberships",
        help_text=_("None for a free year or a person the board has exempted."),
    )
    exempt_reason = models.CharField(_("exempted from the fee because"), max_length=200, blank=True)
    ended_on = models.DateField(
        _("ended"), null=True, blank=True, help_text=_("Last day, when it ended before its time.")
    )
    ended_why = models.CharField(
        _("why it ended"), max_length=10, choices=Ended.choices, blank=True
    )
    created_at = models.DateTimeField(_("entered at"), auto_now_add=True)
    history = HistoricalRecords()

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.CheckConstraint(
                name="membership_has_a_day", condition=Q(ends_on__gte=F("starts_on"))
            ),
            models.CheckConstraint(
                # The day before the first day stands for a period that never began.
                name="membership_ended_within",
                condition=Q(ended_on__isnull=True)
                | Q(ended_on__lte=F("ends_on"), ended_on__gte=F("starts_on") - timedelta(days=1)),
            ),
            models.CheckConstraint(
                name="membership_ended_says_why",
                condition=Q(ended_on__isnull=True, ended_why="")
                | (Q(ended_on__isnull=False) & ~Q(ended_why="")),
            ),
            models.UniqueConstraint(
                # A period that was ended on its eve may be bought anew.
                name="membership_starts_once",
                fields=["user", "starts_on"],
                condition=Q(ended_on__isnull=True),
            ),
        ]
        indexes = [models.Index(name="membership_by_end", fields=["ends_on"])]

    def __str__(self) -> str:
        return f"{self.user}, {self.kind}, {self.starts_on}–{self.last_day_on}"

    @property
    def last_day_on(self) -> date:
        return self.ended_on or self.ends_on

    def is_current(self, today: date) -> bool:
        """See also: MembershipQuerySet.current."""
        return self.starts_on <= today <= self.last_day_on


class FreeYear(models.Model):
    """That somebody has had the free first year, known by a keyed fingerprint only.

    It outlives erasure: the free year is given once. Nobody can be found from it without the key
    and the address or card number that it was made from.
    """

    fingerprint = models.CharField(_("fingerprint"), max_length=64, unique=True)
    given_on = models.DateField(_("given"))

    class Meta:
        verbose_name = _("free year given")
        verbose_name_plural = _("free years given")

    def __str__(self) -> str:
        return f"{self.given_on}"
