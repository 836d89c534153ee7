"""The filters of the invoice list, in the treasurer's words."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing import letters
from billing.models.invoices import InvoiceQuerySet
from billing.today import LONG


class StatusFilter(SimpleListFilter):
    title = gettext_lazy("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("open", _("something left to pay")),
            ("overdue", _("overdue")),
            ("long-overdue", _("overdue for more than a month")),
            ("settled", _("settled")),
            ("overpaid", _("overpaid")),
            ("credited", _("credited, wholly or in part")),
            ("undelivered", _("mail did not get through")),
        ]

    def queryset(self, request: HttpRequest, invoices: Any) -> InvoiceQuerySet:
        today = timezone.localdate()
        match self.value():
            case "open":
                return invoices.balance_in_one_pass("> 0")
            case "overdue":
                return invoices.balance_in_one_pass("> 0").filter(due_on__lt=today)
            case "long-overdue":
                return invoices.balance_in_one_pass("> 0").filter(due_on__lt=today - LONG)
            case "settled":
                return invoices.balance_in_one_pass("<= 0")
            case "overpaid":
                return invoices.balance_in_one_pass("< 0")
            case "credited":
                return invoices.credited()
            case "undelivered":
                return invoices.filter(pk__in=letters.undelivered().values("pk"))
        return invoices


class PayerFilter(SimpleListFilter):
    title = gettext_lazy("payer")
    parameter_name = "payer"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("organisation", _("organisation")), ("person", _("private person"))]

    def queryset(self, request: HttpRequest, invoices: Any) -> InvoiceQuerySet:
        match self.value():
            case "organisation":
                return invoices.exclude(customer_organisation_number="")
            case "person":
                return invoices.filter(customer_organisation_number="")
        return invoices
