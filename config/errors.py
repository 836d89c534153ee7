"""Answers when something is not as it should be. They carry no detail of what went wrong."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import defaults

bad_request = defaults.bad_request
permission_denied = defaults.permission_denied
page_not_found = defaults.page_not_found
server_error = defaults.server_error


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open too long, or sent without cookies: say so, and what to do."""
    return render(request, "403_csrf.html", status=403)
