"""A bank file: chosen, looked at, imported. Nothing is stored before the last step."""

from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from billing import operations
from billing.admin.bank_row import amount_of, said
from billing.admin.reading import page
from billing.bankfiles import BankFileRefused
from billing.forms import BankFileForm, ImportForm
from billing.models import BankTransaction, Payment
from billing.money import format_amount
from billing.operations import ImportResult

MOST_SHOWN = 500


def page_for(request: HttpRequest, admin: ModelAdmin) -> HttpResponse:
    if "import" in request.POST:
        return _import(request, admin)
    if request.method != "POST":
        return _choose(request, admin, BankFileForm())
    form = BankFileForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        return _preview(request, admin, form, name=file.name, data=file.read())
    return _choose(request, admin, form)


def _choose(request: HttpRequest, admin: ModelAdmin, form: BankFileForm) -> HttpResponse:
    return page(request, admin, "bankfile/choose.html", title=_("Import a bank file"), form=form)


def _preview(
    request: HttpRequest, admin: ModelAdmin, form: BankFileForm, *, name: str, data: bytes
) -> HttpResponse:
    try:
        result = operations.import_bank_file(data=data, name=name, by=request.user, dry_run=True)
    except BankFileRefused as refusal:
        form.add_error("file", _refused(refusal))
        return _choose(request, admin, form)
    return page(
        request,
        admin,
        "bankfile/preview.html",
        title=_("Look it over"),
        name=name,
        result=result,
        total=format_amount(result.total),
        rows=_rows(result),
        more=max(len(result.new) - MOST_SHOWN, 0),
        form=ImportForm.carrying(name=name, data=data),
    )


def _refused(refusal: BankFileRefused) -> str:
    return _("%(why)s Nothing has been imported.") % {"why": f"{str(refusal).rstrip('.')}."}


def _rows(result: ImportResult) -> list[dict[str, Any]]:
    """What each new transaction would do. They are gone from the database again."""
    payments: dict[int, list[Payment]] = defaultdict(list)
    for payment in result.payments:
        payments[id(payment.bank_transaction)].append(payment)
    return [
        {
            "row": row,
            "amount": amount_of(row),
            "said": said(row),
            "payments": [
                f"{payment.invoice.number} {payment.invoice.customer_name}, "
                f"{format_amount(payment.amount)}"
                for payment in payments[id(row)]
            ],
            "problem": row.get_problem_display() if row.problem else "",
        }
        for row in _first(result)
    ]


def _first(result: ImportResult) -> list[BankTransaction]:
    """As they stand in the file; of more than anybody reads, those to match by hand first."""
    if len(result.new) <= MOST_SHOWN:
        return result.new
    waits = set(map(id, result.waiting))
    return sorted(result.new, key=lambda row: id(row) not in waits)[:MOST_SHOWN]


def _import(request: HttpRequest, admin: ModelAdmin) -> HttpResponse:
    carried, again = ImportForm(request.POST), BankFileForm()
    if not carried.is_valid():
        messages.error(request, carried.told())
        return _choose(request, admin, again)
    name, data = carried.cleaned_data["signed"]
    try:
        result = operations.import_bank_file(data=data, name=name, by=request.user)
    except BankFileRefused as refusal:
        messages.error(request, _refused(refusal))
        return _choose(request, admin, again)
    messages.success(
        request,
        _("%(new)d new: %(matched)d matched, %(waiting)d to match. %(known)d known already.")
        % {
            "new": len(result.new),
            "matched": len(result.matched),
            "waiting": len(result.waiting),
            "known": result.known,
        },
    )
    queue = reverse("admin:billing_banktransaction_changelist")
    return redirect(f"{queue}?queue=waiting" if result.waiting else queue)
