"""The page between a button and what it does: what will happen, and what is asked."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from billing import operations
from billing.admin.reading import page
from billing.invoice_acts import REFUSALS, Act, LeftOut
from billing.models import BulkAct
from billing.money import ZERO, format_amount

CONFIRMED = "confirmed"
# More at once would be more than a form may carry, and more than anybody looks through.
MOST = 500
SHOWN_REFUSALS = 10
# More than this many are worked off in the background.
MOST_AT_ONCE = 20


def act_page(
    request: HttpRequest, admin: ModelAdmin, act: Act, invoices: Iterable[Any], back: str
) -> HttpResponse:
    """Shows; when it has been confirmed, does. What is refused is told and changes nothing."""
    if not request.user.has_perm(act.permission):
        raise PermissionDenied
    plans, left_out = _plans(act, invoices)
    chosen = [invoice for invoice, _plan in plans]
    is_confirmed = request.method == "POST" and CONFIRMED in request.POST
    form = act.form(request.POST if is_confirmed else None, invoices=chosen) if chosen else None
    if is_confirmed and form and form.is_valid():
        if len(chosen) > MOST_AT_ONCE:
            return redirect(
                "admin:billing_bulkact_change", _ask(act, chosen, form, request.user).pk
            )
        _do(request, admin, act, chosen, form)
        return redirect(back)
    return page(
        request,
        admin,
        "invoice/act.html",
        original=chosen[0] if len(chosen) == 1 else None,
        title=act.title,
        act=act,
        form=form,
        plans=plans,
        left_out=left_out,
        total=format_amount(sum((invoice.balance for invoice in chosen), ZERO)),
        action=request.POST.get("action", ""),
        confirmed=CONFIRMED,
        back=back,
    )


def _plans(
    act: Act, invoices: Iterable[Any]
) -> tuple[list[tuple[Any, str]], list[tuple[Any, str]]]:
    plans, left_out = [], []
    for invoice in invoices:
        try:
            plans.append((invoice, act.plan(invoice)))
        except LeftOut as why:
            left_out.append((invoice, str(why)))
    return plans, left_out


def _ask(act: Act, invoices: list[Any], form: Any, by: Any) -> BulkAct:
    return operations.ask_in_bulk(
        name=act.name,
        invoices=invoices,
        reason=form.cleaned_data.get("reason", ""),
        by=by,
        today=act.today,
    )


def _do(request: HttpRequest, admin: ModelAdmin, act: Act, invoices: list[Any], form: Any) -> None:
    """Each in a transaction of its own: one that is refused does not undo the others."""
    refusals = []
    for invoice in invoices:
        try:
            act.do(invoice, form, request.user)
        except REFUSALS as refusal:
            refusals.append(f"{invoice.number}: {refusal}")
        else:
            if act.logs:
                admin.log_change(request, invoice, str(act.title))
    count = len(invoices) - len(refusals)
    if count:
        messages.success(request, act.done % {"count": count})
    for told in refusals[:SHOWN_REFUSALS]:
        messages.error(request, told)
