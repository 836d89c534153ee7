"""Pages for machines that watch over the site: proxies, monitors, people who find a hole."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from billing.models import Seller
from config import health
from privacy.access import public

# RFC 9116 asks for less than a year; whoever reads it later should ask again.
SECURITY_TXT_LASTS = timedelta(days=180)
TEXT = "text/plain; charset=utf-8"


@public
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """This process answers. What it depends on is not asked here."""
    return HttpResponse("ok", content_type=TEXT)


@public
@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """503 when no page can be answered from here. What exactly is wrong is told on this machine."""
    answers = health.answers(timezone.now())
    is_ready = all(answer.is_well for answer in answers if answer.is_vital)
    status = 200 if is_ready else 503
    if not is_local(request):
        return HttpResponse("ok" if is_ready else "not ready", content_type=TEXT, status=status)
    told = {answer.name: str(answer.problem) or "ok" for answer in answers}
    return JsonResponse(told, status=status)


@public
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    if not is_local(request):
        raise Http404
    lines = "".join(f"{line}\n" for line in health.metrics(timezone.now()))
    return HttpResponse(lines, content_type="text/plain; version=0.0.4; charset=utf-8")


def is_local(request: HttpRequest) -> bool:
    """Asked on this machine and past the proxy, which names the visitor in a header."""
    # A socket in the file system has no address at all.
    from_here = request.META.get("REMOTE_ADDR", "") in {"", "127.0.0.1", "::1"}
    return from_here and "HTTP_X_FORWARDED_FOR" not in request.META


@public
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a hole (RFC 9116)."""
    expires = timezone.now().replace(microsecond=0) + SECURITY_TXT_LASTS
    lines = [
        f"Contact: mailto:{Seller.objects.get().email}",
        f"Expires: {expires.isoformat()}",
        "Preferred-Languages: sv, en",
        f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
    ]
    return HttpResponse("".join(f"{line}\n" for line in lines), content_type=TEXT)
