"""The forms of my pages: everything that is one's own can be put right without asking anybody."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing.models import Invoice
from members.forms.fields import clean_phone, demand_readable, text_input
from members.forms.layout import EmployerFieldset, Notice
from members.forms.paying import HELP_TEXTS, WIDGETS, PayerFieldsMixin
from members.models import BillingDetails, User


class DetailsForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ("name", "phone", "employer", "title", "language")
        widgets = {
            "name": text_input("name"),
            "phone": text_input("tel", type="tel"),
            "employer": text_input("organization"),
            "title": text_input("organization-title"),
            "language": forms.RadioSelect,
        }
        help_texts = {"language": _("Of the mails and invoices that we send you.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        demand_readable(self.fields)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            *self.Meta.fields,
            Notice(_("We need this to know who our members are."), anchor="membership"),
            Submit("save", gettext("Save, this is right"), css_class="btn-primary"),
        )

    def clean_phone(self) -> str:
        return clean_phone(self.cleaned_data["phone"])


class PayerForm(PayerFieldsMixin, forms.ModelForm):
    """A new job on one page: where somebody works, and who pays from now on."""

    employer = forms.CharField(
        label=_("Employer"), max_length=120, required=False, widget=text_input("organization")
    )
    title = forms.CharField(
        label=_("Title"), max_length=120, required=False, widget=text_input("organization-title")
    )
    demanded_of_employer = ("name", "organisation_number", "street", "postcode", "city")
    optional_of_employer = (
        "email",
        "reference",
        "order_number",
        "cost_centre",
        "peppol_id",
    )

    class Meta:
        model = BillingDetails
        fields = (
            "payer",
            "name",
            "organisation_number",
            "care_of",
            "street",
            "postcode",
            "city",
            "email",
            "reference",
            "order_number",
            "cost_centre",
            "peppol_id",
            "is_collective",
        )
        widgets = {
            **WIDGETS,
            "name": text_input("organization"),
            "email": forms.EmailInput({"autocomplete": "off"}),
        }
        help_texts = {**HELP_TEXTS, "email": _("Empty: the invoice goes to you.")}

    def __init__(self, *args: Any, movable: Invoice | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person = self.instance.user
        self.initial.update(employer=person.employer, title=person.title)
        if self.instance.payer != BillingDetails.Payer.EMPLOYER:
            self.initial["name"] = person.employer
        demand_readable(self.fields)
        if movable:
            self.fields["move"] = forms.BooleanField(
                label=_("Send the unpaid invoice %(number)s to this payer instead")
                % {"number": movable.number},
                help_text=_("It is credited, and a new one is issued. This can be done once."),
                required=False,
            )
        self.helper = FormHelper()
        self.helper.layout = self._layout()

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.cleaned_data.get("payer") != BillingDetails.Payer.EMPLOYER:
            self.cleaned_data["is_collective"] = False
            self.cleaned_data["name"] = self.instance.user.name
        return cleaned

    def work(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("employer", "title")}

    def _layout(self) -> Layout:
        return Layout(
            "employer",
            "title",
            "payer",
            EmployerFieldset(
                _("Your employer"),
                "name",
                "organisation_number",
                "care_of",
                "street",
                "postcode",
                "city",
                *self.optional_of_employer,
                "is_collective",
            ),
            Notice(_("We need this to send the invoice to the right place."), anchor="payer"),
            *(["move"] if "move" in self.fields else []),
            Submit("save", gettext("Save"), css_class="btn-primary"),
        )
