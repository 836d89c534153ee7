"""The cart and its check-out."""

import uuid
from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing import gateway
from events import cart as carts
from events import cart_page, editions, fair_share, joining, links, operations
from events.forms import CheckoutForm, checkout_form
from events.models import Booking, BookingTerms
from events.refusals import BookingRefused, NotYours
from events.views.programme import open_mode, published_event, refused
from members.operations import Refused as MembershipRefused
from privacy.access import public, signed_in, signed_link
from privacy.google_check import loads_google

# --- Into the cart --------------------------------------------------------------------------


@public
@require_POST
def hold(request: HttpRequest, slug: str, mode: str) -> HttpResponse:
    event, cart = published_event(slug), carts.key_for_more(request)
    try:
        fair_share.demand(request, event, open_mode(event, mode), cart, seats=1)
        operations.hold_seat(
            event=event,
            mode=mode,
            cart=cart,
            by=carts.person_of(request),
        )
    except BookingRefused as refusal:
        return refused(request, slug, refusal)
    carts.keep(request, cart)
    return redirect("events:cart")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def colleagues(request: HttpRequest, slug: str, mode: str) -> HttpResponse:
    """A first seat for somebody else; the cart asks how many. Clicked twice, one seat."""
    event = published_event(slug)
    if request.method != "POST":
        return redirect("events:event", slug)
    cart, person = carts.key_for_more(request), carts.signed_in_person(request)
    held = Booking.objects.in_cart(cart, person).filter(event=event, mode=mode, user=None)
    try:
        operations.hold_for_others(
            event=event,
            mode=open_mode(event, mode),
            cart=cart,
            by=person,
            seats=max(1, held.count()),
        )
    except BookingRefused as refusal:
        return refused(request, slug, refusal)
    carts.keep(request, cart)
    return redirect("events:cart")


# --- The cart -------------------------------------------------------------------------------


@public
@never_cache
@require_safe
def cart(request: HttpRequest) -> HttpResponse:
    return _cart_page(request)


def _cart_page(request: HttpRequest, *, status: int = 200) -> HttpResponse:
    cart, person = carts.key_of(request), carts.person_of(request)
    joins = joining.wants_to(request, cart)
    page = cart_page.cart_page(cart, person, timezone.now(), joins=joins)
    return render(request, "events/cart.html", {"cart": page}, status=status)


def _changed(request: HttpRequest, change: Callable[[], object]) -> HttpResponse:
    """Back to the cart, with why nothing was done where that is so."""
    try:
        change()
    except NotYours:
        # As if it were not there: who asks shall not learn that somebody else has it.
        raise Http404 from None
    except BookingRefused as refusal:
        messages.error(request, str(refusal))
        return _cart_page(request, status=409)
    return redirect("events:cart")


def _booking(public_id: uuid.UUID) -> Booking:
    """Whether it is in this cart is asked by the operation, under the lock."""
    return get_object_or_404(Booking.objects.select_related("event"), public_id=public_id)


@public
@require_POST
def join_too(request: HttpRequest) -> HttpResponse:
    """A membership into the cart, or out of it."""
    cart = carts.key_of(request)
    if cart is not None:
        joining.choose(request, cart, joins=request.POST.get("joins") == "yes")
    return redirect("events:cart")


@public
@require_POST
def extend(request: HttpRequest) -> HttpResponse:
    cart, person = carts.key_of(request), carts.person_of(request)
    return _changed(request, lambda: operations.extend_hold(cart=cart, by=person))


@public
@require_POST
def seats(request: HttpRequest, slug: str, mode: str) -> HttpResponse:
    """How many seats beside one's own."""
    event = published_event(slug)
    open_mode(event, mode)
    wanted = request.POST.get("seats", "")
    if not wanted.isascii() or not wanted.isdigit():
        messages.error(request, _("Write the number of seats in digits."))
        return _cart_page(request, status=409)
    cart, number = carts.key_for_more(request), int(wanted[:4])

    def change() -> None:
        fair_share.demand(request, event, mode, cart, number)
        operations.hold_for_others(
            event=event, mode=mode, cart=cart, by=carts.person_of(request), seats=number
        )

    answer = _changed(request, change)
    carts.keep(request, cart)
    return answer


