"""Middleware of the measured server: how many queries an answer took, told in a header."""

import itertools
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

HEADER = "X-Queries"


def count_queries(get_response: Callable[[HttpRequest], HttpResponse]) -> Any:
    def middleware(request: HttpRequest) -> HttpResponse:
        asked = itertools.count()

        def noting(execute: Callable[..., Any], *arguments: Any) -> Any:
            next(asked)
            return execute(*arguments)

        with connection.execute_wrapper(noting):
            response = get_response(request)
        response.headers[HEADER] = str(next(asked))
        return response

    return middleware
