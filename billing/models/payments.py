"""Money that came in, went back or was given up, entered once and never changed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from billing.models.inbox import BankTransaction
from billing.models.invoices import Invoice, IssuedQuerySet, IssuedRow
from billing.money import MoneyField


class Payment(IssuedRow):
    """An entry against an invoice, in SEK. Refunds are negative; a mistake gets a counter-entry."""

    class Method(models.TextChoices):
        BANK = "bank", pgettext_lazy("payment", "bank transfer")
        CARD = "card", pgettext_lazy("payment", "card")
        OTHER = "other", pgettext_lazy("payment", "registered by hand")
        WRITE_OFF = "write_off", pgettext_lazy("payment", "written off")

    invoice = models.ForeignKey(
        Invoice, verbose_name=_("invoice"), on_delete=models.PROTECT, related_name="payments"
    )
    amount = MoneyField(_("amount"))
    paid_on = models.DateField(_("date"))
    method = models.CharField(_("how"), max_length=10, choices=Method.choices)
    external_id = models.CharField(
        _("reference outside"),
        max_length=200,
        unique=True,
        help_text=_("The bank's or Stripe's own number: the same money is never entered twice."),
    )
    bank_transaction = models.ForeignKey(
        BankTransaction,
        verbose_name=_("bank transaction"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="payments",
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    registered_at = models.DateTimeField(_("entered at"), auto_now_add=True)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("entered by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = IssuedQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            models.CheckConstraint(name="payment_is_something", condition=~Q(amount=0)),
        ]
        indexes = [models.Index(name="payment_by_date", fields=["-paid_on", "-id"])]

    def __str__(self) -> str:
        return f"{self.amount} {self.paid_on}"
