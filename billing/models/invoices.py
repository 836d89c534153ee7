"""Issued invoices and credit notes. They never change: model and database both refuse."""

import json
import secrets
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, Literal, NoReturn

from django.conf import settings
from django.db import connection, models
from django.db.models import DecimalField, ExpressionWrapper, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Round
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from billing import late_charges
from billing.money import ZERO, MoneyField, rounded
from billing.vat import TREATMENTS


def new_token() -> str:
    """256 random bits: whoever holds an invoice's link may read and pay it."""
    return secrets.token_urlsafe(32)


class Immutable(Exception):
    """An issued row was about to change. A mistake is put right by a credit note."""


class IssuedRow(models.Model):
    """Written once. The same rule stands in the database as triggers (`billing.immutability`)."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Immutable(f"{self._meta.label} {self.pk} is issued and cannot change")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise Immutable(f"{self._meta.label} {self.pk} is issued and cannot be deleted")


class IssuedQuerySet(models.QuerySet):
    """Refuses the bulk ways round `save` and `delete` too."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise Immutable(f"{self.model._meta.label} rows are issued and cannot change")

    def delete(self) -> NoReturn:
        raise Immutable(f"{self.model._meta.label} rows are issued and cannot be deleted")

    def bulk_update(self, objs: Iterable[Any], fields: Any, batch_size: Any = None) -> NoReturn:
        raise Immutable(f"{self.model._meta.label} rows are issued and cannot change")


_money = DecimalField(max_digits=12, decimal_places=2)


def _sum_of(model: str, link: str, column: str, **conditions: Any) -> Coalesce:
    """Sum of a column of the rows that hang on an invoice, as a subquery: no join multiplies it.

    Rounded, since SQLite adds decimals as floats: 0.1 + 0.2 would leave something of 0.3.
    """
    from django.apps import apps  # noqa: PLC0415  the models are loaded by then

    rows = apps.get_model("billing", model).objects.filter(**{link: OuterRef("pk")}, **conditions)
    total = rows.order_by().values(link).annotate(total=Sum(column)).values("total")
    return Coalesce(
        Round(Subquery(total, output_field=_money), precision=2, output_field=_money),
        Value(ZERO, output_field=_money),
    )


_BALANCES = """
    SELECT i.id FROM billing_invoice i
    LEFT JOIN (SELECT invoice_id, SUM(amount) AS paid FROM billing_payment GROUP BY invoice_id) p
      ON p.invoice_id = i.id
    LEFT JOIN (
      SELECT credits_id, SUM(total) AS credited FROM billing_invoice
      WHERE credits_id IS NOT NULL GROUP BY credits_id
    ) c ON c.credits_id = i.id
    WHERE i.kind = 'invoice'
      AND ROUND(i.total - COALESCE(p.paid, 0) + COALESCE(c.credited, 0), 2) """


