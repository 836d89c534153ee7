"""Who pays: the fields of the payer, in the form to join and on my pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.forms.fields import clean_postcode, text_input
from members.models import BillingDetails

EMPLOYER = BillingDetails.Payer.EMPLOYER


class PayerFieldsMixin(forms.BaseModelForm):
    """An employer that pays must be named in full; whoever pays for themselves is asked nothing.

    What was typed about an employer stays in the form, but is neither judged nor kept unless the
    employer pays.
    """

    demanded_of_employer: tuple[str, ...]
    optional_of_employer: tuple[str, ...]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unclear = _("Say who pays: you or your employer.")
        self.fields["payer"].error_messages.update(required=unclear, invalid_choice=unclear)
        for name in self.demanded_of_employer:
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = _("Needed when your employer pays.")

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.cleaned_data.get("payer") != EMPLOYER:
            self._forget_employer()
        return cleaned

    def _forget_employer(self) -> None:
        for name in ("care_of", *self.demanded_of_employer, *self.optional_of_employer):
            self.errors.pop(name, None)
            if name in self.fields:
                self.cleaned_data[name] = ""

    def clean_postcode(self) -> str:
        return clean_postcode(self.cleaned_data["postcode"])


WIDGETS: dict[str, forms.Widget | type[forms.Widget]] = {
    "payer": forms.RadioSelect,
    "organisation_number": text_input("off", inputmode="numeric"),
    "street": text_input("address-line1"),
    "postcode": text_input("postal-code", inputmode="numeric"),
    "city": text_input("address-level2"),
    "reference": text_input("off"),
    "order_number": text_input("off"),
    "cost_centre": text_input("off"),
    "peppol_id": text_input("off"),
}
HELP_TEXTS = {
    "organisation_number": _("Ten digits, such as 802999-9995."),
    "reference": _("A name or code that your finance department wants on the invoice."),
    "peppol_id": _("For e-invoices, such as 0007:8029999995."),
}
