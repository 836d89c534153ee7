"""No page without a decision about who may open it."""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

# Whole branches of libraries, with the reason why they are safe as they are.
LIBRARIES = {
    "admin:": "the staff site asks for staff, and each page for its permission",
    "account_": "allauth's own pages: log-in for anybody, the rest behind it",
    "mfa_": "allauth's own pages, behind the log-in",
    "usersessions_": "allauth's own pages, behind the log-in",
    "django_altcha:": "the challenge of the human check: random numbers for anybody",
}


def walk(patterns, prefix="", route=""):
    for pattern in patterns:
        path = f"{route}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            namespace = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from walk(pattern.url_patterns, namespace, path)
        elif isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name or ''}", path, pattern.callback


def ours():
    for name, path, view in walk(get_resolver().url_patterns):
        if not name.startswith(tuple(LIBRARIES)) and "admin/" not in path:
            yield pytest.param(view, id=f"{name} {path}")


@pytest.mark.parametrize("view", list(ours()))
def test_every_view_declares_who_may_open_it(view):
    access = getattr(view, "access", None)

    assert access is not None, "put a decorator of privacy.access on it"
    assert access.who in {"public", "link", "machine", "signed-in", "staff"}


def test_a_view_that_declares_nothing_is_caught():
    def forgotten(request):
        """Nobody decided."""

    assert getattr(forgotten, "access", None) is None
