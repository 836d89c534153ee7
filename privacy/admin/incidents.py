"""Breaches: their register (Art. 33.5), the clock, who was affected, the draft."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from privacy import breaches
from privacy.access import staff
from privacy.models import Incident
from privacy.register import register


class IncidentForm(forms.ModelForm):
    tables = forms.MultipleChoiceField(
        label=gettext_lazy("tables concerned"),
        required=False,
        choices=lambda: [(d.label, d.heading) for d in register if d.holds_person],
        widget=forms.CheckboxSelectMultiple,
    )


@admin.register(Incident)
class IncidentAdmin(admin.ModelAdmin):
    form = IncidentForm
    change_form_template = "privacy/admin/incident.html"
    list_display = ["title", "discovered_at", "hours_left", "risk", "notified_at", "closed_at"]
    list_filter = ["risk", ("closed_at", admin.EmptyFieldListFilter)]
    search_fields = ["title"]
    autocomplete_fields = ["actor"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("hours left of the 72"))
    def hours_left(self, incident: Incident) -> Any:
        return None if incident.notified_at else incident.hours_left(timezone.now())

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(staff("privacy.view_incident")(self.affected))
        return [
            path("<int:pk>/affected/", view, name="privacy_incident_affected"),
            *super().get_urls(),
        ]

    def affected(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Everything the notification needs on one page."""
        incident = get_object_or_404(Incident, pk=pk)
        found, now = breaches.affected(incident), timezone.now()
        context = {
            **self.admin_site.each_context(request),
            "opts": Incident._meta,
            "original": incident,
            "title": _("Who was affected, and the draft to the authority"),
            "affected": found,
            "draft": breaches.draft(incident, found, now),
            "letter": breaches.letter(incident),
            "hours_left": incident.hours_left(now),
        }
        return TemplateResponse(request, "privacy/admin/affected.html", context)
