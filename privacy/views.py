from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from privacy import stores
from privacy.access import public, signed_in
from privacy.collection import collect, subject_of
from privacy.controller import AUTHORITY, controller
from privacy.export import archive
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
    tables = collect(subject_of(request.user.pk))
    context = {"sections": sections(tables), "controller": controller()}
    return render(request, "privacy/my_data.html", context)


@signed_in
@require_POST
@reauthentication_required
def export(request: HttpRequest) -> HttpResponse:
    """The copy to take along. Whoever found an open browser does not get it."""
    now = timezone.now()
    answer = HttpResponse(
        archive(subject_of(request.user.pk), now=now), content_type="application/zip"
    )
    name = _("my-data-%(day)s.zip") % {"day": timezone.localdate(now).isoformat()}
    answer["Content-Disposition"] = content_disposition_header(True, name)
    return answer
