"""Staff see everybody's data: they log in in two steps, and their session ends sooner."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

BEGAN, SEEN = "staff_began", "staff_seen"
LONGEST = timedelta(hours=8)
IDLE = timedelta(minutes=30)
# How often "seen" is written: not with every request.
NOTED_EVERY = timedelta(minutes=1)
# Pages that belong to no person: asked without a session, so that they stay without a cookie.
LOG_IN_PAGES = frozenset({"admin:login", "admin:logout", "admin:jsi18n"})


class StaffSessions:
    """In front of every view: ends an old session of staff, and asks for the second step."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Without the cookie there is nobody to look up, and nothing is looked up.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and is_staff(request):
            keep_or_end(request, timezone.now())
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if not settings.STAFF_NEEDS_TWO_STEPS or not is_for_staff(request, view):
            return None
        if not is_staff(request) or is_mfa_enabled(request.user):
            return None
        messages.warning(
            request, _("Staff log in in two steps. Turn it on here, then the office opens.")
        )
        return redirect("mfa_index")


def is_staff(request: HttpRequest) -> bool:
    return request.user.is_authenticated and request.user.is_staff


def is_for_staff(request: HttpRequest, view: Any) -> bool:
    """The admin's pages, and those of ours that ask for a permission."""
    match = request.resolver_match
    if match is None or match.view_name in LOG_IN_PAGES:
        return False
    access = getattr(view, "access", None)
    return "admin" in match.namespaces or (access is not None and access.who == "staff")


def keep_or_end(request: HttpRequest, now: datetime) -> None:
    """Eight hours at most, and half an hour without a request."""
    session = request.session
    began = datetime.fromisoformat(session.get(BEGAN, now.isoformat()))
    seen = datetime.fromisoformat(session.get(SEEN, now.isoformat()))
    if now - began > LONGEST or now - seen > IDLE:
        logout(request)
        messages.info(request, _("You have been logged out for safety. Please log in again."))
    elif SEEN not in session or now - seen >= NOTED_EVERY:
        session[BEGAN], session[SEEN] = began.isoformat(), now.isoformat()
