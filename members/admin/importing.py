"""The old register: a file chosen, looked over row by row, taken over, and not stored meanwhile."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.models import CHANGE, LogEntry
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.actors import actor
from members.forms.importing import CarriedRegisterForm, RegisterFileForm
from members.old_register.reading import Unreadable, read
from members.old_register.resource import OldRegister

OUTCOMES = {
    "wrong": gettext_lazy("Cannot be taken over"),
    "left_out": gettext_lazy("Left out"),
    "new": gettext_lazy("New"),
    "changed": gettext_lazy("Filled in"),
    "same": gettext_lazy("Here already"),
}
_IN_ORDER = list(OUTCOMES)


def page_for(request: HttpRequest, admin: ModelAdmin) -> HttpResponse:
    if "import" in request.POST:
        return _import(request, admin)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = RegisterFileForm(*sent)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            return _preview(request, admin, name=file.name, data=file.read())
        except Unreadable as refusal:
            form.add_error("file", str(refusal))
    return _page(request, admin, "choose", title=_("Import the old register"), form=form)


def _preview(request: HttpRequest, admin: ModelAdmin, *, name: str, data: bytes) -> HttpResponse:
    register = _gone_through(request, data, dry_run=True, send_invitations=False)
    told = sorted(register.told, key=lambda row: (_IN_ORDER.index(row.outcome), row.line))
    counts = Counter(row.outcome for row in told)
    return _page(
        request,
        admin,
        "preview",
        title=_("Look it over"),
        name=name,
        rows=[(row, OUTCOMES[row.outcome]) for row in told],
        sums=[(label, counts[outcome]) for outcome, label in OUTCOMES.items()],
        has_anything=bool(counts["new"] or counts["changed"]),
        form=CarriedRegisterForm.carrying(name=name, data=data),
    )


def _import(request: HttpRequest, admin: ModelAdmin) -> HttpResponse:
    carried = CarriedRegisterForm(request.POST)
    if not carried.is_valid():
        messages.error(request, carried.told())
        return redirect("admin:members_user_import")
    name, data = carried.cleaned_data["signed"]
    register = _gone_through(
        request, data, dry_run=False, send_invitations=carried.cleaned_data["send_invitations"]
    )
    counts = Counter(row.outcome for row in register.told)
    told = _("%(new)d new, %(changed)d filled in, %(same)d here already, %(rest)d not taken over.")
    rest = counts["wrong"] + counts["left_out"]
    words = told % {**dict.fromkeys(_IN_ORDER, 0), **counts, "rest": rest}
    LogEntry.objects.log_actions(
        actor(request).pk, [actor(request)], CHANGE, f"{name}: {words}", single_object=True
    )
    messages.success(request, words)
    return redirect(f"{reverse('admin:members_user_changelist')}?standing=imported")


def _gone_through(
    request: HttpRequest, data: bytes, *, dry_run: bool, send_invitations: bool
) -> OldRegister:
    now = timezone.now()
    register = OldRegister(
        by=actor(request),
        now=now,
        today=timezone.localdate(now),
        send_invitations=send_invitations,
    )
    register.go_through(read(data), dry_run=dry_run)
    return register


def _page(
    request: HttpRequest, admin: ModelAdmin, template: str, **context: Any
) -> TemplateResponse:
    context = {**admin.admin_site.each_context(request), "opts": admin.opts, **context}
    return TemplateResponse(request, f"members/admin/import_{template}.html", context)
