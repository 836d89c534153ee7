from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing.models import Invoice
from billing.money import format_price
from config.demo.bank_file import Transfer

SHOWN = 40
A_LITTLE = Decimal(100)


class BankFileForm(forms.Form):
    """Which invoice somebody pays by bank, and how carefully."""

    class How(models.TextChoices):
        EXACT = "exact", _("the right amount with its OCR number")
        NO_OCR = "no-ocr", _("without the OCR number, only with a name")
        TOO_MUCH = "too-much", _("100 kr too much")
        PART = "part", _("only half of it")

    invoice = forms.ModelChoiceField(
        Invoice.objects.none(), to_field_name="number", label=_("Invoice to be paid")
    )
    how = forms.ChoiceField(label=_("The payer pays"), choices=How.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        open_ones = Invoice.objects.open().order_by("-issued_on", "-pk")
        field = self.fields["invoice"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  see above
        field.queryset = open_ones
        field.choices = [(one.number, _label(one)) for one in self._shown(open_ones)]
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.form_action = reverse("demo:bank-file")
        self.helper.add_input(Submit("", gettext("Download the bank's file")))

    def _shown(self, open_ones: Any) -> list[Any]:
        """The newest, and the one that was asked for."""
        asked_for = open_ones.filter(number=self.initial.get("invoice", ""))
        return list({one.pk: one for one in [*asked_for, *open_ones[:SHOWN]]}.values())

    def transfer(self) -> Transfer:
        invoice, how = self.cleaned_data["invoice"], self.cleaned_data["how"]
        return Transfer(
            payer=invoice.customer_name,
            amount=_amount(invoice.balance, how),
            bank_reference=f"DEMO-{invoice.number}-{how}",
            ocr="" if how == self.How.NO_OCR else invoice.ocr,
            text=f"Avgift {invoice.customer_name}",
        )


def _label(invoice: Any) -> str:
    return f"{invoice.number}, {invoice.customer_name}, {format_price(invoice.balance)}"


def _amount(balance: Decimal, how: str) -> Decimal:
    if how == BankFileForm.How.TOO_MUCH:
        return balance + A_LITTLE
    if how == BankFileForm.How.PART:
        return (balance / 2).quantize(Decimal("0.01"))
    return balance
