"""Asking for the newsletter, confirming it by the link in a mail, and ending it."""

from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from news import audiences, emails, operations
from news.forms import SubscribeForm
from privacy.access import public, signed_link
from privacy.google_check import loads_google


@public
@loads_google
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    form = SubscribeForm(request.POST or None, request=request, action="newsletter")
    if request.method == "POST" and form.is_valid():
        operations.subscribe(
            email=form.cleaned_data["email"],
            language=get_language() or "sv",
            consent=str(form.fields["consent"].label),
            now=timezone.now(),
        )
        return redirect(f"{reverse('news:newsletter')}?sent")
    if "sent" in request.GET:
        return render(request, "news/newsletter_sent.html", {"days": emails.LASTS.days})
    return render(request, "news/newsletter.html", {"form": form})


@signed_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Nothing happens before the button is pressed: mail scanners follow links too."""
    subscriber = emails.subscriber_of(token)
    if subscriber is None:
        return render(request, "news/newsletter_expired.html", status=410)
    if request.method == "POST":
        operations.confirm(subscriber=subscriber, now=timezone.now())
        return redirect(request.path)
    return render(request, "news/newsletter_confirm.html", {"subscriber": subscriber})


@signed_link
@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """The token is the proof, so a mail program may post here by itself (RFC 8058)."""
    try:
        key = audiences.key_of(token)
    except BadSignature:
        raise Http404 from None
    if request.method == "POST":
        operations.stop_mail(key=key, now=timezone.now())
    reader = audiences.reader_of(key)
    return render(request, "news/newsletter_stop.html", {"reader": reader})
