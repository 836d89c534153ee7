"""Something that is done to many invoices: worked off in the background, one row at a time."""

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from billing.models.invoices import Invoice


class BulkActQuerySet(models.QuerySet["BulkAct"]):
    def with_progress(self) -> "BulkActQuerySet":
        """Annotates `total`, `done` and `refused`."""
        return self.annotate(
            total=Count("rows"),
            done=Count("rows", filter=~Q(rows__state=BulkRow.State.WAITING)),
            refused=Count("rows", filter=Q(rows__state=BulkRow.State.REFUSED)),
        )

    def unfinished(self) -> "BulkActQuerySet":
        return self.filter(rows__state="waiting").distinct()


class BulkAct(models.Model):
    """What was confirmed on the screen. How far it has come is counted from its rows."""

    name = models.CharField(_("what"), max_length=20)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    on = models.DateField(_("date"))
    asked_at = models.DateTimeField(_("asked at"), auto_now_add=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("asked by"),
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = BulkActQuerySet.as_manager()

    class Meta:
        verbose_name = _("action on many invoices")
        verbose_name_plural = _("actions on many invoices")

    def __str__(self) -> str:
        return f"{self.name} {self.asked_at:%Y-%m-%d}"


class BulkRow(models.Model):
    """One invoice of it. Done in the same transaction as what is done to the invoice."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("bulk", "waiting")
        DONE = "done", pgettext_lazy("bulk", "done")
        REFUSED = "refused", pgettext_lazy("bulk", "refused")

    act = models.ForeignKey(
        BulkAct, verbose_name=_("action"), on_delete=models.CASCADE, related_name="rows"
    )
    invoice = models.ForeignKey(
        Invoice, verbose_name=_("invoice"), on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(_("state"), max_length=7, choices=State.choices, default=State.WAITING)
    told = models.CharField(_("why not"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("invoice of an action")
        verbose_name_plural = _("invoices of an action")
        constraints = [
            models.UniqueConstraint(name="bulk_invoice_once", fields=["act", "invoice"]),
            models.CheckConstraint(
                name="bulk_refusal_says_why",
                condition=Q(state="refused") & ~Q(told="") | ~Q(state="refused") & Q(told=""),
            ),
        ]
        indexes = [models.Index(name="bulk_waiting", fields=["act"], condition=Q(state="waiting"))]

    def __str__(self) -> str:
        return f"{self.act_id}/{self.invoice_id}"
