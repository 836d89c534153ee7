"""The fees of several members put on one invoice to their employer: looked at, then done."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.money import format_price
from members import operations
from members.actors import actor
from members.admin.deciding import Decision, Fact, page_for
from members.forms.fields import one_line
from members.models import Membership
from members.operations import Collection, NotOneInvoice


class ReferenceForm(forms.Form):
    reference = forms.CharField(
        label=gettext_lazy("your reference"), max_length=100, required=False, validators=[one_line]
    )
    order_number = forms.CharField(
        label=gettext_lazy("purchase order number"),
        max_length=50,
        required=False,
        validators=[one_line],
    )


def page(request: HttpRequest, admin: ModelAdmin) -> HttpResponse:
    keys = [int(key) for key in request.GET.get("ids", "").split(",") if key.isdecimal()]
    rows = list(
        Membership.objects.filter(pk__in=[key for key in keys if key < 2**63]).select_related(
            "user", "kind", "invoice"
        )
    )
    if not rows:
        messages.error(request, _("Choose the members in the list first."))
        return redirect("admin:members_membership_changelist")

    def do(answers: dict[str, Any]) -> str:
        invoice = operations.collect_fees(
            memberships=rows, by=actor(request), today=timezone.localdate(), **answers
        )
        words = {"number": invoice.number, "payer": invoice.customer_name}
        return _("Invoice %(number)s is on its way to %(payer)s.") % words

    try:
        facts, obstacles = _facts(operations.plan_collection(rows)), []
    except NotOneInvoice as refusal:
        facts, obstacles = [], [str(refusal)]
    decision = Decision(
        title=_("One invoice to the employer"),
        button=_("Issue the invoice"),
        do=do,
        facts=facts,
        form=ReferenceForm,
        obstacles=obstacles,
    )
    return page_for(request, admin, rows[0], decision)


def _facts(plan: Collection) -> list[Fact]:
    members = [
        (row.user.name, f"{row.starts_on} – {row.ends_on}, {format_price(row.invoice.total)}")
        for row in plan.members
        if row.invoice
    ]
    return [
        (_("The invoice goes to"), f"{plan.customer.name}, {plan.customer.email}"),
        *members,
        (_("In all"), format_price(plan.total)),
        (_("Their own invoices"), _("are credited")),
    ]
