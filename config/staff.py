"""Django's admin as the staff's place of work: log-in through allauth, own front page."""

from inspect import isclass
from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite, ModelAdmin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class StaffSite(AdminSite):
    site_header = _("Forum för Dataskydd, staff")
    site_title = _("Staff")
    index_title = _("Today")
    enable_nav_sidebar = True

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """What the register calls sensitive is covered on every page, whoever wrote it."""
        from privacy.masking import guarded  # noqa: PLC0415  as below

        models = [model_or_iterable] if isclass(model_or_iterable) else model_or_iterable
        for model in models:
            super().register(model, guarded(model, admin_class or ModelAdmin), **options)

    def login(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return secure_admin_login(super().login)(request, extra_context)

    def index(self, request: HttpRequest, extra_context: Any = None) -> Any:
        from config import today  # noqa: PLC0415  the site exists before the models are loaded

        return super().index(
            request, {**(extra_context or {}), "today": today.for_staff(request.user)}
        )
