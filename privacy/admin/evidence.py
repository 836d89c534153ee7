"""What is there to be read: processors, looks, erasures."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from privacy import erasure
from privacy.asked_once import AskedOnce
from privacy.models import AccessLog, Erasure, Processor
from privacy.read_only import ReadOnly


@admin.register(Processor)
class ProcessorAdmin(admin.ModelAdmin):
    list_display = ["name", "recipient", "country_in_words", "role", "contract_on", "ended_on"]
    list_filter = ["recipient", "role", "safeguard"]
    search_fields = ["name", "host"]

    @admin.display(description=_("country"), ordering="country")
    def country_in_words(self, company: Processor) -> str:
        return company.country_name


@admin.register(AccessLog)
class AccessLogAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["at", "actor", "role", "person", "purpose_in_words", "what", "view"]
    search_fields = ["person__email", "person__name", "actor__email", "purpose"]
    date_hierarchy = "at"
    list_filter = ["role"]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[AskedOnce]:
        return AskedOnce

    def get_queryset(self, request: HttpRequest) -> QuerySet[AccessLog]:
        return super().get_queryset(request).select_related("actor", "person")

    @admin.display(description=_("what for"), ordering="purpose")
    def purpose_in_words(self, look: AccessLog) -> str:
        return str(look.get_purpose_display())


@admin.register(Erasure)
class ErasureAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["at", "by"]
    date_hierarchy = "at"
    fields = ["at", "by", "what_was_done"]
    readonly_fields = ["at", "by", "what_was_done"]

    @admin.display(description=_("what was done"))
    def what_was_done(self, done: Erasure) -> SafeString:
        words = {
            erasure.DELETED: _("deleted"),
            erasure.BLANKED: _("emptied"),
            erasure.KEPT: _("kept"),
        }
        rows = [(line.title, words[line.did], line.rows) for line in erasure.told(done.receipt)]
        return format_html_join("\n", "<p>{}: {} ({})</p>", rows)
