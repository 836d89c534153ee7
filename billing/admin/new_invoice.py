"""An invoice by hand: who and what, then a preview, then it is issued."""

import uuid
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from billing import operations
from billing.admin.reading import page
from billing.forms import InvoiceForm, InvoiceLines
from billing.models import Invoice, Product, Seller
from billing.money import format_amount, format_percent, format_quantity
from billing.operations import Line
from billing.vat import VatSummary

_LIKE = {
    "name": "customer_name",
    "address": "customer_address",
    "email": "customer_email",
    "language": "language",
    "organisation_number": "customer_organisation_number",
    "vat_number": "customer_vat_number",
    "reference": "customer_reference",
    "order_number": "order_number",
    "cost_centre": "cost_centre",
    "peppol_id": "peppol_id",
}
_LINE_FIELDS = ("product", "text", "detail", "quantity", "unit_price")


def page_for(request: HttpRequest, admin: ModelAdmin) -> HttpResponse:
    """`?like=17` begins with customer and lines of that invoice: to issue it again, put right."""
    if request.method != "POST":
        like = _invoice(request.GET.get("like", ""))
        form, lines = (
            InvoiceForm(initial=_customer_like(like)),
            InvoiceLines(initial=_lines_like(like)),
        )
        return _ask(request, admin, form, lines)
    if "more" in request.POST:
        # As initial values, since nobody has asked yet whether they are right.
        form, lines = (
            InvoiceForm(initial=request.POST.dict()),
            InvoiceLines(initial=_typed(request)),
        )
        return _ask(request, admin, form, lines)
    form, lines = InvoiceForm(request.POST), InvoiceLines(request.POST)
    is_right = form.is_valid() and lines.is_valid()
    if not is_right or "back" in request.POST:
        return _ask(request, admin, form, lines)
    sold = [row.line(form.cleaned_data["language"]) for row in lines if row.has_changed()]
    try:
        summary = operations.summed(sold)
    except operations.IssueRefused as refusal:
        form.add_error(None, str(refusal))
        return _ask(request, admin, form, lines)
    if "issue" in request.POST:
        return _issue(request, form, sold)
    return page(
        request,
        admin,
        "invoice/preview.html",
        title=_("Look it over"),
        form=form,
        lines=lines,
        **_preview(form, sold, summary),
    )


def _invoice(number: str) -> Invoice | None:
    return Invoice.objects.filter(pk=number).first() if number.isdecimal() else None


def _ask(request: HttpRequest, admin: ModelAdmin, form: Any, lines: Any) -> HttpResponse:
    title = _("New invoice")
    return page(request, admin, "invoice/new.html", title=title, form=form, lines=lines)


def _issue(request: HttpRequest, form: InvoiceForm, sold: list[Line]) -> HttpResponse:
    invoice = operations.issue_invoice(
        source=form.source,
        customer=form.customer,
        lines=sold,
        buyer=form.cleaned_data["account"],
        by=request.user,
        today=timezone.localdate(),
        due_on=form.cleaned_data["due_on"],
    )
    messages.success(request, _("%(invoice)s is issued and mailed.") % {"invoice": invoice})
    return redirect("admin:billing_invoice_change", invoice.pk)


def _preview(form: InvoiceForm, sold: list[Line], summary: VatSummary) -> dict[str, Any]:
    terms = timedelta(days=Seller.objects.get().payment_days)
    vat = [
        (_("of which VAT %(rate)s") % {"rate": format_percent(row.rate)}, format_amount(row.vat))
        for row in summary.sums
        if row.rate
    ]
    return {
        "customer": form.customer,
        "account": form.cleaned_data["account"],
        "due_on": form.cleaned_data["due_on"] or timezone.localdate() + terms,
        "rows": [
            {
                "text": row.text,
                "detail": row.detail,
                "quantity": format_quantity(row.quantity),
                "price": format_amount(row.unit_price),
                "amount": format_amount(priced.gross),
            }
            for row, priced in zip(sold, summary.lines, strict=True)
        ],
        "sums": [(_("To pay"), format_amount(summary.total)), *vat],
    }


def _customer_like(invoice: Invoice | None) -> dict[str, Any]:
    initial: dict[str, Any] = {"token": uuid.uuid4(), "language": "sv"}
    if invoice:
        initial |= {name: getattr(invoice, column) for name, column in _LIKE.items()}
        initial["account"] = invoice.buyer.email if invoice.buyer else ""
    return initial


def _lines_like(invoice: Invoice | None) -> list[dict[str, Any]]:
    if not invoice:
        return []
    products = {product.code: product.pk for product in Product.objects.all()}
    return [
        {
            "product": products.get(line.product_code),
            "text": line.text,
            "detail": line.detail,
            "quantity": abs(line.quantity),
            "unit_price": line.unit_price,
        }
        for line in invoice.lines.order_by("position")
    ]


def _typed(request: HttpRequest) -> list[dict[str, str]]:
    """The rows in which something stands."""
    count = request.POST.get("form-TOTAL_FORMS", "")
    rows = [
        {name: request.POST.get(f"form-{number}-{name}", "") for name in _LINE_FIELDS}
        for number in range(min(int(count), 100) if count.isdecimal() else 0)
    ]
    return [row for row in rows if row["product"] or row["text"] or row["unit_price"]]
