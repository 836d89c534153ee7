"""Who is at the other end of a request."""

from django.http import HttpRequest

from members.models import User


def actor(request: HttpRequest) -> User:
    """Whoever is logged in. The access rule above the view has seen to it that somebody is."""
    assert isinstance(request.user, User)  # noqa: S101
    return request.user


def person_or_none(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None
