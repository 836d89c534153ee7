"""Answers when something is not as it should be. They carry no detail of what went wrong."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.views import defaults
from redis.exceptions import ConnectionError as RedisAway
from redis.exceptions import TimeoutError as RedisSlow

bad_request = defaults.bad_request
permission_denied = defaults.permission_denied
page_not_found = defaults.page_not_found

# The database or the cache is away or restarting. It passes, and whoever asks may ask again.
AWAY = (OperationalError, InterfaceError, RedisAway, RedisSlow)
RETRY_AFTER_S = "30"


def server_error(request: HttpRequest) -> HttpResponse:
    """Called while the error is being handled, so that its kind can be told."""
    if not isinstance(sys.exc_info()[1], AWAY):
        return defaults.server_error(request)
    response = HttpResponse(loader.get_template("503.html").render(), status=503)
    response.headers["Retry-After"] = RETRY_AFTER_S
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open too long, or sent without cookies: say so, and what to do."""
    return render(request, "403_csrf.html", status=403)
