from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from privacy import stores
from privacy.access import public, signed_in
from privacy.collection import subject_of
from privacy.controller import AUTHORITY, controller
from privacy.my_data import sections
from privacy.processing import NO_AUTOMATION, all_processing


@public
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
def cookies(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "privacy/cookies.html",
        {"cookies": stores.cookies(), "recaptcha_offered": settings.RECAPTCHA_OFFERED},
    )


@signed_in
def my_data(request: HttpRequest) -> HttpResponse:
    """Everything stored of whoever is logged in."""
    subject = subject_of(request.user.pk)
    context = {"sections": sections(subject), "controller": controller()}
    return render(request, "privacy/my_data.html", context)
