"""Several applications approved at once, in the weeks when students come: looked at, then done."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members import operations
from members.actors import actor
from members.admin.deciding import Decision, Fact, page_for
from members.admin.in_brief import fee_in_words
from members.models import Application, User

MOST_TOGETHER = 100


def page(request: HttpRequest, admin: ModelAdmin) -> HttpResponse:
    keys = [int(key) for key in request.GET.get("ids", "").split(",") if key.isdecimal()]
    rows = list(
        Application.objects.to_review()
        .filter(pk__in=[key for key in keys if key < 2**63])
        .select_related("user", "kind")
        .order_by("created_at")[:MOST_TOGETHER]
    )
    if not rows:
        messages.error(request, _("None of these applications is waiting for a decision."))
        return redirect("admin:members_application_changelist")
    today = timezone.localdate()
    decision = Decision(
        title=_("Approve the applications"),
        button=_("Approve all of them"),
        do=lambda _answers: _approve(rows, by=actor(request), today=today),
        facts=[_fact(row, today) for row in rows],
    )
    return page_for(request, admin, rows[0], decision)


def _fact(row: Application, today: date) -> Fact:
    plan = operations.plan_approval(application=row, today=today)
    about: tuple[Any, ...] = (row.school, row.mecenat_number, row.studies_end_on, plan.period)
    return row.name, ", ".join(str(words) for words in (*about, fee_in_words(plan)) if words)


def _approve(rows: Iterable[Application], *, by: User, today: date) -> str:
    """One by one: what cannot be approved waits, and is named with the reason."""
    approved, refused = 0, []
    for row in rows:
        try:
            operations.approve(application=row, by=by, now=timezone.now(), today=today)
            approved += 1
        except operations.Refused as refusal:
            refused.append(f"{row.name}: {refusal}")
    told = ngettext("%d application is approved.", "%d applications are approved.", approved)
    return " ".join([told % approved, *refused])
