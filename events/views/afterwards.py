"""After the event: the certificate and who may check it, a year's hours, the survey."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events import afterwards, cart, editions, operations
from events.forms import SurveyForm
from events.models import Certificate
from events.refusals import BookingRefused
from events.views.bookings import own_booking_of
from privacy.access import public, signed_in, signed_link


def pdf_answer(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


def _valid(token: str) -> Certificate:
    certificate = afterwards.valid_certificate(own_booking_of(token))
    if certificate is None:
        raise Http404
    return certificate


@signed_link
@never_cache
@require_safe
def certificate_file(request: HttpRequest, token: str) -> HttpResponse:
    """In the language of the page."""
    from events import papers  # noqa: PLC0415  typst is slow to load

    found = _valid(token)
    content = papers.certificate_pdf(found, editions.page_language())
    return pdf_answer(content, found.code)


@signed_link
@require_POST
def show_name(request: HttpRequest, token: str) -> HttpResponse:
    is_shown = request.POST.get("show") == "yes"
    operations.show_name(certificate=_valid(token), is_shown=is_shown)
    return redirect("events:booking", token)


@signed_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, token: str) -> HttpResponse:
    booking = own_booking_of(token)
    form = SurveyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.answer_survey(booking=booking, answer=form.answer())
        except BookingRefused as refusal:
            messages.info(request, str(refusal))
        else:
            messages.success(request, _("Thank you for your answer."))
        return redirect("events:booking", token)
    if not afterwards.of_booking(booking).asks_survey:
        return redirect("events:booking", token)
    context = {"form": form, "text": editions.edition(booking.event), "token": token}
    return render(request, "events/survey.html", context, status=409 if form.errors else 200)


# --- For strangers --------------------------------------------------------------------------


@public
@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """Where a code from a paper is typed."""
    typed = request.GET.get("code", "").strip().upper()
    if typed and Certificate.objects.filter(code=typed).exists():
        return redirect("events:certificate", typed)
    return render(request, "events/verify.html", {"typed": typed}, status=404 if typed else 200)


@public
@never_cache
@require_safe
def certificate(request: HttpRequest, code: str) -> HttpResponse:
    rows = Certificate.objects.select_related("booking__event")
    found = get_object_or_404(rows, code=code.upper())
    return render(request, "events/certificate.html", {"proof": afterwards.proof(found)})


# --- A year's hours ---------------------------------------------------------------------------


@signed_in
@require_safe
def transcript(request: HttpRequest, year: int) -> HttpResponse:
    from events import papers  # noqa: PLC0415  as above

    person = cart.signed_in_person(request)
    found = afterwards.of_year(afterwards.certificates_of(person), year)
    if not found:
        raise Http404
    language, today = editions.page_language(), timezone.localdate()
    content = papers.transcript_pdf(person.name, year, found, language, today)
    return pdf_answer(content, f"{year}")
