"""A page that everybody sees alike is made once in ten seconds, however many ask for it.

What our own `Cache-Control` allows any shared cache to do (`config.middleware.public_pages`), done
here as well. Only for whoever brings no cookie and gets none: so nothing of a person is kept.

Each process keeps its own, in a cache for nothing else: a visitor may ask for any number of
addresses, and must not push out what limits log-ins and forms.
"""

import time
from hashlib import sha256

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from config.middleware import Next

Kept = tuple[float, dict[str, str], bytes]
"""When it was made, its headers and its content."""


def kept_pages(get_response: Next) -> Next:
    def middleware(request: HttpRequest) -> HttpResponse:
        if not settings.PAGES_KEPT_S or request.method != "GET" or request.COOKIES:
            return get_response(request)
        key = _key(request)
        if kept := caches["pages"].get(key):
            return _again(request, kept)
        response = get_response(request)
        if _may_be_kept(request, response):
            caches["pages"].set(key, _kept(response), settings.PAGES_KEPT_S)
        return response

    return middleware


def _key(request: HttpRequest) -> str:
    """All that such a page depends on: its address, and for a few the language asked for."""
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    language = request.headers.get("Accept-Language", "")
    told = f"{request.get_host()} {request.get_full_path()} {language} {packed}"
    return f"page:{sha256(told.encode()).hexdigest()}"


def _may_be_kept(request: HttpRequest, response: HttpResponse) -> bool:
    return (
        response.status_code == 200
        and "s-maxage" in response.headers.get("Cache-Control", "")
        and not response.cookies
        and not response.streaming
        # Good for the one answer whose policy names it.
        and getattr(request, "_csp_nonce", None) is None
    )


def _kept(response: HttpResponse) -> Kept:
    return time.time(), dict(response.headers), response.content


def _again(request: HttpRequest, kept: Kept) -> HttpResponse:
    """With its age, so that a shared cache in front does not begin to count anew."""
    made_at, headers, content = kept
    age = max(0, int(time.time() - made_at))
    response = HttpResponse(content, headers={**headers, "Age": str(age)})
    answer = get_conditional_response(request, etag=headers.get("ETag"), response=response)
    return answer or response
