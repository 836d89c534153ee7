"""Who may open which page.

Every view of ours carries exactly one of these decorators. `tests/config/test_access.py` walks the
URLconf and fails on a view that declares nothing, so a new page is closed until somebody decides.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Access:
    """What a view demands. `who` is public, link, machine, signed-in or staff."""

    who: str
    permissions: tuple[str, ...] = ()


def _declare(view: View, access: Access) -> View:
    view.access = access  # type: ignore[attr-defined]
    return view


def public(view: View) -> View:
    """Anybody, without an account."""
    return _declare(view, Access("public"))


def signed_link(view: View) -> View:
    """Whoever holds a link that we signed; the view itself verifies the token (404 if not ours)."""
    return _declare(view, Access("link"))


def machine(view: View) -> View:
    """Another company's server; the view itself verifies the signature."""
    return _declare(view, Access("machine"))


def signed_in(view: View) -> View:
    """A person with an account. Rows of somebody else are 404, which the view's query sees to."""
    return _declare(login_required(view), Access("signed-in"))


def staff(*permissions: str) -> Callable[[View], View]:
    """Staff that hold every one of the named permissions (`billing.view_invoice`)."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not (request.user.is_staff and request.user.has_perms(permissions)):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return _declare(login_required(guarded), Access("staff", permissions))

    return decorate
