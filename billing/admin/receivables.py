"""Aged balances and the account of one payer: pages of the invoice list."""

from itertools import pairwise
from typing import Any

from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from billing import receivables
from billing.admin.reading import page
from billing.forms import DayForm
from billing.models import Invoice
from billing.money import ZERO, format_amount
from billing.receivables import Debtor


def ages(request: HttpRequest, admin: ModelAdmin) -> HttpResponse:
    """As of today, or of the day that is asked for."""
    today = timezone.localdate()
    form = DayForm({"day": request.GET.get("day") or today})
    day = form.cleaned_data["day"] if form.is_valid() else today
    debtors = receivables.aged(day)
    return page(
        request,
        admin,
        "invoice/ages.html",
        title=_("Aged balances as of %(day)s") % {"day": day},
        form=form,
        columns=_columns(),
        rows=[(debtor.invoice, _figures(debtor)) for debtor in debtors],
        totals=_totals(debtors),
    )


def _columns() -> list[str]:
    last = receivables.AGES
    between = [
        _("%(first)d–%(last)d days") % {"first": before + 1, "last": after}
        for before, after in pairwise(last)
    ]
    older = _("more than %(last)d days") % {"last": last[-1]}
    return [_("Not due"), *between, older, _("To give back"), _("Total")]


def _figures(debtor: Debtor) -> list[str]:
    figures = (*debtor.amounts, debtor.owed_back, debtor.total)
    return [format_amount(amount) if amount else "" for amount in figures]


def _totals(debtors: list[Debtor]) -> list[str]:
    rows = [(*debtor.amounts, debtor.owed_back, debtor.total) for debtor in debtors]
    return [format_amount(sum(column, ZERO)) for column in zip(*rows, strict=True)]


def account(request: HttpRequest, pk: int, admin: ModelAdmin) -> HttpResponse:
    """Of the payer of this invoice: so no name or number stands in the address."""
    invoice = get_object_or_404(Invoice, pk=pk)
    lines: list[dict[str, Any]] = [
        {
            "on": line.on,
            "what": line.what,
            "document": line.document,
            "amount": format_amount(line.amount),
            "balance": format_amount(line.balance),
        }
        for line in receivables.account_of(invoice)
    ]
    return page(
        request,
        admin,
        "invoice/account.html",
        original=invoice,
        title=_("Account of %(customer)s") % {"customer": invoice.customer_name},
        lines=lines,
        left=lines[-1]["balance"],
    )
