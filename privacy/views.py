"""The public's pages about personal data. Those of the person's own stand in `own_views`."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from privacy import stores
from privacy import trust as live
from privacy.access import public
from privacy.controller import AUTHORITY, controller
from privacy.processing import NO_AUTOMATION, all_processing
from privacy.record import MEASURES


@public
@require_safe
def notice(request: HttpRequest) -> HttpResponse:
    """What Art. 13 wants told, purpose by purpose; asked when the template remembers no answer."""
    return render(
        request,
        "privacy/notice.html",
        {
            "controller": controller,
            "authority": AUTHORITY,
            "no_automation": NO_AUTOMATION,
            "processing": all_processing,
        },
    )


@public
@require_safe
def trust(request: HttpRequest) -> HttpResponse:
    """Our promises with what is measured of them, from the same sources that the system obeys."""
    context = {
        "cookies": stores.cookies(),
        "recaptcha_offered": settings.RECAPTCHA_OFFERED,
        "rules": live.rules_live(),
        "processors": live.processors(),
        "drill": live.last_drill(),
        "controller": controller(),
        "measures": MEASURES,
    }
    return render(request, "privacy/trust.html", context)


@public
@require_safe
def cookies(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "privacy/cookies.html",
        {"cookies": stores.cookies(), "recaptcha_offered": settings.RECAPTCHA_OFFERED},
    )
