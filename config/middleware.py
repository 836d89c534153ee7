"""Middleware of our own: headers that every answer carries, and what caches may keep."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.middleware.gzip import GZipMiddleware
from django.template.loader import render_to_string
from django.utils.cache import patch_cache_control

Next = Callable[[HttpRequest], HttpResponse]

# How long a shared cache may keep a page. What an editor changes is seen everywhere within half a
# minute: a process remembers what it shows for REMEMBERED_S, and a page for PAGES_KEPT_S, before it
# comes here, and tells how old it is.
SHARED_SECONDS = 10

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


def maintenance(get_response: Next) -> Next:
    """While MAINTENANCE is set, every page says so; only the probe of the process answers."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not settings.MAINTENANCE or request.path == "/healthz":
            return get_response(request)
        response = HttpResponse(render_to_string("503.html"), status=503)
        response.headers["Retry-After"] = "300"
        response.headers["Cache-Control"] = "no-store"
        return response

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


def public_pages(get_response: Next) -> Next:
    """What everybody sees alike may be kept by shared caches for a while, and travels compressed.

    Browsers ask each time whether their copy is still the page (ETag). Pages with a form, or for
    somebody with a cart, are nobody else's; they are not compressed beside their secret tokens.
    """
    compress = GZipMiddleware(get_response).process_response

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not _is_the_same_for_all(request, response):
            return response
        patch_cache_control(response, public=True, max_age=0, s_maxage=SHARED_SECONDS)
        compress(request, response)
        return response

    return middleware


def _is_the_same_for_all(request: HttpRequest, response: HttpResponse) -> bool:
    access = getattr(request.resolver_match and request.resolver_match.func, "access", None)
    return (
        access is not None
        and access.who == "public"
        and request.method in {"GET", "HEAD"}
        and response.status_code in {200, 304}
        and not response.has_header("Cache-Control")
        and not response.cookies
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
    )


def nothing_stays_after_log_out(get_response: Next) -> Next:
    """The next person at this computer finds nothing by the back button."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        match = request.resolver_match
        if request.method == "POST" and match and match.url_name in {"account_logout", "logout"}:
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response

    return middleware
