from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from privacy.models import Protection


@admin.register(Protection)
class ProtectionAdmin(admin.ModelAdmin):
    """Entered with a reason and ended; never changed or taken away."""

    list_display = ["person", "email", "kind", "reason", "began_at", "ended_at", "decided_by"]
    list_filter = ["kind", ("ended_at", admin.EmptyFieldListFilter)]
    list_select_related = ["person", "decided_by"]
    search_fields = ["person__name", "person__email", "email"]
    autocomplete_fields = ["person"]
    fields = ["person", "email", "kind", "reason", "began_at", "ended_at", "decided_by"]
    readonly_fields = ["began_at", "ended_at", "decided_by"]
    actions = ["end"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj else self.readonly_fields

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, row: Protection, form: Any, change: bool) -> None:
        row.decided_by = request.user  # type: ignore[assignment]
        super().save_model(request, row, form, change)

    @admin.action(description=gettext_lazy("End the protection"), permissions=["change"])
    def end(self, request: HttpRequest, rows: QuerySet[Protection]) -> None:
        count = rows.filter(ended_at__isnull=True).update(ended_at=timezone.now())
        messages.success(request, _("Ended: %(count)d") % {"count": count})
