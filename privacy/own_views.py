"""What a person sees and asks of us about their own data: my data, a copy, erasure, the receipt."""

import uuid

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from privacy import erasure, operations
from privacy.access import signed_in, signed_link
from privacy.collection import collect, subject_of
from privacy.controller import controller
from privacy.export import archive
from privacy.forms import AskForm, SureForm
from privacy.models import AccessLog, Copy, Erasure, Request
from privacy.my_data import sections
from privacy.refusals import Refused

BY_LOG_IN = "log-in, confirmed once more"


@signed_in
@require_safe
def my_data(request: HttpRequest) -> HttpResponse:
    """Everything stored of whoever is logged in."""
    tables = collect(subject_of(request.user.pk))
    context = {
        "sections": sections(tables),
        "controller": controller(),
        "looks": any(table.model is AccessLog for table in tables),
        "requests": Request.objects.open().filter(person_id=request.user.pk),
    }
    return render(request, "privacy/my_data.html", context)


# --- A copy -------------------------------------------------------------------------------------


@signed_in
@require_POST
@reauthentication_required
def export(request: HttpRequest) -> HttpResponse:
    """A link to a copy. Whoever found an open browser does not get it."""
    _copy, token = operations.make_copy(by=request.user, now=timezone.now(), person=request.user)
    return redirect("privacy:copy", token)


@signed_link
@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: HttpRequest, token: str) -> HttpResponse:
    """GET says what is to be had and spends nothing, so that no mail scanner spoils the link."""
    now = timezone.now()
    waiting = operations.waiting_copy(token=token, now=now)
    if waiting is not None and waiting.person_id and waiting.person_id != request.user.pk:
        if request.user.is_authenticated:
            raise Http404
        return redirect_to_login(request.get_full_path())
    if waiting is not None and request.method == "POST":
        return _hand_out(request, waiting)
    status = 200 if waiting else 410
    return render(request, "privacy/copy.html", {"copy": waiting}, status=status)


def _hand_out(request: HttpRequest, waiting: Copy) -> HttpResponse:
    now = timezone.now()
    with transaction.atomic():  # a copy that cannot be made spends no link
        subject = operations.fetch(copy=waiting, now=now)
        packed = archive(subject, now=now) if subject else None
    if packed is None:
        return render(request, "privacy/copy.html", {"copy": None}, status=410)
    answer = HttpResponse(packed, content_type="application/zip")
    name = _("my-data-%(day)s.zip") % {"day": timezone.localdate(now).isoformat()}
    answer["Content-Disposition"] = content_disposition_header(True, name)
    answer["Cache-Control"] = "no-store, private"
    return answer


# --- Asking -------------------------------------------------------------------------------------


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Everything one may ask of us, with what it means and when the answer comes."""
    form = AskForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        _receive(request, form.cleaned_data["kind"], form.cleaned_data["message"], identity="")
        return redirect("privacy:my-data")
    return render(request, "privacy/ask.html", {"form": form})


@signed_in
@require_safe
def erase(request: HttpRequest) -> HttpResponse:
    """What would go, what would stay, why and until when."""
    return _erase_page(request, SureForm())


@signed_in
@require_POST
@reauthentication_required
def erase_now(request: HttpRequest) -> HttpResponse:
    """At once. What the system may not do by itself becomes a request that staff answers."""
    form = SureForm(request.POST)
    if not form.is_valid():
        return _erase_page(request, form)
    try:
        done = operations.erase_own(person=request.user, now=timezone.now())
    except Refused as refusal:
        messages.warning(request, str(refusal))
        _receive(request, Request.Kind.ERASURE, "", identity=BY_LOG_IN)
        return redirect("privacy:my-data")
    logout(request)
    messages.success(request, _("You are erased. This is your receipt; it has been mailed to you."))
    return redirect(done)


def _receive(request: HttpRequest, kind: str, message: str, *, identity: str) -> None:
    try:
        asked = operations.receive(
            kind=kind,
            now=timezone.now(),
            person=request.user,
            message=message,
            identity=identity,
        )
    except Refused as refusal:
        messages.info(request, str(refusal))
        return
    told = _("Thank you. You get an answer by %(day)s at the latest.")
    messages.success(request, told % {"day": asked.due_on.isoformat()})


def _erase_page(request: HttpRequest, form: SureForm) -> HttpResponse:
    entries = erasure.receipt(erasure.plan(subject_of(request.user.pk)), [])
    context = {"form": form, "lines": lines(erasure.told(entries)), "controller": controller()}
    return render(request, "privacy/erase.html", context)


def lines(told: list[erasure.Told]) -> dict[str, list[erasure.Told]]:
    """What goes, what is emptied, what stays."""
    return {
        did: [line for line in told if line.did == did]
        for did in (erasure.DELETED, erasure.BLANKED, erasure.KEPT)
    }


@signed_link
@require_safe
def receipt(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    """For whoever has the link from the last mail; it names nobody."""
    done = get_object_or_404(Erasure, pk=number)
    context = {"erasure": done, "lines": lines(erasure.told(done.receipt))}
    return render(request, "privacy/receipt.html", context)
