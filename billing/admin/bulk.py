"""What was asked for on many invoices, and how far it has come."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from billing.admin.reading import page
from billing.invoice_acts import ACTS
from billing.models import BulkAct, BulkRow
from privacy.access import staff
from privacy.read_only import ReadOnly

RELOAD_SECONDS = 2


@admin.register(BulkAct)
class BulkActAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["title", "asked_at", "asked_by", "progress"]
    ordering = ["-pk"]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> Any:
        return BulkAct.objects.with_progress().select_related("asked_by")

    @admin.display(description=gettext_lazy("what"))
    def title(self, act: BulkAct) -> Any:
        return ACTS[act.name].title

    @admin.display(description=gettext_lazy("progress"))
    def progress(self, act: Any) -> SafeString:
        return format_html(
            '<progress value="{}" max="{}">{}</progress> {}/{}',
            act.done, act.total, f"{act.done}/{act.total}", act.done, act.total,
        )  # fmt: skip

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return staff("billing.view_bulkact")(progress_page)(request, object_id, self)


def progress_page(request: HttpRequest, object_id: str, admin: admin.ModelAdmin) -> HttpResponse:
    """Reloads itself until all is done; works without script."""
    act: Any = admin.get_object(request, object_id)
    if act is None:
        raise Http404
    is_running = act.done < act.total
    response = page(
        request,
        admin,
        "bulkact/progress.html",
        original=act,
        title=ACTS[act.name].title,
        act=act,
        is_running=is_running,
        refused=act.rows.filter(state=BulkRow.State.REFUSED).select_related("invoice"),
    )
    if is_running:
        response["Refresh"] = str(RELOAD_SECONDS)
    return response
