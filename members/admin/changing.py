"""What staff does to one membership besides ending it: another payer, no fee."""

from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.contrib.admin.widgets import AdminDateWidget
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.money import format_price
from members import operations
from members.actors import actor
from members.admin.deciding import Decision, page_for
from members.forms.fields import one_line
from members.models import Membership
from members.payers import customer_of


class ExemptForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("the board's decision"), max_length=100, validators=[one_line]
    )
    until = forms.DateField(
        label=gettext_lazy("until and including"),
        widget=AdminDateWidget,
        required=False,
        help_text=gettext_lazy("Empty: until further notice."),
    )


def move_page(request: HttpRequest, admin: ModelAdmin, pk: int) -> HttpResponse:
    """To whoever pays for the person now: say who that is on the person's page first."""
    rows = Membership.objects.select_related("user", "invoice")
    membership = get_object_or_404(rows, pk=pk, invoice__isnull=False)
    found, user = operations.movable(membership.user), membership.user
    old, new = membership.invoice, customer_of(user)
    assert old is not None  # noqa: S101  the query saw to it

    def do(_answers: dict[str, Any]) -> str:
        invoice = operations.move_invoice(user=user, by=actor(request), today=timezone.localdate())
        words = {"number": invoice.number, "payer": invoice.customer_name}
        return _("Invoice %(number)s is on its way to %(payer)s.") % words

    is_movable = found is not None and found.pk == membership.pk
    decision = Decision(
        title=_("Move the invoice to another payer"),
        button=_("Move the invoice"),
        do=do,
        facts=[
            (_("Person"), user),
            (_("Today it is to be paid by"), f"{old.customer_name}, {old.customer_email}"),
            (_("The new invoice goes to"), f"{new.name}, {new.email}"),
            (_("Amount"), format_price(old.total)),
            (_("The old invoice"), _("is credited")),
        ],
        obstacles=[] if is_movable else [str(operations.NothingToMove.default)],
    )
    return page_for(request, admin, membership, decision)


def exempt_page(request: HttpRequest, admin: ModelAdmin, pk: int) -> HttpResponse:
    rows = Membership.objects.with_fee().select_related("user").not_ended()
    membership = get_object_or_404(rows, pk=pk)
    left = format_price(membership.fee_left) if membership.fee_left else ""

    def do(answers: dict[str, Any]) -> str:
        operations.exempt(
            membership=membership, by=actor(request), today=timezone.localdate(), **answers
        )
        return _("Exempted from the fee.")

    decision = Decision(
        title=_("Exempt from the fee"),
        button=_("Exempt"),
        do=do,
        facts=[
            (_("Person"), membership.user),
            (_("From"), membership.starts_on),
            (_("Unpaid, is credited at once"), left),
        ],
        form=ExemptForm,
    )
    return page_for(request, admin, membership, decision)
