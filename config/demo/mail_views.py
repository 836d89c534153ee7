"""The mails that were sent, as their receivers get them.

A mail is shown in a frame of its own, with a policy of its own: its style is allowed, and nothing
else. No script, no picture from elsewhere, no form.
"""

import re
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_update
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from billing.models import Invoice
from mail import showing
from mail.makers import make_attachments
from mail.models import Mail
from mail.operations import write
from privacy.access import public

ON_A_PAGE = 25
ATTACHMENTS = {
    "invoice": _("Invoice or credit note (PDF)"),
    "receipt": _("Receipt (PDF)"),
    "booking-calendar": _("Calendar file"),
}
TONES = {Mail.State.SENT: "ok", Mail.State.FAILED: "bad", Mail.State.DROPPED: "muted"}
# The demo may have run on another port when a mail was written.
_OUR_ADDRESS = re.compile(r"http://localhost(:\d+)?(?=[/\"'\s<]|$)")
# No script, no origin. Links open pages of ours, which are not to be crippled as well.
_FRAME_RULES = (
    "img-src data:",
    "frame-ancestors 'self'",
    "sandbox allow-popups allow-popups-to-escape-sandbox",
)

_may_show_frames: Any = csp_update({"frame-src": [SELF]})


@public
@never_cache
@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    """Newest first. Two queries, however many there are."""
    wanted = request.GET.get("q", "").strip()
    found = _to(wanted).defer("text", "html").order_by("-created_at", "-pk")
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "page_range": page.paginator.get_elided_page_range(page.number, on_each_side=1),
        "rows": [(mail, TONES.get(Mail.State(mail.state), "warn")) for mail in page],
        "q": wanted,
    }
    return render(request, "demo/mails.html", context)


def _to(wanted: str) -> QuerySet[Mail]:
    """By receiver: address or name."""
    if not wanted:
        return Mail.objects.all()
    by_name = Q(person__name__icontains=wanted)
    return Mail.objects.filter(Q(to__icontains=wanted) | Q(cc__icontains=wanted) | by_name)


@public
@never_cache
@_may_show_frames
@require_safe
def mail(request: HttpRequest, pk: int) -> HttpResponse:
    """Both parts side by side, with what a mail program would show above them."""
    found = write(get_object_or_404(Mail, pk=pk))
    context = {
        "mail": found,
        "tone": TONES.get(Mail.State(found.state), "warn"),
        "text": _on_this_port(found.text),
        "headers": _headers(found),
        "attachments": [_attachment_label(name) for name, _arguments in found.attachments],
        "invoice": _invoice_to_pay(found),
    }
    return render(request, "demo/mail.html", context)


@public
@never_cache
@xframe_options_sameorigin
@require_safe
def frame(request: HttpRequest, pk: int) -> HttpResponse:
    """The HTML part as it is, but for links opening beside it."""
    found = write(get_object_or_404(Mail, pk=pk))
    head, tag, rest = _on_this_port(found.html).partition("<head>")
    base = '<base target="_blank">'
    response = HttpResponse(f"{head}{tag}{base}{rest}" if tag else f"{base}{head}")
    response["Content-Security-Policy"] = showing.policy(found.html, *_FRAME_RULES)
    return response


@public
@never_cache
@require_safe
def attachment(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Made now, as it would be when the mail leaves."""
    found = get_object_or_404(Mail, pk=pk)
    if number >= len(found.attachments):
        raise Http404
    try:
        (made,) = make_attachments([found.attachments[number]])
    except ObjectDoesNotExist:
        raise Http404 from None
    response = HttpResponse(made.content, content_type=made.mimetype)
    response["Content-Disposition"] = f'attachment; filename="{made.filename}"'
    return response


def _on_this_port(text: str) -> str:
    return _OUR_ADDRESS.sub(settings.SITE_URL, text)


def _headers(found: Mail) -> list[tuple[str | Promise, str]]:
    rows: list[tuple[str | Promise, str]] = [
        (_("From"), settings.DEFAULT_FROM_EMAIL),
        (_("To"), found.to),
        (_("Copy"), found.cc),
        ("Message-ID", found.message_id),
        ("List-Unsubscribe", _on_this_port(found.unsubscribe_url)),
    ]
    return [(label, value) for label, value in rows if value]


def _attachment_label(name: str) -> str | Promise:
    return ATTACHMENTS.get(name, name)


def _invoice_to_pay(found: Mail) -> Invoice | None:
    """So that whoever reads of an invoice can play the payer."""
    what, _colon, number = found.key.partition(":")
    if what != "invoice" or not number.isdigit():
        return None
    return Invoice.objects.open().filter(pk=number).first()
