from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from privacy.models import AccessLog, Processor


@admin.register(Processor)
class ProcessorAdmin(admin.ModelAdmin):
    list_display = ["name", "recipient", "country_in_words", "role", "contract_on", "ended_on"]
    list_filter = ["recipient", "role", "safeguard"]
    search_fields = ["name", "host"]

    @admin.display(description=_("country"), ordering="country")
    def country_in_words(self, company: Processor) -> str:
        return company.country_name


@admin.register(AccessLog)
class AccessLogAdmin(admin.ModelAdmin):
    """For reading only: a log that can be edited proves nothing."""

    list_display = ["at", "actor", "role", "person", "purpose", "view"]
    search_fields = ["person__email", "person__name", "actor__email", "purpose"]
    date_hierarchy = "at"
    list_filter = ["role"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[AccessLog]:
        return super().get_queryset(request).select_related("actor", "person")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
