"""The nights of clearing: what each rule did, what would go now, and letting a stopped rule go."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from privacy.access import staff
from privacy.admin.acting import Act, change_page, page_for
from privacy.models import RetentionRun
from privacy.operations.clearing import clear_after_all, preview
from privacy.read_only import ReadOnly
from privacy.retention import Rule, rule_of


@admin.register(RetentionRun)
class RetentionRunAdmin(ReadOnly, admin.ModelAdmin):
    change_form_template = "privacy/admin/run.html"
    change_list_template = "privacy/admin/runs.html"
    list_display = ["night", "rule", "found", "removed", "held", "stopped"]
    list_filter = ["stopped"]
    search_fields = ["rule"]
    date_hierarchy = "night"

    def get_urls(self) -> list[URLPattern]:
        see, let_go = staff("privacy.view_retentionrun"), staff("privacy.add_erasure")
        view = self.admin_site.admin_view
        return [
            path("preview/", view(see(self.preview)), name="privacy_retentionrun_preview"),
            path(
                "<int:pk>/release/", view(let_go(self.release)), name="privacy_retentionrun_release"
            ),
            *super().get_urls(),
        ]

    def preview(self, request: HttpRequest) -> HttpResponse:
        """Rule by rule what a night would do now. Changes nothing."""
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("What would go now"),
            "runs": preview(now=timezone.now()),
        }
        return TemplateResponse(request, "privacy/admin/preview.html", context)

    def release(self, request: HttpRequest, pk: int) -> HttpResponse:
        """For whoever has looked and finds that it is as it should be."""
        run = get_object_or_404(RetentionRun, pk=pk, stopped=True)
        rule = _rule(run)

        def do(_said: dict[str, Any]) -> tuple[str, str]:
            done = clear_after_all(stopped=run, by=request.user, now=timezone.now())
            told = ngettext("%(count)d row removed.", "%(count)d rows removed.", done.removed)
            return told % {"count": done.removed}, change_page(run)

        act = Act(_("Let the rule go"), _("Remove for good"), do, _facts(rule), is_destructive=True)
        return page_for(request, self, run, act)


def _rule(run: RetentionRun) -> Rule:
    try:
        return rule_of(run.rule)
    except LookupError:
        raise Http404 from None


def _facts(rule: Rule) -> list[tuple[str, Any]]:
    [one] = preview(now=timezone.now(), only=rule.key)
    return [
        (_("What"), one.title),
        (_("Kept"), str(rule.keep)),
        (_("Past their time now"), one.run.found),
        (_("Held back by a legal hold"), one.run.held),
        (_("Of so many in the table"), rule.declared.model._base_manager.count()),
    ]
