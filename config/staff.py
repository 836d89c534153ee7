"""Django's admin as the staff's place of work: log-in through allauth, own front page."""

from inspect import isclass
from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite, ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


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
            super().register(model, guarded(model, admin_class or ModelAdmin), **options)

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
