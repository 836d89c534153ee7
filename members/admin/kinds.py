from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from simple_history.admin import SimpleHistoryAdmin
from translated_fields import TranslatedFieldAdmin

from members.models import Fee, MembershipKind, RenewalTerms


class FeeInline(admin.TabularInline):
    """A fee once decided stays; another one is added to hold from a day on. No kind is without."""

    model = Fee
    extra = 1
    min_num = 1
    ordering = ["-valid_from"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Fee]:
        return super().get_queryset(request).select_related("kind")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(MembershipKind)
class MembershipKindAdmin(TranslatedFieldAdmin, SimpleHistoryAdmin):
    list_display = ["name_sv", "code", "is_for_students", "first_year_free", "position"]
    ordering = ["position"]
    inlines = [FeeInline]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Addresses and invoices lean on the code."""
        return ["code"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Fee)
class FeeAdmin(SimpleHistoryAdmin):
    """What the page of a kind cannot show: who changed a fee, and when."""

    list_display = ["kind", "amount", "valid_from"]
    list_filter = ["kind"]
    list_select_related = ["kind"]
    ordering = ["kind", "-valid_from"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(RenewalTerms)
class RenewalTermsAdmin(SimpleHistoryAdmin):
    """One row: its list leads to it at once."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return redirect("admin:members_renewalterms_change", RenewalTerms.objects.get().pk)
