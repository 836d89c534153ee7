"""One transaction of the bank: what it says, what it may belong to, and matching it by hand."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from billing import giro, operations
from billing.admin.reading import page
from billing.forms import NoteForm, RestForm, Shares
from billing.models import BankTransaction
from billing.money import ZERO, format_amount, format_figure
from billing.operations import MatchRefused, PaymentRefused, Share
from billing.suggestions import payout_for, suggestions


def amount_of(row: BankTransaction) -> str:
    if row.currency == "SEK":
        return format_amount(row.amount)
    return f"{format_figure(row.amount)} {row.currency}"


def said(row: BankTransaction) -> str:
    """What the payer gave as reference, or else wrote."""
    return ", ".join(reference["value"] for reference in row.references) or row.text


def show(request: HttpRequest, object_id: str, admin: ModelAdmin, **forms: Any) -> HttpResponse:
    row: Any = admin.get_object(request, object_id)
    if row is None:
        raise Http404
    rest = row.amount - row.matched
    can_match = request.user.has_perms(["billing.change_banktransaction", "billing.add_payment"])
    return page(
        request,
        admin,
        "banktransaction/transaction.html",
        original=row,
        title=_("%(amount)s from %(payer)s")
        % {"amount": amount_of(row), "payer": row.payer_name or _("unknown payer")},
        facts=_facts(row),
        rest=format_amount(rest),
        why=row.get_problem_display() if row.problem else "",
        payments=[
            (payment.invoice, format_amount(payment.amount))
            for payment in row.payments.select_related("invoice").order_by("pk")
        ],
        can_match=can_match,
        can_send_back=rest > ZERO,
        payout=payout_for(row, rest) if row.waits and can_match else None,
        suggestions=_shown(row, rest) if row.waits and can_match else [],
        # In several forms of the page: an id would stand there as often.
        rest_form=RestForm(initial={"rest": rest}, auto_id=False),
        shares=forms.get("shares") or Shares(),
        note_form=forms.get("note_form") or NoteForm(),
    )


def _facts(row: BankTransaction) -> list[tuple[str, Any]]:
    facts = [
        (pgettext("bank", "Booked"), row.booked_on),
        (_("Amount"), amount_of(row)),
        (_("Payer"), row.payer_name),
        (_("Account"), row.payer_account),
        (_("References"), ", ".join(reference["value"] for reference in row.references)),
        (_("Text"), row.text),
        (_("File"), row.file),
        (_("The bank's number"), row.external_id),
    ]
    return [(label, value) for label, value in facts if value]


def _shown(row: BankTransaction, rest: Any) -> list[dict[str, Any]]:
    return [
        {
            "invoice": found.invoice,
            "balance": format_amount(found.invoice.balance),
            "organisation_number": giro.format_organisation_number(
                found.invoice.customer_organisation_number
            ),
            "amount": format_amount(found.amount),
            "why": found.why,
        }
        for found in suggestions(row, rest)
    ]


# --- What is done to it ---------------------------------------------------------------------


@require_POST
def match(request: HttpRequest, pk: int, admin: ModelAdmin) -> HttpResponse:
    """One click on a suggestion: as much as it said."""
    row = get_object_or_404(BankTransaction, pk=pk)
    rest_form = RestForm(request.POST)
    chosen = request.POST.get("invoice", "")
    rest = rest_form.cleaned_data["rest"] if rest_form.is_valid() else row.rest()
    for found in suggestions(row, rest):
        if str(found.invoice.pk) == chosen:
            return _match(request, row, [Share(found.invoice, found.amount)], rest)
    messages.error(request, _("That is no suggestion any more."))
    return _back(row)


@require_POST
def split(request: HttpRequest, pk: int, admin: ModelAdmin) -> HttpResponse:
    """Over the invoices that staff names, with an amount for each."""
    row = get_object_or_404(BankTransaction, pk=pk)
    rest_form, shares = RestForm(request.POST), Shares(request.POST)
    if not (rest_form.is_valid() and shares.is_valid()):
        return show(request, str(pk), admin, shares=shares)
    named = [form.share() for form in shares if form.has_changed()]
    return _match(request, row, named, rest_form.cleaned_data["rest"])


def _match(
    request: HttpRequest, row: BankTransaction, shares: Iterable[Share], rest: Any
) -> HttpResponse:
    try:
        payments = operations.match_by_hand(
            row=row, shares=list(shares), rest=rest, by=request.user
        )
    except (MatchRefused, PaymentRefused) as refusal:
        messages.error(request, str(refusal))
        return _back(row)
    for payment in payments:
        told = {"amount": format_amount(payment.amount), "invoice": payment.invoice.number}
        messages.success(request, _("%(amount)s is entered on %(invoice)s.") % told)
    return _back(row) if row.rest() else _queue()


@require_POST
def set_aside(request: HttpRequest, pk: int, admin: ModelAdmin) -> HttpResponse:
    row = get_object_or_404(BankTransaction, pk=pk)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return show(request, str(pk), admin, note_form=form)
    operations.set_aside(row=row, note=form.cleaned_data["note"], by=request.user)
    messages.success(request, _("Set aside."))
    return _queue()


@require_POST
def take_up_again(request: HttpRequest, pk: int, admin: ModelAdmin) -> HttpResponse:
    row = get_object_or_404(BankTransaction, pk=pk)
    operations.take_up_again(row=row, by=request.user)
    admin.log_change(request, row, _("Taken up again"))
    return _back(row)


def _back(row: BankTransaction) -> HttpResponse:
    return redirect("admin:billing_banktransaction_change", row.pk)


def _queue() -> HttpResponse:
    return redirect(f"{reverse('admin:billing_banktransaction_changelist')}?queue=waiting")


VIEWS: dict[str, Callable[..., HttpResponse]] = {
    "match": match,
    "split": split,
    "set-aside": set_aside,
    "take-up-again": take_up_again,
}
