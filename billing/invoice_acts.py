"""What a treasurer can do to issued invoices, one or many: what will happen, and doing it."""

import uuid
from datetime import date
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from billing import gateway, operations
from billing.forms import (
    ActForm,
    CreditForm,
    PaymentForm,
    ReasonForm,
    RefundForm,
    SendAgainForm,
)
from billing.models import Invoice, Payment
from billing.money import ZERO, format_amount
from billing.operations.refunding import refundable, total
from billing.operations.reminding import next_step, steps_from_last

REFUSALS = (
    operations.CreditRefused,
    operations.PaymentRefused,
    operations.RefundRefused,
    operations.ReminderRefused,
    gateway.GatewayError,
)


class LeftOut(Exception):
    """This one is not among those it can be done to; says why."""


class Act:
    """`plan` says what will happen to an invoice (with its balance), `do` makes it happen."""

    name: str
    title: Any
    button: Any
    done: Any
    permission = "billing.change_invoice"
    form: type[ActForm] = ActForm
    only_one = False
    logs = False
    """Where no row of its own tells who did it, the admin's log does."""

    def __init__(self, today: date) -> None:
        self.today = today

    def plan(self, invoice: Any) -> str:
        raise NotImplementedError

    def do(self, invoice: Any, form: Any, by: Any) -> None:
        raise NotImplementedError

    def is_possible(self, invoice: Any) -> bool:
        try:
            self.plan(invoice)
        except LeftOut:
            return False
        return True


class Credit(Act):
    name = "credit"
    title = gettext_lazy("Credit")
    button = gettext_lazy("Issue the credit note")
    done = ngettext_lazy(
        "%(count)d invoice has been credited.", "%(count)d invoices have been credited.", "count"
    )
    form = CreditForm

    def plan(self, invoice: Any) -> str:
        if invoice.is_credit:
            raise LeftOut(_("A credit note cannot be credited."))
        left = invoice.total - invoice.credited
        if left <= 0 and invoice.credited:
            raise LeftOut(_("It is credited already."))
        return _("Up to %(amount)s is credited; the credit note is mailed to %(email)s.") % {
            "amount": format_amount(left),
            "email": invoice.customer_email,
        }

    def do(self, invoice: Any, form: CreditForm, by: Any) -> None:
        operations.credit_invoice(
            invoice=invoice,
            reason=form.cleaned_data["reason"],
            by=by,
            lines=form.chosen(),
            today=self.today,
            nth=form.cleaned_data.get("nth"),
        )


class Remind(Act):
    name = "remind"
    title = gettext_lazy("Remind now")
    button = gettext_lazy("Send the reminder")
    done = ngettext_lazy(
        "%(count)d reminder is on its way.", "%(count)d reminders are on their way.", "count"
    )
    logs = True

    def __init__(self, today: date) -> None:
        super().__init__(today)
        self.steps = steps_from_last()

    def plan(self, invoice: Any) -> str:
        if invoice.is_credit or invoice.balance <= 0:
            raise LeftOut(_("Nothing is left to pay."))
        sent = {reminder.level: reminder for reminder in invoice.reminders.all()}
        if any(localdate(reminder.sent_at) == self.today for reminder in sent.values()):
            raise LeftOut(_("It has been reminded of today."))
        step = next_step(self.steps, sent, invoice, self.today)
        if step is None:
            raise LeftOut(_("The invoice is not due yet."))
        return _("“%(heading)s” goes to %(email)s: %(amount)s left to pay.") % {
            "heading": getattr(step, f"name_{invoice.language}"),
            "email": invoice.customer_email,
            "amount": format_amount(invoice.balance),
        }

    def do(self, invoice: Any, form: ActForm, by: Any) -> None:
        operations.remind_now(invoice=invoice, by=by, today=self.today)


class RegisterPayment(Act):
    name = "payment"
    title = gettext_lazy("Register a payment")
    button = gettext_lazy("Enter the payment")
    done = ngettext_lazy("The payment is entered.", "The payments are entered.", "count")
    permission = "billing.add_payment"
    form = PaymentForm
    only_one = True

    def plan(self, invoice: Any) -> str:
        if invoice.is_credit:
            raise LeftOut(_("Payments are entered on the invoice, not on its credit note."))
        left = _("%(amount)s is left to pay.") % {"amount": format_amount(invoice.balance)}
        return f"{left} {_('A payment that settles the invoice sends the receipt.')}"

    def do(self, invoice: Any, form: PaymentForm, by: Any) -> None:
        answers = form.cleaned_data
        token: uuid.UUID = answers["token"]
        operations.register_payment(
            invoice=invoice,
            amount=answers["amount"],
            paid_on=answers["paid_on"],
            method=Payment.Method.OTHER,
            external_id=f"by-hand:{token}",
            by=by,
            note=answers["note"],
        )


class Refund(Act):
    name = "refund"
    title = gettext_lazy("Give back by card")
    button = gettext_lazy("Give back")
    done = ngettext_lazy("The money is on its way back.", "The money is on its way back.", "count")
    permission = "billing.add_payment"
    form = RefundForm
    only_one = True
    logs = True

    def plan(self, invoice: Any) -> str:
        left = ZERO if invoice.is_credit else total(refundable(invoice))
        if not left or not gateway.is_configured():
            raise LeftOut(_("No card payment to give back."))
        amount = format_amount(left)
        if invoice.balance >= 0:
            return _(
                "Up to %(amount)s goes back to the card. Credit what it was for, or the invoice "
                "is unpaid again and is reminded of."
            ) % {"amount": amount}
        return _("Up to %(amount)s goes back to the card; %(more)s more came in than was owed.") % {
            "amount": amount,
            "more": format_amount(-invoice.balance),
        }

    def do(self, invoice: Any, form: RefundForm, by: Any) -> None:
        answers = form.cleaned_data
        if answers["reason"]:
            operations.credit_invoice(
                invoice=invoice, reason=answers["reason"], by=by, today=self.today
            )
        operations.refund_card(
            invoice=invoice, amount=answers["amount"], token=answers["token"], by=by
        )


class WriteOff(Act):
    name = "write-off"
    title = gettext_lazy("Write off")
    button = gettext_lazy("Write off what is left")
    done = ngettext_lazy(
        "%(count)d invoice has been written off.",
        "%(count)d invoices have been written off.",
        "count",
    )
    permission = "billing.add_payment"
    form = ReasonForm

    def plan(self, invoice: Any) -> str:
        if invoice.is_credit or invoice.balance <= 0:
            raise LeftOut(_("Nothing is left to pay."))
        amount = format_amount(invoice.balance)
        return _("%(amount)s is given up. The customer is not told.") % {"amount": amount}

    def do(self, invoice: Any, form: ReasonForm, by: Any) -> None:
        reason = form.cleaned_data["reason"]
        operations.write_off(invoice=invoice, reason=reason, by=by, today=self.today)


class SendAgain(Act):
    name = "send-again"
    title = gettext_lazy("Send again")
    button = gettext_lazy("Send")
    done = ngettext_lazy(
        "%(count)d mail is on its way.", "%(count)d mails are on their way.", "count"
    )
    form = SendAgainForm
    logs = True

    def plan(self, invoice: Invoice) -> str:
        return _("Goes to %(email)s with the PDF.") % {"email": invoice.customer_email}

    def do(self, invoice: Invoice, form: SendAgainForm, by: Any) -> None:
        operations.send_again(invoice=invoice, by=by, to=form.cleaned_data.get("to", ""))


ACTS: dict[str, type[Act]] = {
    act.name: act for act in (Credit, Remind, RegisterPayment, Refund, WriteOff, SendAgain)
}
