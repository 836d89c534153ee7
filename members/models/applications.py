"""Applications for membership: what somebody asked for, before and until it is decided."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from billing import giro
from members.models.kinds import MembershipKind
from members.models.people import BillingDetails, User


class ApplicationQuerySet(models.QuerySet["Application"]):
    def to_review(self) -> "ApplicationQuerySet":
        return self.filter(state=Application.State.IN_REVIEW)

    def from_address(self, email: str) -> "ApplicationQuerySet":
        return self.filter(email=email.lower())


class WrongMove(Exception):
    """An application cannot go from its state to that one."""


class Application(models.Model):
    """One application. It holds the answers: there is no account before the mail is confirmed."""

    class State(models.TextChoices):
        UNCONFIRMED = "unconfirmed", pgettext_lazy("application", "e-mail to confirm")
        IN_REVIEW = "in_review", pgettext_lazy("application", "in review")
        APPROVED = "approved", pgettext_lazy("application", "approved")
        REJECTED = "rejected", pgettext_lazy("application", "rejected")

    MOVES = {
        State.UNCONFIRMED: frozenset({State.IN_REVIEW, State.APPROVED}),
        State.IN_REVIEW: frozenset({State.APPROVED, State.REJECTED}),
        State.APPROVED: frozenset(),
        State.REJECTED: frozenset(),
    }

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    form_token = models.UUIDField(
        _("form"), unique=True, help_text=_("A form sent twice is one application.")
    )
    kind = models.ForeignKey(
        MembershipKind, verbose_name=_("kind"), on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(
        _("state"), max_length=11, choices=State.choices, default=State.UNCONFIRMED
    )
    user = models.ForeignKey(
        User,
        verbose_name=_("person"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="applications",
        help_text=_("Set when the e-mail is confirmed."),
    )

    email = models.EmailField(_("e-mail"))
    name = models.CharField(_("name"), max_length=120)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    employer = models.CharField(_("employer"), max_length=120, blank=True)
    title = models.CharField(_("title"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)

    payer = models.CharField(
        _("who pays"),
        max_length=8,
        choices=BillingDetails.Payer.choices,
        default=BillingDetails.Payer.PRIVATE,
    )
    payer_name = models.CharField(_("name on the invoice"), max_length=200, blank=True)
    organisation_number = giro.OrganisationNumberField(_("organisation number"), blank=True)
    street = models.CharField(_("street or box"), max_length=120, blank=True)
    postcode = models.CharField(_("postcode"), max_length=10, blank=True)
    city = models.CharField(_("town"), max_length=80, blank=True)
    invoice_email = models.EmailField(_("e-mail for invoices"), blank=True)
    reference = models.CharField(_("your reference"), max_length=100, blank=True)
    order_number = models.CharField(_("purchase order number"), max_length=50, blank=True)
    cost_centre = models.CharField(_("cost centre"), max_length=50, blank=True)
    peppol_id = models.CharField(_("Peppol id"), max_length=60, blank=True)

    mecenat_number = models.CharField(_("Mecenat number"), max_length=20, blank=True)
    school = models.CharField(_("school"), max_length=120, blank=True)
    studies_end_on = models.DateField(_("last day of studies"), null=True, blank=True)
    is_employed = models.BooleanField(
        _("employed at a company"), null=True, blank=True, help_text=_("Asked of students.")
    )
    consents = models.JSONField(
        _("ticked consents"), default=list, blank=True, help_text=_("Numbers of the texts.")
    )

    created_at = models.DateTimeField(_("received at"), auto_now_add=True)
    confirmed_at = models.DateTimeField(_("e-mail confirmed at"), null=True, blank=True)
    question = models.TextField(_("question to the applicant"), blank=True)
    asked_at = models.DateTimeField(_("asked at"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    decision_reason = models.TextField(_("reason, mailed to the applicant"), blank=True)
    history = HistoricalRecords()

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        constraints = [
            models.CheckConstraint(
                name="application_confirmed_has_person",
                condition=Q(state="unconfirmed", confirmed_at__isnull=True, user__isnull=True)
                | (~Q(state="unconfirmed") & Q(confirmed_at__isnull=False, user__isnull=False)),
            ),
            models.CheckConstraint(
                name="application_decided_has_time",
                condition=Q(state__in=["approved", "rejected"], decided_at__isnull=False)
                | (~Q(state__in=["approved", "rejected"]) & Q(decided_at__isnull=True)),
            ),
            models.UniqueConstraint(
                name="application_one_in_review",
                fields=["user"],
                condition=Q(state="in_review"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.kind}"

    def move_to(self, state: str) -> None:
        """The only way to another state. Saving is the caller's."""
        if state not in self.MOVES[self.State(self.state)]:
            raise WrongMove(f"{self.pk}: {self.state} -> {state}")
        self.state = state
