"""What people ask of us under the GDPR, and what became of it."""

import uuid
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

REMIND_WITHIN = timedelta(days=7)


class RequestQuerySet(models.QuerySet["Request"]):
    def open(self) -> "RequestQuerySet":
        return self.filter(state=Request.State.OPEN)

    def due_soon(self, today: date) -> "RequestQuerySet":
        """Open, and to be answered within a week (or late already)."""
        return self.open().filter(due_on__lte=today + REMIND_WITHIN)


class Request(models.Model):
    """One request. The clock starts when it comes in, whoever it reached (Art. 12.3)."""

    class Kind(models.TextChoices):
        ACCESS = "access", pgettext_lazy("request", "see my data (Art. 15)")
        RECTIFICATION = "rectification", pgettext_lazy("request", "put my data right (Art. 16)")
        ERASURE = "erasure", pgettext_lazy("request", "erase my data (Art. 17)")
        RESTRICTION = "restriction", pgettext_lazy("request", "restrict the use (Art. 18)")
        PORTABILITY = "portability", pgettext_lazy("request", "take my data along (Art. 20)")
        OBJECTION = "objection", pgettext_lazy("request", "object (Art. 21)")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("request", "to be answered")
        GRANTED = "granted", pgettext_lazy("request", "done")
        REFUSED = "refused", pgettext_lazy("request", "refused")

    WITH_COPY = frozenset({Kind.ACCESS, Kind.PORTABILITY})

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("what is asked"), max_length=15, choices=Kind.choices)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OPEN)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="privacy_requests",
        help_text=_("None for somebody without an account."),
    )
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=settings.LANGUAGES, default="sv"
    )
    message = models.TextField(_("what the person wrote"), blank=True)
    received_at = models.DateTimeField(_("received at"))
    due_on = models.DateField(_("to be answered by"))
    extended_because = models.CharField(
        _("why it takes longer"),
        max_length=200,
        blank=True,
        help_text=_(
            "Two months more at most, and the person is told within the first (Art. 12.3)."
        ),
    )
    identity = models.CharField(
        _("how we know who it is"),
        max_length=200,
        blank=True,
        help_text=_("For example: logged in with a password; called back on the known number."),
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("answered by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    answer = models.TextField(_("answer to the person"), blank=True)

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request about personal data")
        verbose_name_plural = _("requests about personal data")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                # Whoever is neither can be found in no table, and written to in no way.
                name="request_of_somebody",
                condition=Q(person__isnull=False) | ~Q(email=""),
                violation_error_message=_("Enter an account, or else an address."),
            ),
            models.CheckConstraint(
                name="request_answered_has_time",
                condition=Q(state="open", answered_at__isnull=True)
                | (~Q(state="open") & Q(answered_at__isnull=False)),
            ),
            models.CheckConstraint(
                # Nothing is given to, or done for, somebody who may be another (Art. 12.6).
                name="request_granted_knows_who",
                condition=~Q(state="granted") | ~Q(identity=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.received_at:%Y-%m-%d}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    def days_left(self, now: datetime) -> int:
        """Negative when it is late."""
        return (self.due_on - now.date()).days
