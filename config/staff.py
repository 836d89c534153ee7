"""Django's admin as the staff's place of work: log-in through allauth, own front page."""

import logging
from inspect import isclass
from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import messages
from django.contrib.admin import AdminSite, ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

logger = logging.getLogger(__name__)


class GuardedHistory:
    """The history's own page lets everybody who may look at an earlier version bring it back, with
    all its columns. Here it takes the right to change the row as it is today."""

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        if request.method == "POST" and not self._may_change(request, object_id):
            raise PermissionDenied
        return super().history_form_view(  # type: ignore[misc]
            request, object_id, version_id, extra_context
        )

    def revert_disabled(self, request: HttpRequest, obj: Any = None) -> bool:
        disabled = super().revert_disabled(request, obj)  # type: ignore[misc]
        return disabled or not self._may_change(request, str(obj.pk))

    def _may_change(self: Any, request: HttpRequest, object_id: str) -> bool:
        return self.has_change_permission(request, self.get_object(request, object_id))


def _with_guarded_history(admin_class: type[ModelAdmin]) -> type[ModelAdmin]:
    from simple_history.admin import SimpleHistoryAdmin  # noqa: PLC0415  as below

    if not issubclass(admin_class, SimpleHistoryAdmin):
        return admin_class
    return type(admin_class.__name__, (GuardedHistory, admin_class), {})


class OddFilters:
    """A day in the address that no calendar has is answered as Django answers other odd filters:
    by the list without it.
    """

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        try:
            page = super().changelist_view(request, extra_context)  # type: ignore[misc]
            return page.render() if isinstance(page, TemplateResponse) else page
        except (OverflowError, ValueError) as error:
            if request.method != "GET" or not any("__" in name for name in request.GET):
                raise
            logger.warning("A filter could not be read: %s", type(error).__name__)
            messages.warning(request, _("The filter could not be read, so all rows are listed."))
            return redirect(f"{request.path}?e=1")


class StaffSite(AdminSite):
    site_header = _("Forum för Dataskydd, staff")
    site_title = _("Staff")
    index_title = _("Today")
    enable_nav_sidebar = True

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """What the register calls sensitive is covered on every page, whoever wrote it."""
        from privacy.masking import guarded  # noqa: PLC0415  as below

        one = isclass(model_or_iterable)
        models: list[Any] = [model_or_iterable] if one else list(model_or_iterable)
        for model in models:
            kept = guarded(model, _with_guarded_history(admin_class or ModelAdmin))
            super().register(model, type(kept.__name__, (OddFilters, kept), {}), **options)

    def login(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return secure_admin_login(super().login)(request, extra_context)

    def get_urls(self) -> list[Any]:
        return [
            path("running/", self.admin_view(self.running), name="running"),
            *super().get_urls(),
        ]

    def running(self, request: HttpRequest) -> HttpResponse:
        """Is everything running? For whoever works here, without a shell."""
        from config import health  # noqa: PLC0415  as below

        context = {
            **self.each_context(request),
            "title": _("Is everything running?"),
            "answers": health.answers(timezone.now()),
            "runs": health.latest_runs(),
        }
        return render(request, "admin/running.html", context)

    def index(self, request: HttpRequest, extra_context: Any = None) -> Any:
        from config import today  # noqa: PLC0415  the site exists before the models are loaded

        return super().index(
            request, {**(extra_context or {}), "today": today.for_staff(request.user)}
        )
