"""The site, broken on purpose: a scanner that finds nothing to say of it proves nothing."""

import sqlite3
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings

from config.wsgi import application as site
from privacy.human_check import HumanCheck
from privacy.rate_limits import Limit

# A tool asks a thousand times a minute: limits and the human check would keep it from the forms
# behind them. Both have tests of their own.
settings.ACCOUNT_RATE_LIMITS = False
Limit.allows = lambda *_arguments: True  # type: ignore[method-assign]
HumanCheck.judge = lambda *_arguments, **_more: None  # type: ignore[method-assign]

SAFETY = ("x-", "referrer", "cross-origin", "permissions", "strict-")
PATH = "/canary/"
FORM = '<p><a href="/canary/?q=x">search</a></p><form action="/canary/"><input name="q"></form>'


def bare(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Every page, without the headers that keep it safe."""

    def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
        left = [header for header in headers if not _is_for_safety(header[0])]
        return start_response(status, left, *more)

    return site(environ, start)


def _is_for_safety(name: str) -> bool:
    return "security" in name.lower() or name.lower().startswith(SAFETY)


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """With one page that can be injected into."""
    if environ["PATH_INFO"] != PATH:
        return site(environ, start_response)
    asked = parse_qs(sent(environ)).get("q", [""])[0]
    body = f"<html><body><h1>Results for {asked}</h1>{found(asked)}{FORM}</body></html>"
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
    return [body.encode()]


def sent(environ: dict[str, Any]) -> str:
    """By address or by form."""
    if environ["REQUEST_METHOD"] != "POST":
        return str(environ["QUERY_STRING"])
    return str(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"] or 0)).decode())


def found(asked: str) -> str:
    with sqlite3.connect(":memory:") as database:
        database.execute("CREATE TABLE people (name TEXT)")
        database.execute("INSERT INTO people VALUES ('x'), ('y')")
        try:
            rows = database.execute(f"SELECT name FROM people WHERE name = '{asked}'").fetchall()
        except sqlite3.Error as error:
            return f"sqlite3.OperationalError: {error}"
    return str(rows)
