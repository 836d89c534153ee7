"""What came from outside: stored first and once, matched afterwards, waiting if it does not fit."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import (
    BooleanField,
    Case,
    DecimalField,
    F,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Round
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from billing.money import ZERO, MoneyField


class BankFile(models.Model):
    """A file from the bank, known by its content: the same file is imported once."""

    sha256 = models.CharField(_("SHA-256"), max_length=64, unique=True)
    name = models.CharField(_("file name"), max_length=200)
    format = models.CharField(_("format"), max_length=20)
    imported_at = models.DateTimeField(_("imported at"), auto_now_add=True)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("imported by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = _("bank file")
        verbose_name_plural = _("bank files")

    def __str__(self) -> str:
        return self.name


_UNMATCHED = """
    SELECT t.id FROM billing_banktransaction t
    LEFT JOIN (
      SELECT bank_transaction_id, SUM(amount) AS matched FROM billing_payment
      WHERE bank_transaction_id IS NOT NULL GROUP BY bank_transaction_id
    ) p ON p.bank_transaction_id = t.id
    WHERE ROUND(t.amount - COALESCE(p.matched, 0), 2) <> 0"""


class BankTransactionQuerySet(models.QuerySet["BankTransaction"]):
    def with_matched(self) -> Any:
        """Annotates `matched`: how much of it has been entered against invoices."""
        from billing.models.payments import Payment  # noqa: PLC0415  it imports this module

        money = DecimalField(max_digits=12, decimal_places=2)
        entries = Payment.objects.filter(bank_transaction=OuterRef("pk")).order_by()
        sums = entries.values("bank_transaction").annotate(sum=Sum("amount")).values("sum")
        # Rounded, since SQLite adds decimals as floats.
        entered = Round(Subquery(sums, output_field=money), precision=2, output_field=money)
        return self.annotate(matched=Coalesce(entered, Value(ZERO, output_field=money)))

    def with_waits(self) -> Any:
        """Annotates `waits`: not wholly matched and not set aside by staff."""
        waits = Q(closed_at__isnull=True) & ~Q(matched=F("amount"))
        return self.with_matched().annotate(
            waits=Case(When(waits, then=True), default=False, output_field=BooleanField())
        )

    def with_waits_in_one_pass(self) -> Any:
        """The same for lists over everything, in place of what `with_waits` asks of each row."""
        waits = Q(closed_at__isnull=True, pk__in=RawSQL(_UNMATCHED, []))  # noqa: S611  ours
        return self.annotate(
            waits=Case(When(waits, then=True), default=False, output_field=BooleanField())
        )

    def waiting(self) -> "BankTransactionQuerySet":
        """The treasurer's queue."""
        return self.with_waits().filter(waits=True)

    def wholly_matched(self) -> "BankTransactionQuerySet":
        return self.exclude(pk__in=RawSQL(_UNMATCHED, []))  # noqa: S611  ours


class BankTransaction(models.Model):
    """One payment as the bank told it. Its payments say what it was matched with."""

    class Problem(models.TextChoices):
        NONE = "", pgettext_lazy("bank transaction", "none")
        UNKNOWN = "unknown", _("No reference that we know.")
        SETTLED = "settled", _("The invoice is already paid or credited.")
        TOO_MUCH = "too_much", _("More than what was left to pay.")
        SEVERAL = "several", _("Several invoices, and the sum does not say how to divide it.")
        CURRENCY = "currency", _("Not in Swedish kronor.")
        RETURNED = "returned", _("Money that the bank took back.")
        TWICE = "twice", _("A file of another format has told of it: it may be the same money.")

    file = models.ForeignKey(
        BankFile, verbose_name=_("file"), on_delete=models.PROTECT, related_name="transactions"
    )
    external_id = models.CharField(_("the bank's number"), max_length=200, unique=True)
    booked_on = models.DateField(_("booked"))
    amount = MoneyField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3, default="SEK")
    references = models.JSONField(_("references"), default=list, blank=True)
    text = models.TextField(_("text"), blank=True)
    payer_name = models.CharField(_("payer"), max_length=200, blank=True)
    payer_account = models.CharField(_("payer's account"), max_length=50, blank=True)
    problem = models.CharField(
        _("why it waits"), max_length=10, choices=Problem.choices, blank=True, default=""
    )
    closed_at = models.DateTimeField(_("set aside at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("set aside by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    closed_note = models.CharField(_("what was done"), max_length=200, blank=True)

    objects = BankTransactionQuerySet.as_manager()

    class Meta:
        verbose_name = _("bank transaction")
        verbose_name_plural = _("bank transactions")
        constraints = [
            models.CheckConstraint(
                name="bank_set_aside_says_what",
                condition=Q(closed_at__isnull=True, closed_note="")
                | (Q(closed_at__isnull=False) & ~Q(closed_note="")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.booked_on} {self.amount} {self.payer_name}"

    def rest(self) -> Decimal:
        """What has not been entered against an invoice. Asks the database."""
        return self.amount - (self.payments.aggregate(sum=Sum("amount"))["sum"] or ZERO)


class StripeCheckout(models.Model):
    """A payment page that we asked Stripe for. Abandoned, it is simply an invoice not yet paid."""

    invoice = models.ForeignKey(
        "billing.Invoice",
        verbose_name=_("invoice"),
        on_delete=models.PROTECT,
        related_name="checkouts",
    )
    attempt = models.PositiveSmallIntegerField(_("attempt"))
    amount = MoneyField(_("amount"))
    session_id = models.CharField(
        _("Stripe's session"), max_length=200, unique=True, null=True, blank=True
    )
    url = models.TextField(_("address of the payment page"), blank=True)
    payment_intent = models.CharField(_("Stripe's payment"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("asked at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires at"))

    class Meta:
        verbose_name = _("card payment page")
        verbose_name_plural = _("card payment pages")
        constraints = [
            models.UniqueConstraint(name="checkout_attempt_once", fields=["invoice", "attempt"])
        ]

    def __str__(self) -> str:
        return self.session_id or f"{self.invoice_id}/{self.attempt}"


class StripeEventQuerySet(models.QuerySet["StripeEvent"]):
    def unapplied(self) -> "StripeEventQuerySet":
        return self.filter(applied_at__isnull=True)

    def waiting(self) -> "StripeEventQuerySet":
        """Applied with a problem that nobody has dealt with."""
        return self.exclude(problem="").filter(closed_at__isnull=True)


class StripeEvent(models.Model):
    """A webhook as it came, stored before anything is done with it."""

    event_id = models.CharField(_("Stripe's number"), max_length=100, unique=True)
    type = models.CharField(_("type"), max_length=100)
    payload = models.JSONField(_("content"))
    received_at = models.DateTimeField(_("received at"), auto_now_add=True)
    applied_at = models.DateTimeField(_("applied at"), null=True, blank=True)
    problem = models.TextField(_("why it waits"), blank=True)
    closed_at = models.DateTimeField(_("set aside at"), null=True, blank=True)
    closed_note = models.CharField(_("what was done"), max_length=200, blank=True)

    objects = StripeEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("Stripe event")
        verbose_name_plural = _("Stripe events")
        indexes = [
            models.Index(
                name="stripe_event_unapplied",
                fields=["received_at"],
                condition=Q(applied_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.event_id}"
