"""What the admin classes of this room share: rows that operations write and staff reads."""

from typing import Any

from django.contrib.admin import ModelAdmin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse


class ReadOnly:
    """Mix in before ModelAdmin."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def page(
    request: HttpRequest,
    admin: ModelAdmin,
    template: str,
    *,
    original: Model | None = None,
    **context: Any,
) -> HttpResponse:
    """A page of our own in the look of the admin. `title` is its heading."""
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
