from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from simple_history.admin import SimpleHistoryAdmin

from members import operations
from members.actors import actor
from members.admin import approving
from members.admin.approving import MOST_TOGETHER
from members.admin.deciding import Decision, page_for
from members.admin.in_brief import fee_in_words
from members.models import Application
from privacy.access import staff
from privacy.asked_once import AskedOnce


class ReasonForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("reason, mailed to the applicant"), widget=forms.Textarea
    )


class QuestionForm(forms.Form):
    text = forms.CharField(label=gettext_lazy("question to the applicant"), widget=forms.Textarea)


@admin.register(Application)
class ApplicationAdmin(SimpleHistoryAdmin):
    """The review queue. An application is decided on, never edited."""

    change_form_template = "members/admin/application.html"
    list_display = ["name", "email", "kind", "state", "school", "created_at", "asked_at"]
    list_filter = ["state", "kind"]
    search_fields = ["name", "email", "phone", "employer", "school"]
    date_hierarchy = "created_at"
    actions = ["approve_chosen"]
    ordering = ["-created_at"]
    fieldsets = [
        (None, {"fields": ["state", "kind", "user", "created_at", "confirmed_at"]}),
        (
            gettext_lazy("Studies"),
            {"fields": ["school", "mecenat_number", "studies_end_on", "is_employed"]},
        ),
        (
            gettext_lazy("Person"),
            {"fields": ["name", "email", "phone", "employer", "title", "language"]},
        ),
        (
            gettext_lazy("Payer"),
            {
                "fields": [
                    "payer",
                    "payer_name",
                    "organisation_number",
                    "street",
                    "postcode",
                    "city",
                    "invoice_email",
                    "reference",
                    "order_number",
                    "cost_centre",
                    "peppol_id",
                ]
            },
        ),
        (
            gettext_lazy("Decision"),
            {"fields": ["decided_at", "decided_by", "decision_reason", "question", "asked_at"]},
        ),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [field.name for field in Application._meta.fields]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[AskedOnce]:
        return AskedOnce

    def get_queryset(self, request: HttpRequest) -> QuerySet[Application]:
        return super().get_queryset(request).select_related("kind", "user", "decided_by")

    # --- Deciding ---------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        right = staff("members.change_application")
        own = [
            path(
                f"<int:pk>/{name}/",
                wrap(right(getattr(self, name))),
                name=f"members_application_{name}",
            )
            for name in ("approve", "reject", "ask")
        ]
        several = wrap(right(self.approve_several))
        own.append(path("approve/", several, name="members_application_approve_several"))
        return own + super().get_urls()

    @admin.action(
        description=gettext_lazy("Approve the applications, after a preview"),
        permissions=["change"],
    )
    def approve_chosen(self, request: HttpRequest, rows: QuerySet[Application]) -> HttpResponse:
        keys = ",".join(str(key) for key in rows.values_list("pk", flat=True)[:MOST_TOGETHER])
        return redirect(f"{reverse('admin:members_application_approve_several')}?ids={keys}")

    def approve_several(self, request: HttpRequest) -> HttpResponse:
        return approving.page(request, self)

    def approve(self, request: HttpRequest, pk: int) -> HttpResponse:
        application = self._to_decide(pk)
        today = timezone.localdate()
        plan = operations.plan_approval(application=application, today=today)

        def do(_answers: dict[str, Any]) -> str:
            membership = operations.approve(
                application=application, by=actor(request), now=timezone.now(), today=today
            )
            return _("Approved: %(membership)s") % {"membership": membership}

        facts = [
            (_("Applicant"), f"{application.name}, {application.email}"),
            (_("School"), application.school),
            (_("Mecenat number"), application.mecenat_number),
            (_("Last day of studies"), application.studies_end_on),
            (_("Period"), plan.period),
            (_("Fee"), fee_in_words(plan)),
        ]
        return page_for(
            request,
            self,
            application,
            Decision(_("Approve the application"), _("Approve"), do, facts),
        )

    def reject(self, request: HttpRequest, pk: int) -> HttpResponse:
        application = self._to_decide(pk)

        def do(answers: dict[str, Any]) -> str:
            operations.reject(
                application=application,
                reason=answers["text"],
                by=actor(request),
                now=timezone.now(),
            )
            return _("Rejected. The reason is on its way to the applicant.")

        facts = [(_("Applicant"), f"{application.name}, {application.email}")]
        decision = Decision(
            _("Reject the application"), _("Reject"), do, facts, ReasonForm, is_destructive=True
        )
        return page_for(request, self, application, decision)

    def ask(self, request: HttpRequest, pk: int) -> HttpResponse:
        application = self._to_decide(pk)

        def do(answers: dict[str, Any]) -> str:
            operations.ask_applicant(
                application=application,
                question=answers["text"],
                by=actor(request),
                now=timezone.now(),
            )
            return _("The question is on its way to the applicant.")

        facts = [(_("Applicant"), f"{application.name}, {application.email}")]
        decision = Decision(_("Ask the applicant"), _("Send"), do, facts, QuestionForm)
        return page_for(request, self, application, decision)

    def _to_decide(self, pk: int) -> Application:
        rows = Application.objects.to_review().select_related("kind", "user")
        return get_object_or_404(rows, pk=pk)
