"""A page that everybody sees alike is made once in ten seconds, however many ask for it.

What our own `Cache-Control` allows any shared cache to do (`config.middleware.public_pages`), done
here as well. Only for whoever brings no cookie and gets none: so nothing of a person is kept.
"""

import time
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from redis import RedisError

from config.middleware import Next

Kept = tuple[dict[str, str], bytes]

LEFT_ALONE_S = 30


class Shelf:
    """The cache. One that did not answer is left alone for a while: each that asks one which is
    there and silent waits for `REDIS_TIMEOUT_S`.
    """

    def __init__(self) -> None:
        self.is_well, self.asked_at = True, 0.0

    def ask(self, question: Callable[[], Any]) -> Any:
        now = time.monotonic()
        if not self.is_well and now < self.asked_at + LEFT_ALONE_S:
            return None
        self.asked_at = now  # at once: while one finds out the others do without
        try:
            answer, self.is_well = question(), True
        except RedisError:
            answer, self.is_well = None, False
        return answer


def kept_pages(get_response: Next) -> Next:
    shelf = Shelf()

    def middleware(request: HttpRequest) -> HttpResponse:
        if not settings.PAGES_KEPT_S or request.method != "GET" or request.COOKIES:
            return get_response(request)
        key = _key(request)
        if kept := shelf.ask(lambda: cache.get(key)):
            return _again(request, kept)
        response = get_response(request)
        if _may_be_kept(request, response):
            shelf.ask(lambda: cache.set(key, _kept(response), settings.PAGES_KEPT_S))
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
    return dict(response.headers), response.content


def _again(request: HttpRequest, kept: Kept) -> HttpResponse:
    headers, content = kept
    response = HttpResponse(content, headers=headers)
    answer = get_conditional_response(request, etag=headers.get("ETag"), response=response)
    return answer or response