class InvoiceQuerySet(IssuedQuerySet):
    def invoices(self) -> "InvoiceQuerySet":
        return self.filter(kind=Invoice.Kind.INVOICE)

    def as_of(self, day: date) -> "InvoiceQuerySet":
        """Those issued by then, with the balance that they had at the end of that day."""
        issued = self.invoices().filter(issued_on__lte=day)
        return issued._with_balance({"paid_on__lte": day}, {"issued_on__lte": day})

    def with_balance(self) -> "InvoiceQuerySet":
        """Annotates `paid` and `credited`, and what is left of the total: `balance`."""
        return self._with_balance({}, {})

    def _with_balance(
        self, of_payments: dict[str, Any], of_credits: dict[str, Any]
    ) -> "InvoiceQuerySet":
        return self.annotate(
            paid=_sum_of("Payment", "invoice", "amount", **of_payments),
            # Credit notes carry negative totals.
            credited=Value(ZERO, output_field=_money)
            - _sum_of("Invoice", "credits", "total", **of_credits),
        ).annotate(
            balance=Round(
                ExpressionWrapper(F("total") - F("paid") - F("credited"), output_field=_money),
                precision=2,
                output_field=_money,
            )
        )

    def balance_in_one_pass(self, comparison: Literal["> 0", "< 0", "<= 0"]) -> "InvoiceQuerySet":
        """Those whose balance compares so, for lists over everything.

        The same rule as `with_balance`, which asks for each invoice by itself: quicker for few,
        and slower by ten times for a million.
        """
        found = _BALANCES + comparison
        if comparison != "<= 0":  # few: reckoned once, even where the planner expects fewer still
            found = f"WITH found AS MATERIALIZED ({found}) SELECT id FROM found"  # noqa: S608  as below
        return self.filter(pk__in=RawSQL(found, []))  # noqa: S611  ours

    def among(self, keys: list[int]) -> "InvoiceQuerySet":
        """Those with one of the keys, of which there may be thousands: they are one parameter."""
        if connection.vendor == "postgresql":
            listed = RawSQL("SELECT unnest(%s::bigint[])", [keys])
        else:
            listed = RawSQL("SELECT value FROM json_each(%s)", [json.dumps(keys)])
        return self.filter(pk__in=listed)

    def with_written_off(self) -> "InvoiceQuerySet":
        """Annotates `written_off`: the part of `paid` that was given up."""
        return self.annotate(
            written_off=_sum_of("Payment", "invoice", "amount", method="write_off")
        )

    def late_charges_of(self, *invoices: "Invoice") -> "InvoiceQuerySet":
        """Reminder fees and late interest that were charged for these, of which there is one."""
        theirs = [Q(source__startswith=late_charges.sources_of(one.pk)) for one in invoices]
        return self.invoices().filter(Q(*theirs, _connector=Q.OR))

    def late_charges(self) -> "InvoiceQuerySet":
        return self.invoices().filter(source__startswith=late_charges.SOURCE)

    def no_late_charges(self) -> "InvoiceQuerySet":
        return self.exclude(source__startswith=late_charges.SOURCE)

    def open(self) -> "InvoiceQuerySet":
        """Something is still to be paid."""
        return self.invoices().with_balance().filter(balance__gt=0)

    def settled(self) -> "InvoiceQuerySet":
        return self.invoices().with_balance().filter(balance__lte=0)

    def overpaid(self) -> "InvoiceQuerySet":
        """More came in than was owed, or a paid invoice was credited: money to give back."""
        return self.invoices().with_balance().filter(balance__lt=0)

    def overdue(self, today: date) -> "InvoiceQuerySet":
        return self.open().filter(due_on__lt=today)

    def credited(self) -> "InvoiceQuerySet":
        """Wholly or in part."""
        notes = Invoice.objects.filter(credits__isnull=False, total__lt=0)
        return self.filter(pk__in=notes.values("credits"))


