"""Changes of a booking by whoever holds its link: somebody else, another date, the full price."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from events import editions, links, operations
from events.cancelling import cancel_terms
from events.forms.room import WalkInForm
from events.refusals import BookingRefused
from events.views.bookings import booking_of, refused
from privacy.access import signed_link


@signed_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def swap(request: HttpRequest, token: str) -> HttpResponse:
    found, form = booking_of(token), WalkInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.swap_attendee(booking=found, person=form.attendee(), by=None)
        except BookingRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("The seat is handed on. The new person gets a confirmation by mail.")
            )
            return redirect(editions.edition(found.event).url)
    context = {"form": form, "text": editions.edition(found.event), "token": token}
    context["name"] = found.name
    return render(request, "events/swap.html", context, status=409 if form.errors else 200)


@signed_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, token: str) -> HttpResponse:
    """The dates there are; one click moves the seat."""
    found, now = booking_of(token), timezone.now()
    dates = operations.dates_to_move_to(found, now)
    if request.method == "POST":
        chosen = [event for event in dates if event.slug == request.POST.get("to")]
        try:
            if chosen:
                operations.move_booking(booking=found, to=chosen[0], by=None)
                messages.success(request, _("The seat is moved. We have mailed a confirmation."))
                return redirect(links.booking_path(found))
        except BookingRefused as refusal:
            return refused(request, token, refusal)
    context = {
        "dates": [editions.edition(event) for event in dates],
        "text": editions.edition(found.event),
        "token": token,
        "is_open": cancel_terms(found, now).is_open,
    }
    return render(request, "events/move.html", context)


@signed_link
@require_POST
def pay_difference(request: HttpRequest, token: str) -> HttpResponse:
    """The invoice is issued and shown; it can be paid by card there."""
    try:
        invoice = operations.charge_difference(booking=booking_of(token), by=None)
    except BookingRefused as refusal:
        return refused(request, token, refusal)
    return redirect(invoice.get_absolute_url())
