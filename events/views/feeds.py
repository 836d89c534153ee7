"""A person's own calendar, at an address that nobody else knows and that can be renewed."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from events import calendar_files, cart, editions
from events.models import Booking, CalendarFeed
from events.views.programme import calendar_answer
from privacy.access import signed_in, signed_link


@signed_link
@never_cache
@require_safe
def own(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Every seat that the person has. An address that was renewed is not found."""
    feed = CalendarFeed.objects.filter(key=key).select_related("user").first()
    if feed is None:
        raise Http404
    seats = Booking.objects.of_person(feed.user).coming_to().select_related("event")
    content = calendar_files.own_file(seats.order_by("event__starts_at"), editions.page_language())
    return calendar_answer(content, "my-events")


@signed_in
@require_POST
def renew(request: HttpRequest) -> HttpResponse:
    """Makes the address the first time; afterwards another one, and the old one is dead."""
    person = cart.signed_in_person(request)
    feed, is_new = CalendarFeed.objects.get_or_create(user=person)
    if not is_new:
        feed.renew(timezone.now())
        messages.success(request, _("Your calendar has a new address. The old one is dead."))
    return redirect("my-pages")
