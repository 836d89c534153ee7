"""Whether an invoice has reached its receiver: the first time that its page was opened."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.models.invoices import Invoice


class InvoiceOpening(models.Model):
    """When, and nothing else: not who, how often, or from where."""

    invoice = models.OneToOneField(
        Invoice, verbose_name=_("invoice"), on_delete=models.PROTECT, related_name="opening"
    )
    opened_at = models.DateTimeField(_("first opened at"), default=timezone.now)

    class Meta:
        verbose_name = _("opening of an invoice's page")
        verbose_name_plural = _("openings of invoices' pages")

    def __str__(self) -> str:
        return f"{self.invoice_id} {self.opened_at:%Y-%m-%d %H:%M}"
