"""Middleware of our own: headers that every answer carries, and what caches may keep."""

from collections.abc import Callable

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

Next = Callable[[HttpRequest], HttpResponse]

# Nothing of this is used, so nothing of it is allowed.
PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "browsing-topics",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
)


METHODS = ("GET", "HEAD", "POST")


def known_methods(get_response: Next) -> Next:
    """No page of ours takes any other; what nobody wrote a view for reaches no view."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        return get_response(request)

    return middleware


def no_null_bytes(get_response: Next) -> Next:
    """No address of ours holds one, and PostgreSQL would stumble over it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise SuspiciousOperation("a null byte in the address")
        return get_response(request)

    return middleware


def security_headers(get_response: Next) -> Next:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return middleware


def private_pages(get_response: Next) -> Next:
    """What somebody logged in sees is kept by no cache, not even the browser's own."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        # `user` is lazy: asking only where the session was used keeps anonymous pages cookie-free.
        if request.session.accessed and request.user.is_authenticated:
            response.headers["Cache-Control"] = "no-store, private"
        return response

    return middleware


def nothing_stays_after_log_out(get_response: Next) -> Next:
    """The next person at this computer finds nothing by the back button."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        match = request.resolver_match
        if request.method == "POST" and match and match.url_name in {"account_logout", "logout"}:
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response

    return middleware
