"""Views behind a link in a mail: ours and fresh, or a plain page that says otherwise."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from members.links import Expired, Link, NotOurs

View = Callable[[HttpRequest, str], HttpResponse]


def opens(link: Link) -> Callable[[View], Callable[..., HttpResponse]]:
    """Below `signed_link`: the view is given what was signed instead of the token."""

    def decorate(view: View) -> Callable[..., HttpResponse]:
        @never_cache
        @wraps(view)
        def opened(request: HttpRequest, token: str) -> HttpResponse:
            try:
                value = link.read(token)
            except Expired:
                return render(request, "members/link_expired.html", {"link": link}, status=410)
            except NotOurs:
                raise Http404 from None
            return view(request, value)

        return opened

    return decorate
