"""A page between a button and what it does: what will happen, and what must be said to it."""

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

from privacy.refusals import Refused


@dataclass(frozen=True)
class Act:
    """`do` gets what the form says, and returns what staff is told and where to go then."""

    title: str | Promise
    button: str | Promise
    do: Callable[[dict[str, Any]], tuple[str, str]]
    facts: Sequence[tuple[str | Promise, Any]] = ()
    form: type[forms.Form] = forms.Form
    initial: dict[str, Any] = field(default_factory=dict)
    is_destructive: bool = False
    template: str = "privacy/admin/act.html"
    context: dict[str, Any] = field(default_factory=dict)


def page_for(request: HttpRequest, admin: ModelAdmin, row: Model, act: Act) -> HttpResponse:
    """GET shows, POST does; a refusal is told and changes nothing.

    The view's decorator has asked for the right to act; here it is whether one may see the row.
    """
    if not admin.has_view_permission(request, row):
        raise PermissionDenied
    data = request.POST if request.method == "POST" else None
    form = act.form(data, initial=act.initial)
    if request.method == "POST" and form.is_valid():
        try:
            told, where = act.do(form.cleaned_data)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect(request.path)
        messages.success(request, told)
        return redirect(where)
    return TemplateResponse(request, act.template, _context(request, admin, row, act, form))


def change_page(row: Model) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def _context(
    request: HttpRequest, admin: ModelAdmin, row: Model, act: Act, form: forms.Form
) -> dict[str, Any]:
    return {
        **admin.admin_site.each_context(request),
        **act.context,
        "opts": row._meta,
        "original": row,
        "title": act.title,
        "act": act,
        "form": form,
        "back_url": change_page(row),
    }
