"""An invoice by hand."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing import giro
from billing.forms.amounts import AmountField, DayField, QuantityField
from billing.models import Product
from billing.operations import Customer, Line
from billing.peppol import validate_peppol_id


class InvoiceForm(forms.Form):
    """Who is invoiced. The token makes a second click find the first click's invoice."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(label=_("customer"), max_length=200)
    address = forms.CharField(
        label=_("address"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    email = forms.EmailField(label=_("e-mail for invoices"))
    language = forms.ChoiceField(label=_("language"), choices=settings.LANGUAGES)
    organisation_number = forms.CharField(
        label=_("organisation number"), max_length=13, required=False
    )
    vat_number = forms.CharField(label=_("VAT number"), max_length=20, required=False)
    reference = forms.CharField(label=_("your reference"), max_length=100, required=False)
    order_number = forms.CharField(label=_("purchase order number"), max_length=50, required=False)
    cost_centre = forms.CharField(label=_("cost centre"), max_length=50, required=False)
    peppol_id = forms.CharField(
        label=_("Peppol id"), max_length=60, required=False, validators=[validate_peppol_id]
    )
    due_on = DayField(
        label=_("due date"), required=False, help_text=_("Empty: as the payment terms say.")
    )
    account = forms.EmailField(
        label=_("account"),
        required=False,
        help_text=_("E-mail of a person who shall see it on their own pages."),
    )

    def clean_address(self) -> str:
        """One line a row, without what browsers end lines with."""
        return "\n".join(self.cleaned_data["address"].splitlines())

    def clean_organisation_number(self) -> str:
        typed: str = self.cleaned_data["organisation_number"]
        return giro.normalise_organisation_number(typed) if typed else ""

    def clean_due_on(self) -> date | None:
        day: date | None = self.cleaned_data["due_on"]
        if day and day < timezone.localdate():
            raise ValidationError(_("That day has passed."))
        return day

    def clean_account(self) -> Any:
        typed = self.cleaned_data["account"]
        if not typed:
            return None
        person = get_user_model().objects.filter(email__iexact=typed).first()
        if person is None:
            raise ValidationError(_("Nobody has an account with this address."))
        return person

    @property
    def source(self) -> str:
        return f"by-hand:{self.cleaned_data['token']}"

    @property
    def customer(self) -> Customer:
        names = [
            "name",
            "address",
            "email",
            "language",
            "organisation_number",
            "vat_number",
            "reference",
            "order_number",
            "cost_centre",
            "peppol_id",
        ]
        return Customer(**{name: self.cleaned_data[name] for name in names})


class InvoiceLineForm(forms.Form):
    product = forms.ModelChoiceField(Product.objects.order_by("code"), label=_("product"))
    text = forms.CharField(label=_("text"), max_length=250, required=False)
    detail = forms.CharField(label=_("detail"), max_length=250, required=False)
    quantity = QuantityField(
        label=_("quantity"),
        initial=Decimal(1),
        min_value=Decimal("0.01"),
        max_value=Decimal(1_000_000),
    )
    unit_price = AmountField(label=_("price each, including VAT"), min_value=0)

    def line(self, language: str) -> Line:
        product, cleaned = self.cleaned_data["product"], self.cleaned_data
        return Line(
            product=product,
            text=cleaned["text"] or getattr(product, f"name_{language}"),
            detail=cleaned["detail"],
            quantity=cleaned["quantity"],
            unit_price=cleaned["unit_price"],
        )


InvoiceLines = forms.formset_factory(
    InvoiceLineForm, extra=3, min_num=1, validate_min=True, max_num=100, validate_max=True
)
