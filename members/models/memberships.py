"""Membership periods. Whether somebody is a member is read from the dates, never stored."""

from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from billing.models import Invoice, InvoiceLine
from members.models.kinds import MembershipKind
from members.models.people import User

# How long ago a membership may have run out and still be renewed by a job that was away. Beyond
# that the person has lived without it and is not sent an invoice.
CATCH_UP = timedelta(days=60)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self, today: date) -> "MembershipQuerySet":
        """Running today: within the period and not ended before today."""
        last_day = Coalesce(F("ended_on"), F("ends_on"))
        return self.annotate(last_day=last_day).filter(starts_on__lte=today, last_day__gte=today)

    def running_out(self, today: date, *, within: int) -> "MembershipQuerySet":
        """Running today, and their last day comes within so many days."""
        last_day = Coalesce(F("ended_on"), F("ends_on"))
        soon = today + timedelta(days=within)
        return self.current(today).annotate(last_day=last_day).filter(last_day__lte=soon)

    def in_good_standing(self, today: date) -> "MembershipQuerySet":
        """Running, and the fee is paid or not yet overdue (or there is none).

        See also: members.standing, the same rule for rows already fetched.
        """
        overdue = self.fee_overdue(today).values("pk")
        credited = self.fee_credited_away().values("pk")
        return self.current(today).exclude(pk__in=overdue).exclude(pk__in=credited)

    def fee_overdue(self, today: date) -> "MembershipQuerySet":
        unpaid = Invoice.objects.balance_in_one_pass("> 0").filter(due_on__lt=today)
        return self.filter(invoice__in=unpaid.values("pk"))

    def fee_credited_away(self) -> "MembershipQuerySet":
        """The whole fee was credited and no other invoice took its place."""
        credited = Invoice.objects.credited().with_balance()
        credited = credited.filter(total__gt=0, credited__gte=F("total"))
        return self.filter(invoice__in=credited.values("pk"))

    def to_come_or_running(self, today: date) -> "MembershipQuerySet":
        """With a day left, today or later."""
        last_day = Coalesce(F("ended_on"), F("ends_on"))
        rows = self.annotate(last_day=last_day).filter(last_day__gte=today)
        return rows.filter(last_day__gte=F("starts_on"))

    def not_ended(self) -> "MembershipQuerySet":
        return self.filter(ended_on__isnull=True)

    def with_fee(self) -> "MembershipQuerySet":
        """Annotates what members.standing reads: `fee_left`, `fee_credited` (None: no invoice)."""
        invoice = Invoice.objects.with_balance().filter(pk=OuterRef("invoice"))
        return self.select_related("kind", "invoice").annotate(
            fee_left=Subquery(invoice.values("balance")),
            fee_credited=Subquery(invoice.values("credited")),
        )

    def last_of_person(self) -> "MembershipQuerySet":
        """Nothing of the same person comes after it.

        A later year that the person gave up before it began counts for nothing; one that ended
        unpaid counts, or it would be invoiced anew the night after.
        """
        given_up = Q(
            ended_on__lt=F("starts_on"),
            ended_why__in=[Membership.Ended.LEFT, Membership.Ended.CONVERTED],
        )
        later = Membership.objects.exclude(given_up).filter(
            user=OuterRef("user"), starts_on__gt=OuterRef("starts_on")
        )
        return self.filter(~Exists(later))

    def due_for_renewal(self, today: date, *, days_before: int) -> "MembershipQuerySet":
        """Runs out within so many days (or has, while the job was away) and nothing follows."""
        return (
            self.not_ended()
            .filter(
                kind__is_for_students=False,
                ends_on__range=(today - CATCH_UP, today + timedelta(days=days_before)),
                user__erased_at__isnull=True,
            )
            .last_of_person()
        )

    def unpaid_too_long(self, today: date, *, days_after_due: int) -> "MembershipQuerySet":
        """Nothing at all has been paid so many days after the due date.

        A part payment is for staff to judge: ending by itself would leave money to give back.
        """
        unpaid = (
            Invoice.objects.overdue(today)
            .filter(due_on__lt=today - timedelta(days=days_after_due), paid__lte=0)
            .values("pk")
        )
        return self.not_ended().filter(invoice__in=unpaid)

    def ending_by_itself(self, today: date, *, within: int) -> "MembershipQuerySet":
        """Student years that run out within so many days and have nothing after them."""
        return (
            self.not_ended()
            .current(today)
            .filter(kind__is_for_students=True, ends_on__lte=today + timedelta(days=within))
            .last_of_person()
        )


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
    invoice_line = models.OneToOneField(
        InvoiceLine,
        verbose_name=_("line of the invoice"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="membership",
        help_text=_("Where one invoice holds the fees of several members."),
    )
    is_carried_over = models.BooleanField(
        _("carried over"),
        default=False,
        editable=False,
        help_text=_("From the old register, where the fee was paid: there is no invoice here."),
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

    # Annotated by `with_fee()`.
    fee_left: Decimal | None
    fee_credited: Decimal | None

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


class FeeExemptionQuerySet(models.QuerySet["FeeExemption"]):
    def in_force(self, day: date) -> "FeeExemptionQuerySet":
        return self.filter(starts_on__lte=day).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))


class FeeExemption(models.Model):
    """The board lets a member off the fee of years that begin within the period."""

    user = models.ForeignKey(
        User, verbose_name=_("person"), on_delete=models.CASCADE, related_name="fee_exemptions"
    )
    reason = models.CharField(_("reason"), max_length=200)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(
        _("until and including"), null=True, blank=True, help_text=_("Empty: until further notice.")
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("entered by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    history = HistoricalRecords()

    objects = FeeExemptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("exemption from the fee")
        verbose_name_plural = _("exemptions from the fee")
        constraints = [
            models.CheckConstraint(
                name="exemption_has_a_day",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The last day comes before the first."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.reason}"

    def is_in_force(self, day: date) -> bool:
        """See also: FeeExemptionQuerySet.in_force."""
        return self.starts_on <= day and (self.ends_on is None or self.ends_on >= day)


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
