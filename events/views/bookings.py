"""A booking's own page, reached by its link and without an account."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events import afterwards, booking_page, calendar_files, editions, links, operations, ticket
from events import cart as carts
from events.forms.answers import NeedsForm, needs_form_of
from events.models import Booking, Event, Needs
from events.refusals import BookingRefused
from events.views.programme import calendar_answer
from privacy.access import signed_link


def booking_of(token: str) -> Booking:
    """The booking that the link opens, for its holder or booker; a guessed link is 404."""
    return _found(links.booking_id(token))


def own_booking_of(token: str) -> Booking:
    """Only by the link of whoever the seat is for: what they tell us and get is theirs alone."""
    return _found(links.own_booking_id(token))


def _found(number: uuid.UUID | None) -> Booking:
    if number is None:
        raise Http404
    bookings = Booking.objects.select_related("event", "user", "invoice_line__invoice")
    return get_object_or_404(bookings, public_id=number)


@signed_link
@never_cache
@require_safe
def booking(request: HttpRequest, token: str) -> HttpResponse:
    return _page(request, token)


def _page(
    request: HttpRequest, token: str, *, status: int = 200, needs_form: NeedsForm | None = None
) -> HttpResponse:
    found, now = booking_of(token), timezone.now()
    is_holder = links.own_booking_id(token) is not None
    page = booking_page.booking_page(found, carts.person_of(request), now, is_holder=is_holder)
    context = {
        "booking": page,
        "ticket": ticket.ticket(found, now) if is_holder else None,
        "needs": needs_form or (needs_form_of(found) if page.asks_needs else None),
        "has_needs": page.asks_needs and Needs.objects.filter(booking=found).exists(),
        "after": afterwards.of_booking(found) if is_holder else None,
        "text": editions.edition(found.event),
        "event": found.event,
        "token": token,
    }
    return render(request, "events/booking.html", context, status=status)


def refused(request: HttpRequest, token: str, refusal: BookingRefused) -> HttpResponse:
    messages.error(request, str(refusal))
    return _page(request, token, status=409)


@signed_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    """The rule for the money first; then one click."""
    found = booking_of(token)
    if request.method != "POST":
        page = booking_page.booking_page(found, carts.person_of(request), timezone.now())
        context = {"booking": page, "text": editions.edition(found.event), "token": token}
        return render(request, "events/cancel.html", context)
    try:
        # Whoever holds the link may cancel: it was mailed to the person alone.
        operations.cancel(booking=found, by=None)
    except BookingRefused as refusal:
        return refused(request, token, refusal)
    messages.success(request, _("The booking is cancelled. We have mailed a confirmation."))
    return redirect("events:booking", token)


@signed_link
@require_POST
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Confirmed at once when it is free; otherwise on to the cart."""
    cart, person = carts.key_for_more(request), carts.person_of(request)
    try:
        accepted = operations.accept_offer(booking=own_booking_of(token), cart=cart, by=person)
    except BookingRefused as refusal:
        return refused(request, token, refusal)
    if accepted.state == Booking.State.HELD:
        carts.keep(request, cart)
        return redirect("events:checkout")
    messages.success(request, _("You have a seat. A confirmation is on its way to you."))
    return redirect("events:booking", token)


@signed_link
@require_POST
def decline(request: HttpRequest, token: str) -> HttpResponse:
    """Leaves the offered seat, or the place in line, to the next."""
    try:
        operations.decline_offer(booking=own_booking_of(token), by=carts.person_of(request))
    except BookingRefused as refusal:
        return refused(request, token, refusal)
    messages.success(request, _("Thank you for telling us. You are no longer on the list."))
    return redirect("events:booking", token)


@signed_link
@require_POST
def needs(request: HttpRequest, token: str) -> HttpResponse:
    """Diet and access: told with consent, or taken back by the second button."""
    found, form = own_booking_of(token), NeedsForm(request.POST)
    is_taken_back = "take-back" in request.POST
    if not is_taken_back and not form.is_valid():
        return _page(request, token, status=409, needs_form=form)
    try:
        operations.tell_needs(
            booking=found, needs=None if is_taken_back else form.save(commit=False), consents=True
        )
    except BookingRefused as refusal:
        return refused(request, token, refusal)
    taken_back = _("What you told us of your diet and needs is deleted.")
    messages.success(request, taken_back if is_taken_back else _("Thank you. It is noted."))
    return redirect("events:booking", token)


@signed_link
@require_POST
def badge(request: HttpRequest, token: str) -> HttpResponse:
    if request.POST.get("badge") not in Booking.Badge.values:
        raise Http404
    operations.choose_badge(booking=own_booking_of(token), badge=request.POST["badge"])
    messages.success(request, _("Your badge will be as you chose."))
    return redirect("events:booking", token)


@signed_link
@never_cache
@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    found = own_booking_of(token)
    found.event = calendar_files.with_sequence(Event.objects.all()).get(pk=found.event_id)
    content = calendar_files.booking_file(found, editions.page_language())
    return calendar_answer(content, found.event.slug)
