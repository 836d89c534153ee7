"""Django's admin as the staff's place of work: log-in through allauth, own front page."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class StaffSite(AdminSite):
    site_header = _("Forum för Dataskydd, staff")
    site_title = _("Staff")
    index_title = _("Today")
    enable_nav_sidebar = True

    def login(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return secure_admin_login(super().login)(request, extra_context)

    def index(self, request: HttpRequest, extra_context: Any = None) -> Any:
        from config import today  # noqa: PLC0415  the site exists before the models are loaded

        return super().index(
            request, {**(extra_context or {}), "today": today.for_staff(request.user)}
        )