class Invoice(IssuedRow):
    """An invoice or a credit note, with its own copy of everything it says.

    Amounts are SEK. A credit note's lines and totals are negative and it names its original.
    """

    class Kind(models.TextChoices):
        INVOICE = "invoice", pgettext_lazy("document", "invoice")
        CREDIT = "credit", pgettext_lazy("document", "credit note")

    kind = models.CharField(_("kind"), max_length=7, choices=Kind.choices)
    number = models.CharField(_("number"), max_length=20, unique=True)
    sequence = models.PositiveIntegerField(_("number in its series"))
    ocr = models.CharField(_("OCR number"), max_length=25, unique=True, null=True, blank=True)
    issued_on = models.DateField(_("invoice date"))
    due_on = models.DateField(_("due date"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    credits = models.ForeignKey(
        "self",
        verbose_name=_("credits"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="credit_notes",
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    link_token = models.CharField(
        _("key of its link"), max_length=43, unique=True, default=new_token, editable=False
    )
    source = models.CharField(
        _("made for"),
        max_length=100,
        unique=True,
        help_text=_("What it was issued for; the same thing is never invoiced twice."),
    )

    buyer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="invoices",
        help_text=_("Sees it on their own pages."),
    )
    customer_name = models.CharField(_("customer"), max_length=200)
    customer_address = models.TextField(_("address"), blank=True)
    customer_email = models.EmailField(_("e-mail for invoices"))
    customer_organisation_number = models.CharField(
        _("organisation number"), max_length=13, blank=True
    )
    customer_vat_number = models.CharField(_("VAT number"), max_length=20, blank=True)
    customer_reference = models.CharField(_("your reference"), max_length=100, blank=True)
    order_number = models.CharField(_("purchase order number"), max_length=50, blank=True)
    cost_centre = models.CharField(_("cost centre"), max_length=50, blank=True)
    peppol_id = models.CharField(_("Peppol id"), max_length=60, blank=True)
    seller = models.JSONField(_("seller as of the invoice date"))

    net = MoneyField(_("amount excluding VAT"))
    vat = MoneyField(_("VAT"))
    rounding = MoneyField(_("rounding"), default=ZERO)
    total = MoneyField(_("to pay"))
    created_at = models.DateTimeField(_("issued at"), auto_now_add=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("issued by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    # Annotated by `with_balance()`.
    balance: Decimal

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        constraints = [
            models.UniqueConstraint(name="invoice_number_once", fields=["kind", "sequence"]),
            models.CheckConstraint(
                name="invoice_kind_has_its_fields",
                condition=Q(
                    kind="invoice", credits__isnull=True, ocr__isnull=False, due_on__isnull=False
                )
                | Q(kind="credit", credits__isnull=False, ocr__isnull=True, due_on__isnull=True),
            ),
            models.CheckConstraint(
                name="invoice_total_adds_up",
                # Rounded, since SQLite adds decimals as floats.
                condition=Q(total=Round(F("net") + F("vat") + F("rounding"), precision=2)),
            ),
            models.CheckConstraint(
                name="invoice_sign_of_its_kind",
                condition=Q(kind="invoice", total__gte=0) | Q(kind="credit", total__lte=0),
            ),
        ]
        indexes = [
            models.Index(name="invoice_by_due_date", fields=["due_on", "id"]),
            models.Index(name="invoice_by_date", fields=["-issued_on", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("billing:invoice", args=[self.link_token])

    @property
    def is_credit(self) -> bool:
        return self.kind == self.Kind.CREDIT

    @property
    def is_late_charge(self) -> bool:
        return self.source.startswith(late_charges.SOURCE)

    def public_url(self) -> str:
        """Its page, which needs no account: for the mail and the paper."""
        with translation.override(self.language):
            return f"{settings.SITE_URL}{self.get_absolute_url()}"


class InvoiceLine(IssuedRow):
    """One row of an issued document; what tax and books need is frozen with it."""

    invoice = models.ForeignKey(
        Invoice, verbose_name=_("invoice"), on_delete=models.PROTECT, related_name="lines"
    )
    position = models.PositiveSmallIntegerField(_("row"))
    text = models.CharField(_("text"), max_length=250)
    detail = models.CharField(_("detail"), max_length=250, blank=True)
    quantity = models.DecimalField(_("quantity"), max_digits=9, decimal_places=2)
    unit_price = MoneyField(_("price each, including VAT"))
    net = MoneyField(_("amount excluding VAT"))
    vat_code = models.CharField(
        _("VAT"), max_length=3, choices=[(code, code) for code in TREATMENTS]
    )
    product_code = models.CharField(_("product"), max_length=40)
    account = models.CharField(_("ledger account"), max_length=4)
    recognition = models.CharField(_("booked"), max_length=7)
    credits = models.ForeignKey(
        "self",
        verbose_name=_("credits"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="credited_by",
    )

    objects = IssuedQuerySet.as_manager()

    class Meta:
        verbose_name = _("invoice line")
        verbose_name_plural = _("invoice lines")
        constraints = [
            models.UniqueConstraint(name="line_position_once", fields=["invoice", "position"])
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def gross(self) -> Decimal:
        """Quantity times price, including VAT, in SEK."""
        return rounded(self.quantity * self.unit_price)


class InvoiceVat(IssuedRow):
    """VAT of one category and rate, computed once on the sum of its lines."""

    invoice = models.ForeignKey(
        Invoice, verbose_name=_("invoice"), on_delete=models.PROTECT, related_name="vat_rows"
    )
    category = models.CharField(_("VAT category"), max_length=2)
    rate = models.DecimalField(_("rate, percent"), max_digits=5, decimal_places=2)
    net = MoneyField(_("amount excluding VAT"))
    vat = MoneyField(_("VAT"))
    exemption_text = models.CharField(_("reference to the exemption"), max_length=200, blank=True)

    objects = IssuedQuerySet.as_manager()

    class Meta:
        verbose_name = _("VAT of an invoice")
        verbose_name_plural = _("VAT of an invoice")
        constraints = [
            models.UniqueConstraint(name="vat_row_once", fields=["invoice", "category", "rate"])
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.rate} %"


class Reminder(models.Model):
    """A reminder that was sent: once for an invoice and step, whatever runs how often."""

    invoice = models.ForeignKey(
        Invoice, verbose_name=_("invoice"), on_delete=models.PROTECT, related_name="reminders"
    )
    level = models.SmallIntegerField(
        _("step"), help_text=_("Days from the due date that the step stands for.")
    )
    sent_at = models.DateTimeField(_("sent at"))
    balance = MoneyField(_("to pay when reminded"))
    late_charges = MoneyField(
        _("fee and interest when reminded"),
        default=ZERO,
        help_text=_("What was left of the charges for paying late, which are invoices too."),
    )
    heading = models.CharField(_("heading"), max_length=100, blank=True)
    text = models.TextField(_("text of the mail"), blank=True)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            models.UniqueConstraint(name="reminder_once_a_step", fields=["invoice", "level"])
        ]

    def __str__(self) -> str:
        return f"{self.invoice.number} {self.level:+d}"

    @property
    def to_pay(self) -> Decimal:
        return self.balance + self.late_charges
