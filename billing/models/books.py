"""The books: which account is used for what, and what has been handed over to them."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from billing.models.invoices import IssuedQuerySet, IssuedRow
from billing.money import MoneyField

validate_account = RegexValidator(r"^[1-8][0-9]{3}$", _("Enter an account of four digits."))


class LedgerAccount(models.Model):
    """The account for one use. Income has its account on each product instead."""

    class Use(models.TextChoices):
        RECEIVABLES = "receivables", _("what customers owe")
        CARDS = "cards", _("card payments that Stripe has not paid out")
        BANK = "bank", _("the bank account")
        BY_HAND = "by-hand", _("payments registered by hand")
        ADVANCES = "advances", _("what has come in above what was owed")
        VAT_25 = "vat-25", _("outgoing VAT, 25 %")
        VAT_12 = "vat-12", _("outgoing VAT, 12 %")
        VAT_6 = "vat-6", _("outgoing VAT, 6 %")
        ROUNDING = "rounding", _("rounding to whole öre")
        CARD_FEES = "card-fees", _("Stripe's fees")
        LOSSES = "losses", _("what is written off")

    use = models.CharField(_("use"), max_length=20, choices=Use.choices, unique=True)
    number = models.CharField(_("account"), max_length=4, validators=[validate_account])
    name = models.CharField(_("name in the books"), max_length=50)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("ledger account")
        verbose_name_plural = _("ledger accounts")

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class SieBatch(IssuedRow):
    """Vouchers handed over to the books in one file, which is kept as it was."""

    since = models.DateField(pgettext_lazy("period", "from"))
    until = models.DateField(pgettext_lazy("period", "to"))
    content = models.BinaryField(_("content"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    created_at = models.DateTimeField(_("exported at"), default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("exported by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = IssuedQuerySet.as_manager()

    class Meta:
        verbose_name = _("SIE file")
        verbose_name_plural = _("SIE files")

    def __str__(self) -> str:
        return self.filename

    @property
    def filename(self) -> str:
        return f"sie-{self.pk}-{self.since}-{self.until}.si"


class SieVoucher(IssuedRow):
    """A voucher that has been handed over: never again, whatever is exported how often."""

    batch = models.ForeignKey(
        SieBatch, verbose_name=_("SIE file"), on_delete=models.PROTECT, related_name="vouchers"
    )
    key = models.CharField(
        _("made of"),
        max_length=100,
        unique=True,
        help_text=_("The row that it comes from; the same row is never exported twice."),
    )
    booked_on = models.DateField(_("booked"))
    text = models.CharField(_("text"), max_length=100)
    amount = MoneyField(_("amount"), help_text=_("The sum of its debit side."))

    objects = IssuedQuerySet.as_manager()

    class Meta:
        verbose_name = _("exported voucher")
        verbose_name_plural = _("exported vouchers")

    def __str__(self) -> str:
        return f"{self.booked_on} {self.text}"
