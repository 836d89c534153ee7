"""What staff types for an event: who walked in, who is booked by telephone, and messages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing import giro
from billing.operations import Customer
from events.models import Booking, Event, Message
from events.operations import Attendee, Registration
from events.operations.planning import MOST_OF_A_SERIES, MOST_WEEKS
from members.forms.fields import one_line, text_input


class WalkInForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=120, validators=[one_line], widget=text_input("off")
    )
    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput({"autocomplete": "off"}))
    employer = forms.CharField(
        label=_("Employer"),
        max_length=120,
        required=False,
        validators=[one_line],
        widget=text_input("off"),
    )

    def attendee(self) -> Attendee:
        wanted = ("name", "email", "employer")
        return Attendee(**{name: self.cleaned_data[name] for name in wanted})


class RegisterForm(WalkInForm):
    """Booked by staff for somebody who rang or wrote."""

    mode = forms.ChoiceField(label=_("Where"), choices=Booking.Mode.choices)
    language = forms.ChoiceField(label=_("Language of the mails"))
    has_account = forms.BooleanField(
        label=_(
            "They have an account with this address: book it there, at the price that is theirs."
        ),
        required=False,
    )
    is_guest_of_ours = forms.BooleanField(
        label=_("Free of charge: a speaker or a guest of ours."), required=False
    )
    payer_name = forms.CharField(
        label=_("Name on the invoice"), max_length=200, required=False, widget=text_input("off")
    )
    payer_address = forms.CharField(
        label=_("Address on the invoice"),
        max_length=300,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    invoice_email = forms.EmailField(label=_("E-mail for the invoice"), required=False)
    organisation_number = forms.CharField(
        label=_("Organisation number"), max_length=30, required=False, widget=text_input("off")
    )
    reference = forms.CharField(
        label=_("Your reference"),
        max_length=100,
        required=False,
        validators=[one_line],
        widget=text_input("off"),
    )
    order_number = forms.CharField(
        label=_("Purchase order number"),
        max_length=50,
        required=False,
        validators=[one_line],
        widget=text_input("off"),
    )
    beyond_capacity = forms.BooleanField(
        label=_("Also if the event is full: one seat more than the capacity."), required=False
    )

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = dict(Booking.Mode.choices)
        languages = Booking._meta.get_field("language").choices
        self.fields["mode"].choices = [(mode, labels[mode]) for mode in event.modes]  # type: ignore[attr-defined]
        self.fields["language"].choices = languages  # type: ignore[attr-defined]

    def clean_organisation_number(self) -> str:
        typed = self.cleaned_data["organisation_number"]
        return giro.normalise_organisation_number(typed) if typed else ""

    def registration(self) -> Registration:
        answer = self.cleaned_data
        payer = Customer(
            name=answer["payer_name"],
            email=(answer["invoice_email"] or answer["email"]).lower(),
            address=answer["payer_address"],
            language=answer["language"],
            organisation_number=answer["organisation_number"],
            reference=answer["reference"],
            order_number=answer["order_number"],
        )
        return Registration(
            person=self.attendee(),
            mode=answer["mode"],
            language=answer["language"],
            has_account=answer["has_account"],
            is_guest_of_ours=answer["is_guest_of_ours"],
            payer=payer if answer["payer_name"] and answer["payer_address"] else None,
            beyond_capacity=answer["beyond_capacity"],
        )


class MessageForm(forms.ModelForm):
    class Meta:
        model = Message
        fields = ["receivers", "subject_sv", "body_sv", "subject_en", "body_en"]
        widgets = {
            "body_sv": forms.Textarea({"rows": 8}),
            "body_en": forms.Textarea({"rows": 8}),
        }


class SeriesForm(forms.Form):
    number = forms.IntegerField(
        label=_("How many more"), min_value=1, max_value=MOST_OF_A_SERIES, initial=3
    )
    weeks = forms.IntegerField(label=_("Weeks apart"), min_value=1, max_value=MOST_WEEKS, initial=4)
