"""Pages that read several rooms: the start page and my pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from privacy.access import public, signed_in


@public
def healthz(request: HttpRequest) -> HttpResponse:
    """This process answers. What it depends on is not asked here."""
    return HttpResponse("ok", content_type="text/plain")


@public
def start(request: HttpRequest) -> HttpResponse:
    return render(request, "start.html")


@signed_in
def my_pages(request: HttpRequest) -> HttpResponse:
    return render(request, "my_pages.html")
