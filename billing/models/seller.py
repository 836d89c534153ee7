"""What the treasurer sets: the association as a seller, its products, number series, reminders."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords
from translated_fields import TranslatedField

from billing import giro, late_charges
from billing.models.books import validate_account
from billing.vat import TREATMENTS, VatTreatment


class Seller(models.Model):
    """The association as it stands on its invoices. One row; every invoice keeps its own copy."""

    name = models.CharField(_("name"), max_length=200)
    organisation_number = giro.OrganisationNumberField(_("organisation number"))
    registered_office = models.CharField(_("registered office"), max_length=100)
    address = models.TextField(_("address"), help_text=_("One line a row."))
    email = models.EmailField(_("e-mail"))
    website = models.URLField(_("website"))
    bankgiro = giro.BankgiroField(_("bankgiro"))
    swish = giro.SwishField(_("Swish number"), blank=True)
    vat_number = giro.VatNumberField(
        _("VAT number"),
        blank=True,
        help_text=_("Empty when the association is not registered for VAT."),
    )
    f_skatt_approved = models.BooleanField(_("approved for F-tax"), default=False)
    payment_days = models.PositiveSmallIntegerField(_("days to pay"), default=30)
    reminder_fee = models.PositiveSmallIntegerField(
        _("reminder fee, kronor"),
        default=0,
        validators=[MaxValueValidator(late_charges.HIGHEST_FEE)],
        help_text=_(
            "0 is none, 60 the most that the law allows. Invoices issued from now on announce it; "
            "it is never charged for an invoice that did not."
        ),
    )
    late_interest = models.BooleanField(
        _("late interest"),
        default=False,
        help_text=_(
            "The reference rate plus 8 percentage points, charged for invoices issued from now on."
        ),
    )
    fiscal_year_start_month = models.PositiveSmallIntegerField(
        _("first month of the financial year"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
    )
    names_in_books = models.BooleanField(
        _("names of customers in the books"),
        default=False,
        help_text=_("Otherwise exported vouchers name invoices by their numbers only."),
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("seller")
        verbose_name_plural = _("seller")
        constraints = [
            models.CheckConstraint(name="seller_is_one_row", condition=models.Q(pk=1)),
            models.CheckConstraint(
                name="seller_fee_is_lawful",
                condition=models.Q(reminder_fee__lte=late_charges.HIGHEST_FEE),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.late_interest and not InterestRate.objects.exists():
            raise ValidationError({"late_interest": _("Enter a reference rate first.")})


class Series(models.Model):
    """A series of invoice numbers without gaps. The row is locked while a number is taken."""

    class Code(models.TextChoices):
        INVOICE = "invoice", pgettext_lazy("series", "invoices")
        CREDIT = "credit", pgettext_lazy("series", "credit notes")

    code = models.CharField(_("series"), max_length=10, choices=Code.choices, unique=True)
    prefix = models.CharField(
        _("prefix"),
        max_length=5,
        blank=True,
        validators=[RegexValidator(r"^[A-Z-]*$", _("Capital letters A–Z and hyphens only."))],
        help_text=_("Stands before the numbers that are taken from now on."),
    )
    first = models.PositiveIntegerField(
        _("first number"),
        default=10001,
        help_text=_("Can be changed until the first number is taken."),
    )
    next = models.PositiveIntegerField(_("next number"), default=10001)

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")
        constraints = [
            models.CheckConstraint(
                name="series_never_goes_back", condition=models.Q(next__gte=models.F("first"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_code_display()} {self.prefix}{self.next}"

    @classmethod
    def locked(cls, code: str) -> "Series":
        """The series, locked until the transaction ends: a rollback gives the number back."""
        return cls.objects.select_for_update().get(code=code)

    def take(self) -> tuple[str, int]:
        """The next number, as written and as counted. Only on a locked series."""
        return self.take_many(1)[0]

    def take_many(self, count: int) -> list[tuple[str, int]]:
        taken = range(self.next, self.next + count)
        self.next = taken.stop
        self.save(update_fields=["next"])
        return [(f"{self.prefix}{number}", number) for number in taken]


class Product(models.Model):
    """What is sold, as the books see it: how it is taxed and which account it is booked on."""

    class Recognition(models.TextChoices):
        ACCRUAL = "accrual", _("when invoiced")
        CASH = "cash", _("when paid")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = TranslatedField(models.CharField(_("name"), max_length=200))
    vat_code = models.CharField(
        _("VAT"), max_length=3, choices=[(code, code) for code in TREATMENTS]
    )
    exemption_text = TranslatedField(
        models.CharField(
            _("reference to the exemption from VAT"),
            max_length=200,
            blank=True,
            help_text=_("Printed on the invoice when no VAT is charged."),
        )
    )
    account = models.CharField(_("ledger account"), max_length=4, validators=[validate_account])
    recognition = models.CharField(
        _("booked"), max_length=7, choices=Recognition.choices, default=Recognition.ACCRUAL
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")

    def __str__(self) -> str:
        return str(self.name)

    @property
    def vat(self) -> VatTreatment:
        return TREATMENTS[self.vat_code]


class ReminderStep(models.Model):
    """When an unpaid invoice is reminded of, in days from its due date (negative: before it)."""

    days = models.SmallIntegerField(_("days after the due date"), unique=True)
    name = TranslatedField(models.CharField(_("heading"), max_length=100))
    text = TranslatedField(models.TextField(_("text of the mail")))
    charges = models.BooleanField(
        _("charges for paying late"),
        default=False,
        help_text=_("Reminder fee and late interest, as far as the invoice announced them."),
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("reminder step")
        verbose_name_plural = _("reminder steps")

    def __str__(self) -> str:
        return f"{self.days:+d}"


class InterestRate(models.Model):
    """The reference rate of Riksbanken, which is set for half a year at a time."""

    valid_from = models.DateField(_("valid from"), unique=True)
    percent = models.DecimalField(
        _("reference rate, percent"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(-5), MaxValueValidator(50)],
        help_text=_("As Riksbanken publishes it; the 8 percentage points are added here."),
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("reference rate")
        verbose_name_plural = _("reference rates")

    def __str__(self) -> str:
        return f"{self.valid_from}: {self.percent} %"


class LedgerUnlock(models.Model):
    """While a row of this stands in the running transaction, issued rows may be minimised.

    The database triggers look for it. It is written and removed by `operations.minimise` alone,
    so it is never seen outside that transaction.
    """

    reason = models.CharField(_("reason"), max_length=200)

    class Meta:
        verbose_name = _("unlocking of the ledger")
        verbose_name_plural = _("unlockings of the ledger")

    def __str__(self) -> str:
        return self.reason
