"""What the treasurer sets: the seller, products, number series, reminders and interest."""

from typing import Any

from django.contrib import admin
from django.db.models import URLField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin
from translated_fields import TranslatedFieldAdmin

from billing import operations
from billing.forms import SeriesForm
from billing.models import InterestRate, Product, ReminderStep, Seller, Series


@admin.register(Seller)
class SellerAdmin(SimpleHistoryAdmin):
    """One row: the list leads straight to it."""

    formfield_overrides = {URLField: {"assume_scheme": "https"}}
    fieldsets = [
        (None, {"fields": ["name", "address", "email", "website"]}),
        (
            _("Registration"),
            {
                "fields": [
                    "organisation_number",
                    "registered_office",
                    "vat_number",
                    "f_skatt_approved",
                ]
            },
        ),
        (
            _("Payment"),
            {"fields": ["bankgiro", "swish", "payment_days", "reminder_fee", "late_interest"]},
        ),
        (_("Books"), {"fields": ["fiscal_year_start_month", "names_in_books"]}),
    ]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return redirect("admin:billing_seller_change", Seller.objects.get().pk)


@admin.register(Product)
class ProductAdmin(TranslatedFieldAdmin, SimpleHistoryAdmin):
    """Invoices keep what they say: a change holds for what is issued from now on."""

    list_display = ["code", "name", "vat_code", "account", "recognition"]
    search_fields = ["code", "name_sv", "name_en"]
    fieldsets = [
        (None, {"fields": ["code", "name_sv", "name_en"]}),
        (
            _("Tax and books"),
            {
                "fields": [
                    "vat_code",
                    "exemption_text_sv",
                    "exemption_text_en",
                    "account",
                    "recognition",
                ]
            },
        ),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Other rooms look a product up by its code."""
        return ["code"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ReminderStep)
class ReminderStepAdmin(TranslatedFieldAdmin, SimpleHistoryAdmin):
    list_display = ["days", "name", "charges"]
    ordering = ["days"]
    fields = ["days", "name_sv", "text_sv", "name_en", "text_en", "charges"]


@admin.register(InterestRate)
class InterestRateAdmin(SimpleHistoryAdmin):
    list_display = ["valid_from", "percent"]
    ordering = ["-valid_from"]
    fields = ["valid_from", "percent"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Series)
class SeriesAdmin(admin.ModelAdmin):
    """A number taken is never given back, so a series begins anew only while it is unused."""

    list_display = ["code", "prefix", "first", "next"]
    form = SeriesForm

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Series, form: Any, change: bool) -> None:
        operations.set_up_series(series=obj, prefix=obj.prefix, first=obj.first, by=request.user)
