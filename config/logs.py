"""One line of JSON for everything that is logged, with a fixed set of keys.

What is personal stays out: only the keys below are written, addresses of pages are told by their
pattern (some are keys), an e-mail address in a message is replaced by a fingerprint.
"""

import hashlib
import hmac
import json
import logging
import re
import time
import traceback
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

request_id: ContextVar[str] = ContextVar("request_id", default="")
log = logging.getLogger("request")

EMAIL = re.compile(r"[^\s<>\"'(),;:]+@[^\s<>\"'(),;:]+\.\w+")
# What may be given beside the message: `log.info("request", extra={"status": 200})`.
EXTRA = ("method", "route", "status", "ms", "task")
LONGEST = 2000


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": anonymous(_event(record))[:LONGEST],
            "request_id": request_id.get(),
        }
        line |= {key: getattr(record, key) for key in EXTRA if hasattr(record, key)}
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = type(record.exc_info[1]).__name__
            line["where"] = where(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)


def _event(record: logging.LogRecord) -> str:
    """Django's own lines on requests hold the path; the pattern says as much and is no key."""
    if record.name.startswith(("django.request", "django.security")):
        return f"{getattr(record, 'status_code', '')} {route_of(getattr(record, 'request', None))}"
    return record.getMessage()


def where(error: BaseException) -> list[str]:
    """Files and lines. What an error says may hold what somebody typed, so it is left out."""
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]


def anonymous(text: str) -> str:
    return EMAIL.sub(lambda found: f"email:{fingerprint(found[0])}", text)


def fingerprint(address: str) -> str:
    """Tells two people apart and nobody who they are. A new SECRET_KEY makes new ones."""
    key = f"log:{settings.SECRET_KEY}".encode()
    return hmac.new(key, address.lower().encode(), hashlib.sha256).hexdigest()[:8]


def route_of(request: HttpRequest | None) -> str:
    match = getattr(request, "resolver_match", None)
    return match.route if match else ""


def log_requests(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Every answer carries a number, and every line that was logged on the way to it as well."""

    def middleware(request: HttpRequest) -> HttpResponse:
        number = uuid.uuid4().hex[:16]
        token = request_id.set(number)
        begun = time.perf_counter()
        try:
            response = get_response(request)
            response.headers["X-Request-ID"] = number
            log.info("request", extra=_facts(request, response, begun))
            return response
        finally:
            request_id.reset(token)

    return middleware


def _facts(request: HttpRequest, response: HttpResponse, begun: float) -> dict[str, Any]:
    return {
        "method": request.method,
        "route": route_of(request),
        "status": response.status_code,
        "ms": round((time.perf_counter() - begun) * 1000, 1),
    }
