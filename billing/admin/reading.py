"""A page of our own in the look of the admin."""

from typing import Any

from django.contrib.admin import ModelAdmin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse


def page(
    request: HttpRequest,
    admin: ModelAdmin,
    template: str,
    *,
    original: Model | None = None,
    **context: Any,
) -> HttpResponse:
    """`title` is its heading."""
    return TemplateResponse(
        request,
        f"admin/billing/{template}",
        {
            **admin.admin_site.each_context(request),
            "opts": admin.opts,
            "original": original,
            **context,
        },
    )
