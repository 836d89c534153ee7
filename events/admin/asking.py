"""Actions on many rows: a reason asked first, and what became of each told after."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext

from events.refusals import BookingRefused


def with_reason(
    request: HttpRequest,
    queryset: QuerySet[Any],
    *,
    action: str,
    question: str,
    do: Callable[[Any, str], object],
) -> HttpResponse | None:
    """Ask for a reason first, then do it to each and tell what was done and what was refused."""
    if "reason" not in request.POST:
        context = {
            **admin.site.each_context(request),
            "title": question,
            "rows": queryset,
            "action": action,
            "selected": helpers.ACTION_CHECKBOX_NAME,
        }
        return render(request, "events/admin/reason.html", context)
    each(request, queryset, lambda row: do(row, request.POST["reason"]))
    return None


def each(request: HttpRequest, rows: QuerySet[Any], do: Callable[[Any], object]) -> None:
    done = 0
    for row in rows:
        try:
            do(row)
        except BookingRefused as refusal:
            messages.error(request, f"{row}: {refusal}")
        else:
            done += 1
    if done:
        messages.success(request, ngettext("Done with %d.", "Done with %d.", done) % done)


def staff_of(request: HttpRequest) -> Any:
    return request.user
