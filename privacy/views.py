"""The public's pages about personal data. Those of the person's own stand in `own_views`."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from privacy import stores
from privacy.access import public
from privacy.controller import AUTHORITY, controller
from privacy.processing import NO_AUTOMATION, all_processing


@public
@require_safe
def notice(request: HttpRequest) -> HttpResponse:
    """What Art. 13 wants told, purpose by purpose."""
    return render(
        request,
        "privacy/notice.html",
        {
            "controller": controller(),
            "authority": AUTHORITY,
            "no_automation": NO_AUTOMATION,
            "processing": all_processing(),
        },
    )


@public
@require_safe
def cookies(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "privacy/cookies.html",
        {"cookies": stores.cookies(), "recaptcha_offered": settings.RECAPTCHA_OFFERED},
    )