@public
@require_POST
def take_out(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    booking, cart, person = _booking(public_id), carts.key_of(request), carts.person_of(request)
    return _changed(request, lambda: operations.take_out(booking=booking, cart=cart, by=person))


@public
@require_POST
def hold_again(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    booking, cart, person = _booking(public_id), carts.key_of(request), carts.person_of(request)
    if cart is None:
        raise Http404

    def change() -> None:
        fair_share.demand_more(request, booking.event, booking.mode)
        operations.hold_again(booking=booking, cart=cart, by=person)

    return _changed(request, change)


@signed_in
@require_POST
def assign(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Whether a seat is one's own or somebody else's."""
    booking, cart = _booking(public_id), carts.key_of(request)
    person, is_mine = carts.signed_in_person(request), request.POST.get("whose") == "mine"
    return _changed(
        request,
        lambda: operations.assign_seat(booking=booking, cart=cart, by=person, is_mine=is_mine),
    )


# --- Check-out ------------------------------------------------------------------------------


@public
@loads_google
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def checkout(request: HttpRequest) -> HttpResponse:
    """One page: who comes, who pays, the terms."""
    posted = links.cart_id(request.POST.get("cart", ""))
    cart = posted or carts.key_of(request) or uuid.uuid4()
    if request.method == "POST" and operations.checked_out(cart):
        return _thanks(request, cart)
    person = carts.person_of(request)
    joins = joining.wants_to(request, cart)
    page = cart_page.cart_page(cart, person, timezone.now(), joins=joins)
    if not page.seats:
        return redirect("events:cart")  # which says that it is empty
    joins = page.joining is not None and page.joining.is_taken
    form = checkout_form(request, page.seats, person, joins=joins)
    if request.method == "POST" and _is_checked_out(request, form, cart):
        return _thanks(request, cart)
    context = {
        "cart": page,
        "form": form,
        "token": links.token_of_cart(cart),
        "seen": cart_page.seen(page.seats),
        "terms": BookingTerms.objects.of_today(),
    }
    return render(request, "events/checkout.html", context, status=409 if form.errors else 200)


def _is_checked_out(request: HttpRequest, form: CheckoutForm, cart: uuid.UUID) -> bool:
    """Errors, ours included, are left in the form with all that was typed."""
    if not form.is_valid():
        # The second of two clicks waits here for the first one, which has used up the form.
        return operations.checked_out_by_now(cart) is not None
    try:
        operations.check_out(
            cart=cart,
            by=carts.person_of(request),
            attendees=form.attendees(),
            payer=form.payer_customer(),
            application=form.application(),
            seen_fee=_seen_fee(request.POST.get("fee", "")),
            seen=_seen(request.POST.get("seen", "")),
            terms=BookingTerms.objects.of_today(),
            language=editions.page_language(),
        )
    except (BookingRefused, MembershipRefused) as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _seen(text: str) -> dict[uuid.UUID, Decimal]:
    """What the page showed, as it came back; what cannot be read was not seen."""
    pairs = (entry.partition("=") for entry in text.split(" ") if entry)
    try:
        seen = {uuid.UUID(number): Decimal(amount) for number, _equals, amount in pairs}
    except (ValueError, InvalidOperation):
        return {}
    return seen if all(amount.is_finite() for amount in seen.values()) else {}


def _seen_fee(text: str) -> Decimal | None:
    try:
        fee = Decimal(text)
    except InvalidOperation:
        return None
    return fee if fee.is_finite() else None


def _thanks(request: HttpRequest, cart: uuid.UUID) -> HttpResponse:
    carts.forget(request, cart)
    return redirect("events:done", links.token_of_cart(cart))


@signed_link
@never_cache
@require_safe
def done(request: HttpRequest, token: str) -> HttpResponse:
    """What was booked, and how to pay for it now."""
    cart = links.cart_id(token)
    checked_out = operations.checked_out(cart) if cart else None
    if checked_out is None:
        raise Http404
    context = {
        "seats": cart_page.booked(checked_out.bookings),
        "invoice": cart_page.payable(checked_out.invoice),
        "card": gateway.is_configured(),
    }
    return render(request, "events/done.html", context)
