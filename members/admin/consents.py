from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext

from members.models import Consent, ConsentText
from privacy.read_only import ReadOnly


@admin.register(ConsentText)
class ConsentTextAdmin(admin.ModelAdmin):
    """A published text never changes; better words are a new version."""

    list_display = ["purpose", "version", "language", "published_at", "withdrawn_at"]
    list_filter = ["purpose", "language"]
    ordering = ["purpose", "language", "-published_at"]
    actions = ["publish", "ask_no_more"]
    readonly_fields = ["sha256", "published_at", "withdrawn_at"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        if obj and obj.published_at:
            return [field.name for field in ConsentText._meta.fields]
        return self.readonly_fields

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.action(
        description=gettext_lazy("Publish: ask for this from now on"), permissions=["change"]
    )
    def publish(self, request: HttpRequest, texts: QuerySet[ConsentText]) -> None:
        count = texts.filter(published_at__isnull=True).update(published_at=timezone.now())
        told = ngettext("%d text is published.", "%d texts are published.", count)
        messages.success(request, told % count)

    @admin.action(description=gettext_lazy("Ask for this no more"), permissions=["change"])
    def ask_no_more(self, request: HttpRequest, texts: QuerySet[ConsentText]) -> None:
        count = texts.filter(withdrawn_at__isnull=True).update(withdrawn_at=timezone.now())
        told = ngettext("%d text is asked for no more.", "%d texts are asked for no more.", count)
        messages.success(request, told % count)


@admin.register(Consent)
class ConsentAdmin(ReadOnly, admin.ModelAdmin):
    """Proof: only the person themselves says yes or no."""

    list_display = ["user", "text", "action", "at", "channel"]
    list_filter = ["action", "text__purpose"]
    list_select_related = ["user", "text"]
    search_fields = ["user__name", "user__email"]
    date_hierarchy = "at"
