"""What is asked before something is done to invoices that are issued."""

import uuid
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing.forms.amounts import AmountField, DayField, QuantityField
from billing.models import Invoice, InvoiceLine
from billing.money import ZERO, format_amount, format_quantity
from billing.operations import CreditLine, creditable
from billing.operations.refunding import refundable, total


class ActForm(forms.Form):
    """What is asked between a button and what it does; `invoices` are those it is done to."""

    def __init__(self, *args: Any, invoices: Sequence[Invoice], **options: Any) -> None:
        super().__init__(*args, **options)
        self.invoices = invoices

    @property
    def only(self) -> Any:
        """The one invoice, where it is one."""
        return self.invoices[0] if len(self.invoices) == 1 else None


class ReasonForm(ActForm):
    reason = forms.CharField(label=_("reason"), max_length=200)


class CreditForm(ReasonForm):
    """Of a single invoice, lines and quantities can be chosen."""

    reason = forms.CharField(
        label=_("reason"), max_length=200, help_text=_("Stands on the credit note.")
    )
    nth = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.lines: dict[str, InvoiceLine] = {}
        if self.only:
            self.fields["nth"].initial = self.only.credit_notes.count() + 1
            self._add_lines()

    def _add_lines(self) -> None:
        for line, left in creditable(self.only).items():
            if left <= 0:
                continue
            name = f"line_{line.pk}"
            self.lines[name] = line
            self.fields[name] = QuantityField(
                label=gettext("Credit of “%(line)s”") % {"line": line.text},
                help_text=gettext("At most %(left)s, at %(price)s each. 0 leaves the line out.")
                % {"left": format_quantity(left), "price": format_amount(line.unit_price)},
                min_value=0,
                max_value=left,
                initial=left,
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        quantities = [cleaned.get(name) for name in self.lines]
        if self.lines and not any(quantity is None or quantity for quantity in quantities):
            raise ValidationError(_("Credit at least one line."))
        return cleaned

    def chosen(self) -> list[CreditLine] | None:
        """None means all that is left."""
        if not self.lines:
            return None
        return [CreditLine(line, self.cleaned_data[name]) for name, line in self.lines.items()]


class PaymentForm(ActForm):
    amount = AmountField(label=_("amount"), help_text=_("With a minus: money given back."))
    paid_on = DayField(label=_("date"))
    note = forms.CharField(
        label=_("note"),
        max_length=200,
        help_text=_("Where the money is: cash, Swish, a note of the bank."),
    )
    exceeds = forms.BooleanField(label=_("It really is more than what is left"), required=False)
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.update(paid_on=timezone.localdate(), token=uuid.uuid4())
        if self.only and self.only.balance:
            self.initial["amount"] = self.only.balance

    def clean_amount(self) -> Decimal:
        amount: Decimal = self.cleaned_data["amount"]
        if not amount:
            raise ValidationError(_("The amount is zero."))
        return amount

    def clean_paid_on(self) -> date:
        day: date = self.cleaned_data["paid_on"]
        if day > timezone.localdate():
            raise ValidationError(_("That day has not come yet."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        amount, left = cleaned.get("amount"), max(self.only.balance, ZERO)
        if amount and amount > left and not cleaned.get("exceeds"):
            message = _("%(left)s is left to pay. Tick the box if more has really come.")
            self.add_error(
                "exceeds", ValidationError(message, params={"left": format_amount(left)})
            )
        return cleaned


class RefundForm(ActForm):
    amount = AmountField(label=_("amount"), min_value=Decimal("0.01"))
    reason = forms.CharField(
        label=_("credit the whole invoice first, because"),
        max_length=200,
        required=False,
        help_text=_("Stands on the credit note. Empty: nothing is credited now."),
    )
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.left = total(refundable(self.only))
        over = -self.only.balance
        self.initial.update(token=uuid.uuid4(), amount=min(over, self.left) if over > 0 else None)

    def clean_amount(self) -> Decimal:
        amount: Decimal = self.cleaned_data["amount"]
        if amount > self.left:
            message = _("At most %(amount)s can be given back by card.")
            raise ValidationError(message, params={"amount": format_amount(self.left)})
        return amount


class SendAgainForm(ActForm):
    to = forms.EmailField(
        label=_("to another address"),
        required=False,
        help_text=_("Empty: to the customer's own, as the first time."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not self.only:
            del self.fields["to"]
