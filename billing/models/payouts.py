"""What Stripe has sent to the bank account, and what each payout is made of."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.models.invoices import IssuedQuerySet, IssuedRow
from billing.money import MoneyField


class StripePayout(IssuedRow):
    """Stored once, with its movements, when Stripe says that it has been paid."""

    payout_id = models.CharField(_("Stripe's number"), max_length=100, unique=True)
    amount = MoneyField(_("amount"))
    arrived_on = models.DateField(_("in the bank"))
    stored_at = models.DateTimeField(_("fetched at"), auto_now_add=True)

    objects = IssuedQuerySet.as_manager()

    class Meta:
        verbose_name = _("payout from Stripe")
        verbose_name_plural = _("payouts from Stripe")

    def __str__(self) -> str:
        return self.payout_id


class StripeMovement(IssuedRow):
    """A change of the balance at Stripe. `amount` less `fee` reaches the bank; out is negative."""

    payout = models.ForeignKey(
        StripePayout, verbose_name=_("payout"), on_delete=models.PROTECT, related_name="movements"
    )
    movement_id = models.CharField(_("Stripe's number"), max_length=100, unique=True)
    kind = models.CharField(_("kind"), max_length=50)
    reference = models.CharField(
        _("what it is about"),
        max_length=200,
        blank=True,
        db_index=True,
        help_text=_("The number of the payment, the refund or the dispute."),
    )
    amount = MoneyField(_("amount"))
    fee = MoneyField(_("fee"))

    objects = IssuedQuerySet.as_manager()

    class Meta:
        verbose_name = _("movement at Stripe")
        verbose_name_plural = _("movements at Stripe")

    def __str__(self) -> str:
        return self.movement_id

    @property
    def external_id(self) -> str:
        """That of the payment which should stand in the ledger for it."""
        return f"stripe:{self.reference}"
