"""The programme, one event, and getting a seat at it without paying."""

from datetime import date, timedelta
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from events import (
    afterwards,
    calendar_files,
    cards,
    cart,
    editions,
    links,
    operations,
    pictures,
    timetable,
)
from events import month as months
from events.event_page import booking_box
from events.forms import GuestWaitingForm
from events.models import Booking, BookingTerms, Event, EventQuerySet
from events.month import FIRST_YEAR, LAST_YEAR
from events.refusals import BookingRefused
from events.structured_data import event_json
from privacy.access import public, signed_in
from privacy.google_check import loads_google

PER_PAGE = 20


def _published() -> EventQuerySet:
    return Event.objects.published(timezone.now())


def published_event(slug: str) -> Event:
    """Drafts are 404."""
    return get_object_or_404(_published(), slug=slug)


def _event_to_show(slug: str) -> Event:
    """With prices, speakers and how full it is."""
    found = _published().with_fill(timezone.now())
    found = found.select_related("product").prefetch_related("prices", "speakers")
    return get_object_or_404(found, slug=slug)


def open_mode(event: Event, mode: str) -> str:
    if mode not in event.modes:
        raise Http404
    return mode


# --- Lists ----------------------------------------------------------------------------------


def _list_page(request: HttpRequest, events: EventQuerySet, *, is_archive: bool) -> HttpResponse:
    now = timezone.now()
    kind = request.GET.get("kind", "")
    if kind in Event.Kind.values:
        events = events.filter(kind=kind)
    paginator = Paginator(events, PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    shown: Any = page.object_list
    if not is_archive:
        # How full they are is counted for the events of this page only.
        shown = shown.with_fill(now)
    shown = shown.prefetch_related("prices")
    context = {
        "page_obj": page,
        "page_range": paginator.get_elided_page_range(page.number),
        "events": cards.cards(shown, now),
        "kinds": Event.Kind.choices,
        "kind": kind,
        "is_archive": is_archive,
    }
    return render(request, "events/list.html", context)


@public
@require_safe
def event_list(request: HttpRequest) -> HttpResponse:
    return _list_page(request, _published().coming(timezone.now()), is_archive=False)


@public
@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    return _list_page(request, _published().past(timezone.now()), is_archive=True)


@public
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """What is on and what was on in the last months, to subscribe to."""
    since = timezone.now() - timedelta(days=90)
    events = calendar_files.with_sequence(_published().filter(ends_at__gte=since))
    content = calendar_files.programme_file(
        events.order_by("starts_at", "pk"), editions.page_language()
    )
    return HttpResponse(content, content_type=calendar_files.CONTENT_TYPE)


# --- One event ------------------------------------------------------------------------------


@public
@require_safe
def month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12):
        raise Http404
    shown = months.month(_published(), date(year, month, 1), timezone.localdate())
    return render(request, "events/month.html", {"month": shown})


@public
@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    """What a booking by one click agrees to; the check-out shows it in full."""
    return render(request, "events/terms.html", {"terms": BookingTerms.objects.of_today()})


@public
@require_safe
def this_month(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    return redirect("events:month", today.year, today.month)


@public
@require_safe
def event(request: HttpRequest, slug: str) -> HttpResponse:
    return event_page(request, _event_to_show(slug))


def event_page(request: HttpRequest, event: Event, *, status: int = 200) -> HttpResponse:
    now = timezone.now()
    text = editions.edition(event)
    context = {
        "event": event,
        "text": text,
        "picture_url": text.picture_url,
        "box": booking_box(event, cart.person_of(request), now),
        "structured_data": event_json(text, timezone.localdate(now)),
        "is_over": event.ends_at <= now,
        "sessions": partial(timetable.sessions, event),
        "speakers": timetable.speakers(event),
        "papers": afterwards.papers_for(event, cart.person_of(request)),
    }
    return render(request, "events/event.html", context, status=status)


def refused(request: HttpRequest, slug: str, refusal: BookingRefused) -> HttpResponse:
    """The event's page as it is now, with why nothing was done."""
    messages.error(request, str(refusal))
    return event_page(request, _event_to_show(slug), status=409)


@public
@require_safe
@cache_control(public=True, max_age=365 * 24 * 3600, immutable=True)
def picture(request: HttpRequest, name: str) -> HttpResponse:
    """A picture never changes under its name, which nobody can guess."""
    path = f"{pictures.FOLDER}/{name}"
    if not default_storage.exists(path):
        raise Http404
    with default_storage.open(path) as file:
        return HttpResponse(file.read(), content_type=pictures.MEDIA_TYPE)


@public
@require_safe
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    event = calendar_files.with_sequence(_published()).filter(slug=slug).first()
    if event is None:
        raise Http404
    content = calendar_files.event_file(event, editions.page_language())
    return calendar_answer(content, slug)


def calendar_answer(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=calendar_files.CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest, slug: str, mode: str) -> HttpResponse:
    """A member's one click. Who had to log in first comes here by GET, and clicks once more."""
    event = published_event(slug)
    if request.method != "POST":
        return redirect("events:event", slug)
    try:
        booking = operations.book_free(
            event=event, mode=open_mode(event, mode), by=cart.signed_in_person(request)
        )
    except BookingRefused as refusal:
        return refused(request, slug, refusal)
    messages.success(
        request, _("You have a seat. A confirmation with a calendar file is on its way to you.")
    )
    return redirect(links.booking_path(booking))


@public
@loads_google
@require_http_methods(["GET", "HEAD", "POST"])
def wait(request: HttpRequest, slug: str, mode: str) -> HttpResponse:
    """Stand in line for a full event: with an account by one click, a visitor by a short form."""
    event = _event_to_show(slug)
    open_mode(event, mode)
    person = cart.person_of(request)
    form = None
    if person is None:
        form = GuestWaitingForm(request.POST or None, request=request, action="wait")
    if request.method != "POST" and not _is_full(event, mode):
        return redirect("events:event", slug)
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            booking = operations.join_waiting_list(
                event=event,
                mode=mode,
                by=person,
                person=form.attendee() if form else None,
                language=editions.page_language(),
            )
        except BookingRefused as refusal:
            return refused(request, slug, refusal)
        return _in_line(request, event, booking)
    context = {
        "event": event,
        "text": editions.edition(event),
        "form": form,
        "mode_label": Booking.Mode(mode).label,
        "line": Booking.objects.filter(event=event, mode=mode).waiting().count(),
    }
    return render(request, "events/wait.html", context)


def _is_full(event: Event, mode: str) -> bool:
    """Only then is there a line to join."""
    return event.is_bookable(timezone.now()) and event.seats_free(mode) == 0


def _in_line(request: HttpRequest, event: Event, booking: Booking) -> HttpResponse:
    """A visitor is not shown the booking: the address is not known to be theirs. The mail is."""
    if booking.user_id is not None:
        messages.success(request, _("You are on the waiting list."))
        return redirect(links.booking_path(booking))
    messages.success(
        request,
        _("You are on the waiting list. We have mailed you your place and a link to leave it."),
    )
    return redirect("events:event", event.slug)
