"""Who comes and who pays: the check-out, and the waiting list for visitors."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from billing import giro
from billing.operations import Customer
from billing.peppol import validate_peppol_id
from events import cart
from events.cart import Seat
from events.editions import edition, page_language
from events.operations import Attendee
from members.forms.fields import clean_postcode, one_line, text_input
from members.forms.layout import EmployerFieldset, Group, Notice
from members.forms.paying import HELP_TEXTS
from members.models import Application, BillingDetails, User
from members.operations import ordinary_kind
from privacy.human_check import HumanCheckLayout, HumanCheckMixin
from privacy.rate_limits import Limit

Payer = BillingDetails.Payer
# A whole office may book in the last hour, each by themselves and all on one address for invoices.
TO_WHO_PAYS = Limit("form-invoice-email", most=60, seconds=3600)
EMPLOYERS = ("organisation_number", "reference", "order_number", "cost_centre", "peppol_id")


def checkout_form(
    request: HttpRequest, seats: Sequence[Seat], person: User | None, *, joins: bool = False
) -> "CheckoutForm":
    """Visitors show that they are no machine; people with an account have done so."""
    data = request.POST if request.method == "POST" else None
    if person is None:
        return GuestCheckoutForm(
            data, seats=seats, person=None, joins=joins, request=request, action="checkout"
        )
    return CheckoutForm(data, seats=seats, person=person, joins=joins)


def _line(label: Any, autocomplete: str, length: int, **more: Any) -> forms.CharField:
    widget = text_input(autocomplete, **more.pop("attributes", {}))
    validators = [one_line, *more.pop("validators", [])]
    return forms.CharField(
        label=label, max_length=length, widget=widget, validators=validators, **more
    )


class CheckoutForm(forms.Form):
    """The fields depend on the cart: a name for each seat that is not one's own, and the payer."""

    payer = forms.ChoiceField(
        label=_("Who pays?"), choices=Payer.choices, initial=Payer.PRIVATE, widget=forms.RadioSelect
    )
    payer_name = _line(_("Name on the invoice"), "name", 200)
    invoice_email = forms.EmailField(
        label=_("E-mail for the invoice"), widget=forms.EmailInput({"autocomplete": "email"})
    )
    street = _line(_("Street or box"), "address-line1", 120)
    postcode = _line(_("Postcode"), "postal-code", 10, attributes={"inputmode": "numeric"})
    city = _line(_("Town"), "address-level2", 80)
    organisation_number = _line(
        _("Organisation number"),
        "off",
        30,
        required=False,
        help_text=HELP_TEXTS["organisation_number"],
        attributes={"inputmode": "numeric"},
    )
    reference = _line(
        _("Your reference"), "off", 100, required=False, help_text=HELP_TEXTS["reference"]
    )
    order_number = _line(_("Purchase order number"), "off", 50, required=False)
    cost_centre = _line(_("Cost centre"), "off", 50, required=False)
    peppol_id = _line(
        _("Peppol id"),
        "off",
        60,
        required=False,
        help_text=HELP_TEXTS["peppol_id"],
        validators=[validate_peppol_id],
    )
    accepts_terms = forms.BooleanField(
        label=_("I have read the terms and accept them."),
        error_messages={"required": _("You need to accept the terms to book.")},
    )

    def __init__(
        self,
        *args: Any,
        seats: Sequence[Seat],
        person: User | None,
        joins: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.seats, self.person, self.joins = seats, person, joins
        self.costs = cart.total(seats) > 0
        if joins and person is None:
            self._ask_for_joiner()
        for number, seat in enumerate(self.nameless(), start=1):
            self._ask_for_attendee(seat, number)
        self._in_the_order_of_the_page()
        if self.costs or joins:
            self.initial = {**_known_payer(person), **self.initial}
        else:
            for name in [n for n in self.fields if n in PAYER_FIELDS]:
                del self.fields[name]
        self.helper = self._helper()

    def nameless(self) -> list[Seat]:
        return [seat for seat in self.seats if seat.person is None and not seat.joins]

    def _ask_for_joiner(self) -> None:
        """Once, however many events the new member attends."""
        self.fields["join_name"] = _line(_("Name"), "name", 120)
        self.fields["join_email"] = forms.EmailField(
            label=_("E-mail"),
            help_text=_("We mail a link there: your membership begins when you have followed it."),
            widget=forms.EmailInput({"autocomplete": "email"}),
        )
        self.fields["join_employer"] = _line(_("Employer"), "organization", 120, required=False)

    def _in_the_order_of_the_page(self) -> None:
        """So the summary of errors reads as the page does."""
        declared = [name for name in self.fields if name in self.base_fields]
        self.order_fields([*(name for name in self.fields if name not in declared), *declared])

    def _ask_for_attendee(self, seat: Seat, number: int) -> None:
        key, booking = seat.booking.public_id.hex, seat.booking
        own = {"autocomplete": "section-" + key}
        email = forms.EmailField(
            label=_("E-mail"),
            initial=booking.email,
            widget=forms.EmailInput({"autocomplete": f"section-{key} email"}),
        )
        self.fields[f"name_{key}"] = _line(
            _("Name"), f"{own['autocomplete']} name", 120, initial=booking.name
        )
        self.fields[f"email_{key}"] = email
        self.fields[f"employer_{key}"] = _line(
            _("Employer"),
            f"{own['autocomplete']} organization",
            120,
            initial=booking.employer,
            required=False,
        )
        if len(self.nameless()) > 1:
            for name in ("name", "email", "employer"):
                field = self.fields[f"{name}_{key}"]
                field.in_summary = _("%(field)s, seat %(number)d") % {  # type: ignore[attr-defined]
                    "field": field.label,
                    "number": number,
                }

    # --- What was answered ------------------------------------------------------------------

    def clean_postcode(self) -> str:
        return clean_postcode(self.cleaned_data["postcode"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("payer") == Payer.EMPLOYER:
            self._clean_organisation_number()
        else:
            # What was typed of an employer stays in the form, but is neither judged nor kept.
            for name in EMPLOYERS:
                self.errors.pop(name, None)
                cleaned[name] = ""
        return cleaned

    def _clean_organisation_number(self) -> None:
        typed = self.cleaned_data.get("organisation_number", "")
        try:
            if not typed:
                raise ValidationError(_("Needed when your employer pays."))
            number = giro.normalise_organisation_number(typed)
            self.cleaned_data["organisation_number"] = number
        except ValidationError as error:
            self.add_error("organisation_number", error)

    def attendees(self) -> Mapping[uuid.UUID, Attendee]:
        """Of every seat that is not an account's."""
        joining = [seat for seat in self.seats if seat.joins and seat.person is None]
        return {
            **{seat.booking.public_id: self._joiner() for seat in joining},
            **{seat.booking.public_id: self._attendee(seat) for seat in self.nameless()},
        }

    def _attendee(self, seat: Seat) -> Attendee:
        key, answer = seat.booking.public_id.hex, self.cleaned_data
        return Attendee(
            name=answer[f"name_{key}"],
            email=answer[f"email_{key}"],
            employer=answer[f"employer_{key}"],
        )

    def payer_customer(self) -> Customer | None:
        """None when there is nothing to pay."""
        if not self.costs:
            return None
        answer = self.cleaned_data
        return Customer(
            name=answer["payer_name"],
            email=answer["invoice_email"].lower(),
            language=self.person.language if self.person else page_language(),
            address=f"{answer['street']}\n{answer['postcode']} {answer['city']}",
            **{name: answer[name] for name in EMPLOYERS},
        )

    def _joiner(self) -> Attendee:
        answer = self.cleaned_data
        return Attendee(
            name=answer["join_name"], email=answer["join_email"], employer=answer["join_employer"]
        )

    def application(self) -> Application | None:
        """For the membership in the cart, not saved; the payer is the one of the seats."""
        if not self.joins:
            return None
        answer, person = self.cleaned_data, self.person
        who = Attendee(name=person.name, email=person.email) if person else self._joiner()
        paid_by_employer = answer["payer"] == Payer.EMPLOYER
        kept = ("payer", "street", "postcode", "city", *EMPLOYERS)
        return Application(
            form_token=uuid.uuid4(),
            kind=ordinary_kind(),
            name=who.name,
            email=who.email,
            employer=who.employer,
            language=person.language if person else page_language(),
            payer_name=answer["payer_name"] if paid_by_employer else "",
            invoice_email=answer["invoice_email"].lower(),
            **{name: answer[name] for name in kept},
        )

    # --- Layout -----------------------------------------------------------------------------

    def _helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.layout = Layout(*self._groups())
        return helper

    def _groups(self) -> Iterator[Any]:
        if "join_name" in self.fields:
            joiner = ("join_name", "join_email", "join_employer")
            yield Group(
                _("You who become a member"), *joiner, Notice(_JOINING, anchor="membership")
            )
        for number, seat in enumerate(self.nameless(), start=1):
            yield _attendee_group(number, seat)
        if self.nameless():
            yield Notice(_PEOPLE, anchor="events")
        if self.costs or self.joins:
            yield Group(
                _("The invoice"),
                *("payer", "payer_name", "invoice_email", "street", "postcode", "city"),
                EmployerFieldset(_("Your employer"), *EMPLOYERS),
                Notice(_PAYING, anchor=""),
            )


class GuestCheckoutForm(HumanCheckMixin, CheckoutForm):
    """For visitors. The address that gets most mail is counted against misuse."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = next((name for name in self.fields if name.startswith("email_")), "")
        if self.costs or self.joins:
            self.checked_email, self.mails = "invoice_email", TO_WHO_PAYS
        else:
            self.checked_email = first


class GuestWaitingForm(HumanCheckMixin, forms.Form):
    """A place in line for a visitor. Nothing is paid."""

    name = _line(_("Name"), "name", 120)
    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput({"autocomplete": "email"}))
    employer = _line(_("Employer"), "organization", 120, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        notice = Notice(_WAITING, anchor="events")
        self.helper.layout = Layout(Div(*self.fields), notice, HumanCheckLayout())

    def attendee(self) -> Attendee:
        return Attendee(**self.cleaned_data)


PAYER_FIELDS = frozenset(
    {"payer", "payer_name", "invoice_email", "street", "postcode", "city", *EMPLOYERS}
)
_PEOPLE = _(
    "Everyone gets a mail with the confirmation, and with who booked. Name and e-mail are all we "
    "need; they are deleted six months after the event, or two years after it for those who get a "
    "certificate."
)
_PAYING = _("The law demands name and address on an invoice, and that we keep it for seven years.")
_JOINING = _("We need this to know who our members are and to book your own seats.")
_WAITING = _("We need this to offer you a seat when one is free. It is deleted after the event.")


def _attendee_group(number: int, seat: Seat) -> Fieldset:
    key, title = seat.booking.public_id.hex, str(edition(seat.booking.event).title)
    legend = pgettext_lazy("seat", "Seat %(number)s: %(event)s") % {
        "number": number,
        "event": title,
    }
    return Fieldset(legend, f"name_{key}", f"email_{key}", f"employer_{key}")


def _known_payer(person: User | None) -> dict[str, Any]:
    """What the person has told us already."""
    if person is None:
        return {}
    details = BillingDetails.objects.filter(user=person).first()
    if details is None:
        return {"payer_name": person.name, "invoice_email": person.email}
    kept = ("payer", "street", "postcode", "city", *EMPLOYERS)
    known = {name: getattr(details, name) for name in kept}
    return {**known, "payer_name": details.name, "invoice_email": details.invoice_email}
