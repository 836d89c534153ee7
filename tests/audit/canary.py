"""The site with one page that is broken on purpose: a scanner that misses it proves nothing."""

import sqlite3
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

from config.wsgi import application as site

PATH = "/canary/"
FORM = '<p><a href="/canary/?q=x">search</a></p><form action="/canary/"><input name="q"></form>'


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    if environ["PATH_INFO"] != PATH:
        return site(environ, start_response)
    asked = parse_qs(environ["QUERY_STRING"]).get("q", [""])[0]
    body = f"<html><body><h1>Results for {asked}</h1>{found(asked)}{FORM}</body></html>"
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
    return [body.encode()]


def found(asked: str) -> str:
    with sqlite3.connect(":memory:") as database:
        database.execute("CREATE TABLE people (name TEXT)")
        database.execute("INSERT INTO people VALUES ('x'), ('y')")
        try:
            rows = database.execute(f"SELECT name FROM people WHERE name = '{asked}'").fetchall()
        except sqlite3.Error as error:
            return f"sqlite3.OperationalError: {error}"
    return str(rows)
