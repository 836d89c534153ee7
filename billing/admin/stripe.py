"""Stripe's messages: to read, and to set aside what somebody has dealt with."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing import operations
from billing.admin.reading import page
from billing.forms import NoteForm
from billing.models import StripeEvent
from billing.models.inbox import StripeEventQuerySet
from privacy.access import staff
from privacy.read_only import ReadOnly


class QueueFilter(admin.SimpleListFilter):
    title = gettext_lazy("queue")
    parameter_name = "queue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("waiting", _("to look at")), ("unapplied", _("not applied yet"))]

    def queryset(self, request: HttpRequest, events: Any) -> StripeEventQuerySet:
        match self.value():
            case "waiting":
                return events.waiting()
            case "unapplied":
                return events.unapplied()
        return events


@admin.register(StripeEvent)
class StripeEventAdmin(ReadOnly, admin.ModelAdmin):
    change_form_template = "admin/billing/stripeevent/event.html"
    list_display = ["type", "event_id", "received_at", "applied_at", "queue"]
    list_filter = [QueueFilter, "type"]
    search_fields = ["event_id", "type", "problem"]
    ordering = ["-received_at", "-pk"]
    show_full_result_count = False
    fields = [
        "type",
        "event_id",
        "received_at",
        "applied_at",
        "problem",
        "closed_at",
        "closed_note",
        "payload",
    ]

    @admin.display(description=gettext_lazy("queue"))
    def queue(self, event: StripeEvent) -> SafeString | str:
        if event.problem and not event.closed_at:
            return format_html('<span class="pill pill-warn">{}</span>', event.problem)
        return event.closed_note

    def get_urls(self) -> list[URLPattern]:
        view = staff("billing.change_stripeevent")(self.set_aside)
        own = path(
            "<int:pk>/set-aside/",
            self.admin_site.admin_view(view),
            name="billing_stripeevent_set-aside",
        )
        return [own, *super().get_urls()]

    def set_aside(self, request: HttpRequest, pk: int) -> HttpResponse:
        event = get_object_or_404(StripeEvent.objects.waiting(), pk=pk)
        form = NoteForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            note = form.cleaned_data["note"]
            operations.set_event_aside(event=event, note=note, by=request.user)
            self.log_change(request, event, note)
            messages.success(request, _("Set aside."))
            return redirect(f"{reverse('admin:billing_stripeevent_changelist')}?queue=waiting")
        return page(
            request,
            self,
            "set_aside.html",
            original=event,
            title=_("Set aside"),
            form=form,
            facts=[(_("why it waits"), event.problem), (_("type"), event.type)],
            back=reverse("admin:billing_stripeevent_change", args=[pk]),
        )
