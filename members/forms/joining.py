"""The form to become a member. It works without script and keeps what was typed."""

import uuid
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing.money import format_price
from members import fees
from members.forms.fields import clean_mecenat_number, clean_phone, demand_readable, text_input
from members.forms.layout import EmployerFieldset, Group, Notice
from members.forms.paying import HELP_TEXTS, WIDGETS, PayerFieldsMixin
from members.models import Application, BillingDetails, ConsentText, MembershipKind, User
from privacy.human_check import HumanCheckLayout, HumanCheckMixin

LONGEST_STUDIES = timedelta(days=10 * 366)


class JoinForm(HumanCheckMixin, forms.ModelForm):
    """What every applicant is asked. `kind` and `language` are decided by the page."""

    # Text, so that a token somebody has tampered with is replaced and not complained of.
    form_token = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Application
        fields: Sequence[str] = ("name", "email", "phone")
        widgets: dict[str, Any] = {
            "name": text_input("name"),
            "email": forms.EmailInput({"autocomplete": "email"}),
            "phone": text_input("tel", type="tel"),
        }

    def __init__(
        self, *args: Any, kind: MembershipKind, language: str, today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.language, self.today = kind, language, today
        self.initial.setdefault("form_token", str(uuid.uuid4()))
        self.instance.kind, self.instance.language = kind, language
        self._add_consents()
        demand_readable(self.fields)
        self.helper = self._helper()

    # --- Consents ---------------------------------------------------------------------------

    def _add_consents(self) -> None:
        """One box each, unticked; none is needed."""
        texts = ConsentText.objects.offered().filter(language=self.language).order_by("pk")
        self.texts = {f"consent_{text.pk}": text for text in texts}
        for name, text in self.texts.items():
            self.fields[name] = forms.BooleanField(label=text.body, required=False)
        self.same_for_all = set(self.texts)

    def consents(self) -> list[ConsentText]:
        """The texts whose box was ticked."""
        return [text for name, text in self.texts.items() if self.cleaned_data.get(name)]

    # --- Cleaning ---------------------------------------------------------------------------

    def clean_form_token(self) -> uuid.UUID:
        try:
            return uuid.UUID(self.cleaned_data["form_token"])
        except ValueError:
            return uuid.uuid4()

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()

    def clean_phone(self) -> str:
        return clean_phone(self.cleaned_data["phone"])

    def application(self) -> Application:
        """Filled in and not saved; what becomes of it is `operations.apply`'s."""
        application: Application = self.save(commit=False)
        application.form_token = self.cleaned_data["form_token"]
        return application

    # --- Layout -----------------------------------------------------------------------------

    def _helper(self) -> FormHelper:
        helper = FormHelper()
        helper.layout = Layout("form_token", *self.groups(), HumanCheckLayout(), self._submit())
        return helper

    def groups(self) -> list[Any]:
        raise NotImplementedError

    def _consents_group(self) -> Group:
        return Group(
            _("Only if you want to"),
            *self.texts,
            Notice(
                _(
                    "Voluntary. Your membership does not depend on it, and you can take a yes "
                    "back at any time on My pages."
                ),
                anchor="consent-proof",
            ),
        )

    def _submit(self) -> Submit:
        return Submit("send", gettext("Apply for membership"), css_class="btn-primary")


def payer_answers(person: User) -> dict[str, str]:
    """Who pays, as the form to join asks it, of somebody who has said so once."""
    details = BillingDetails.objects.filter(user=person).first()
    if details is None or details.payer != BillingDetails.Payer.EMPLOYER:
        return {}
    same = (
        *("payer", "organisation_number", "street", "postcode", "city"),
        *("reference", "order_number", "cost_centre", "peppol_id"),
    )
    answers = {name: getattr(details, name) for name in same}
    return {**answers, "payer_name": details.name, "invoice_email": details.email}


class OrdinaryForm(PayerFieldsMixin, JoinForm):
    demanded_of_employer = ("payer_name", "organisation_number", "street", "postcode", "city")
    optional_of_employer = (
        "invoice_email",
        "reference",
        "order_number",
        "cost_centre",
        "peppol_id",
    )

    class Meta(JoinForm.Meta):
        fields = (
            "name",
            "email",
            "phone",
            "employer",
            "title",
            "payer",
            "payer_name",
            "organisation_number",
            "street",
            "postcode",
            "city",
            "invoice_email",
            "reference",
            "order_number",
            "cost_centre",
            "peppol_id",
        )
        widgets = {
            **JoinForm.Meta.widgets,
            **WIDGETS,
            "employer": text_input("organization"),
            "title": text_input("organization-title"),
            "payer_name": text_input("organization"),
            "invoice_email": forms.EmailInput({"autocomplete": "off"}),
        }
        help_texts = {
            **HELP_TEXTS,
            "invoice_email": _("Empty: the invoice goes to you."),
        }

    def groups(self) -> list[Any]:
        return [
            Group(
                _("About you"),
                "name",
                "email",
                "phone",
                "employer",
                "title",
                Notice(_("We need this to know who our members are."), anchor="membership"),
            ),
            Group(
                _("The fee"),
                "payer",
                EmployerFieldset(
                    _("Your employer"), *self.demanded_of_employer, *self.optional_of_employer
                ),
                Notice(_("We need this to send the invoice to the right place."), anchor="payer"),
            ),
            *([self._consents_group()] if self.texts else []),
        ]


class StudentForm(JoinForm):
    is_employed = forms.TypedChoiceField(
        label=_("Are you employed at a company?"),
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )

    class Meta(JoinForm.Meta):
        fields = (
            "name",
            "email",
            "phone",
            "school",
            "mecenat_number",
            "studies_end_on",
            "is_employed",
        )
        widgets = {
            **JoinForm.Meta.widgets,
            "school": text_input("off"),
            "mecenat_number": text_input("off", inputmode="numeric"),
            "studies_end_on": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, ordinary: MembershipKind, **kwargs: Any) -> None:
        self.ordinary = ordinary
        super().__init__(*args, **kwargs)
        self.fields["is_employed"].choices = self._answers()  # type: ignore[attr-defined]
        self.same_for_all.add("is_employed")
        for name in ("school", "mecenat_number", "studies_end_on"):
            self.fields[name].required = True

    def _answers(self) -> list[tuple[str, str]]:
        """What follows from the answer stands beside it, before it is given."""
        fee = format_price(fees.fee_on(self.ordinary.fees.all(), self.today))
        yes = gettext("Yes. Then %(kind)s applies, %(fee)s a year.")
        return [
            ("no", gettext("No")),
            ("yes", yes % {"kind": str(self.ordinary.name).lower(), "fee": fee}),
        ]

    def clean_mecenat_number(self) -> str:
        return clean_mecenat_number(self.cleaned_data["mecenat_number"])

    def clean_studies_end_on(self) -> date:
        last_day: date = self.cleaned_data["studies_end_on"]
        if last_day < self.today:
            raise ValidationError(_("This day has passed. When do your present studies end?"))
        if last_day > self.today + LONGEST_STUDIES:
            raise ValidationError(_("This day is very far away. Please check the year."))
        return last_day

    def prefill_ordinary(self) -> dict[str, Any]:
        """What an employed student need not type again."""
        kept = {name: self.cleaned_data[name] for name in JoinForm.Meta.fields}
        ticked = {name: self.cleaned_data[name] for name in self.texts}
        return {**kept, **ticked, "payer": BillingDetails.Payer.PRIVATE}

    def groups(self) -> list[Any]:
        return [
            Group(
                _("About you"),
                "name",
                "email",
                "phone",
                Notice(_("We need this to know who our members are."), anchor="membership"),
            ),
            Group(
                _("Your studies"),
                "school",
                "mecenat_number",
                "studies_end_on",
                "is_employed",
                Notice(_("We need this to give you the fee for students."), anchor="studies"),
            ),
            *([self._consents_group()] if self.texts else []),
        ]
