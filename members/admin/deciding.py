"""A page between a button and what it does: what will happen, and what staff must say to it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise

from members.operations import Refused

Fact = tuple[str | Promise, Any]


@dataclass(frozen=True)
class Decision:
    """`do` gets what the form says and returns what staff is told afterwards."""

    title: str | Promise
    button: str | Promise
    do: Callable[[dict[str, Any]], str]
    facts: Sequence[Fact] = ()
    form: type[forms.Form] = forms.Form
    initial: dict[str, Any] = field(default_factory=dict)
    is_destructive: bool = False
    obstacles: Sequence[str] = ()
    """What must be put right first; then there is no button."""


def page_for(
    request: HttpRequest,
    admin: ModelAdmin,
    row: Model,
    decision: Decision,
    bound: forms.Form | None = None,
) -> HttpResponse:
    """GET shows, POST does; a refusal is told and changes nothing.

    `bound`: a form of the caller's that was refused already.
    """
    if not admin.has_change_permission(request, row):
        raise PermissionDenied
    data = request.POST if request.method == "POST" else None
    form = bound or decision.form(data, initial=decision.initial)
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, decision.do(form.cleaned_data))
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect(_change_page(row))
    context = {
        **admin.admin_site.each_context(request),
        "opts": row._meta,
        "original": row,
        "title": decision.title,
        "decision": decision,
        "form": form,
        "back_url": _change_page(row),
    }
    return TemplateResponse(request, "members/admin/decide.html", context)


def _change_page(row: Model) -> str:
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    return reverse(name, args=[row.pk])
