"""Check-in on a telephone, and what is printed for the day. For staff."""

import json
import uuid
from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing.money import format_price
from events import cart, diets, editions, operations
from events import door as the_door
from events.forms.room import WalkInForm
from events.models import Booking, Event
from events.prices import Asker, price_for
from events.refusals import BookingRefused
from events.views.afterwards import pdf_answer
from privacy.access import staff
from privacy.masking import RevealForm, note_reason
from privacy.protected import without_hidden

MOST_ENTRIES = 500


def event_of(slug: str) -> Event:
    """Drafts too: staff sees everything."""
    return get_object_or_404(Event.objects.with_fill(timezone.now()), slug=slug)


@staff("events.change_booking")
@never_cache
@require_safe
def door(request: HttpRequest, slug: str) -> HttpResponse:
    return _door_page(request, event_of(slug), WalkInForm())


def _door_page(
    request: HttpRequest, event: Event, form: WalkInForm, *, status: int = 200
) -> HttpResponse:
    people = the_door.guests(event)
    context = {
        "event": event,
        "text": editions.edition(event),
        "guests": people,
        "people": the_door.as_data(people),
        "came": sum(guest.is_in for guest in people),
        "form": form,
        "price": _price(event),
    }
    return render(request, "events/room/door.html", context, status=status)


def _price(event: Event) -> str:
    """What a seat costs those who just come; empty where it is free, or only for members."""
    amount = price_for(event.prices.all(), Asker(), timezone.localdate()).amount
    return format_price(amount) if amount else ""


@staff("events.change_booking")
@require_POST
def check(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    """One click in the list, where there is no script."""
    booking = the_door.find(event_of(slug), number)
    if booking is None:
        raise Http404
    change = operations.undo_check_in if "out" in request.POST else operations.check_in
    try:
        change(booking=booking, by=cart.signed_in_person(request))
    except BookingRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("events:door", slug)


@staff("events.change_booking")
@require_POST
def walk_in(request: HttpRequest, slug: str) -> HttpResponse:
    event, form = event_of(slug), WalkInForm(request.POST)
    if not form.is_valid():
        return _door_page(request, event, form, status=409)
    person = cart.signed_in_person(request)
    try:
        came = operations.walk_in(event=event, key=uuid.uuid4(), person=form.attendee(), by=person)
    except BookingRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Welcome, %(name)s!") % {"name": came.name})
    return redirect("events:door", slug)


@staff("events.change_booking")
@never_cache
@require_POST
def sync(request: HttpRequest, slug: str) -> HttpResponse:
    """What the telephone has gathered. Answers with what became of it and who is in by now."""
    event, entries = event_of(slug), _entries(request)
    if entries is None:
        return JsonResponse({"error": "entries"}, status=400)
    by = cart.signed_in_person(request)
    outcomes = the_door.take_in(event, entries, by=by, now=timezone.now())
    return JsonResponse(
        {
            "outcomes": [asdict(outcome) for outcome in outcomes],
            "people": the_door.as_data(the_door.guests(event)),
        }
    )


def _entries(request: HttpRequest) -> list[dict[str, Any]] | None:
    try:
        sent = json.loads(request.body)
    except ValueError:
        return None
    entries = sent.get("entries") if isinstance(sent, dict) else None
    if not isinstance(entries, list) or len(entries) > MOST_ENTRIES:
        return None
    return entries if all(isinstance(entry, dict) for entry in entries) else None


# --- On paper -------------------------------------------------------------------------------


@staff("events.view_booking")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def attendees(request: HttpRequest, slug: str) -> HttpResponse:
    """Who comes, and how many eat what. Allergies and names beside them want a reason (POST)."""
    event = event_of(slug)
    context = {
        "event": event,
        "text": editions.edition(event),
        "guests": the_door.guests(event),
        **(_needs(request, event) if request.user.has_perm("events.view_needs") else {}),
    }
    return render(request, "events/room/attendees.html", context)


def _needs(request: HttpRequest, event: Event) -> dict[str, Any]:
    form = RevealForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return {"numbers": diets.numbers(event), "reveal": form}
    note_reason(request, diets.told_about(event), reason=form.cleaned_data["reason"])
    return {"diets": diets.diets(event)}


@staff("events.view_booking")
@require_safe
def badges(request: HttpRequest, slug: str) -> HttpResponse:
    from events import papers  # noqa: PLC0415  typst is slow to load

    event = event_of(slug)
    rows = Booking.objects.filter(event=event, mode=Booking.Mode.ON_SITE).coming_to()
    if Booking.Mode.ON_SITE not in event.modes:
        raise Http404
    seated = list(without_hidden(rows).order_by("name", "pk"))
    language, today = editions.page_language(), timezone.localdate()
    return pdf_answer(papers.badges_pdf(event, seated, language, today), f"{slug}-badges")
