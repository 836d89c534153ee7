"""The staff's page of an event, and what is done from it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events import cart, editions, exporting, operations
from events import room as the_room
from events.forms.room import MessageForm, RegisterForm, SeriesForm
from events.models import Event, Message
from events.refusals import BookingRefused
from events.views.door import event_of
from privacy.access import staff


@staff("events.view_booking")
@never_cache
@require_safe
def room(request: HttpRequest, slug: str) -> HttpResponse:
    event, now = event_of(slug), timezone.now()
    context = {
        "event": event,
        "text": editions.edition(event),
        "room": the_room.room(event, now),
        "series": SeriesForm(),
        "state": the_room.state_of(event, now),
    }
    return render(request, "events/room/room.html", context)


@staff("events.view_booking")
@never_cache
@require_safe
def export(request: HttpRequest, slug: str) -> HttpResponse:
    content = exporting.attendees_csv(event_of(slug))
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slug}.csv"'
    return response


@staff("events.change_booking")
@require_POST
def note_attendance(request: HttpRequest, slug: str) -> HttpResponse:
    try:
        operations.note_attendance(event=event_of(slug), by=cart.signed_in_person(request))
    except BookingRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The attendance is noted. Those who came are thanked by mail."))
    return redirect("events:room", slug)


@staff("events.add_event")
@require_POST
def series(request: HttpRequest, slug: str) -> HttpResponse:
    """Drafts of the same event on later dates."""
    event, form = event_of(slug), SeriesForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write how many, and how many weeks apart."))
        return redirect("events:room", slug)
    made = operations.make_series(
        event=event, by=cart.signed_in_person(request), **form.cleaned_data
    )
    text = ngettext("%d draft has been made.", "%d drafts have been made.", len(made))
    messages.success(request, text % len(made))
    return redirect("admin:events_event_changelist")


@staff("events.change_booking")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest, slug: str) -> HttpResponse:
    event = event_of(slug)
    form = RegisterForm(request.POST or None, event=event)
    if request.method == "POST" and form.is_valid():
        try:
            booked = operations.register(
                event=event, registration=form.registration(), by=cart.signed_in_person(request)
            )
        except BookingRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            words = {"name": booked.name}
            messages.success(request, _("%(name)s has a seat and a confirmation by mail.") % words)
            return redirect("events:room", slug)
    context = {"event": event, "text": editions.edition(event), "form": form}
    return render(request, "events/room/register.html", context, status=409 if form.errors else 200)


# --- Messages -------------------------------------------------------------------------------


@staff("events.change_message")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def message(request: HttpRequest, slug: str, pk: int | None = None) -> HttpResponse:
    """Write it, look at it, send it to oneself; only then is there a button that sends it."""
    event = event_of(slug)
    found = _message(event, pk) if pk else None
    form = MessageForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            kept = operations.write_message(
                event=event, message=form.save(commit=False), by=cart.signed_in_person(request)
            )
        except BookingRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("events:room", slug)
        return redirect("events:message", slug, kept.pk)
    context: dict[str, Any] = {"event": event, "text": editions.edition(event), "form": form}
    if found is not None and not form.errors:
        context["message"] = found
        context["number"] = len(list(operations.letters_of(found)))
        context["progress"] = the_room.progress(found)
    return render(request, "events/room/message.html", context, status=409 if form.errors else 200)


def _message(event: Event, pk: int) -> Message:
    return get_object_or_404(Message.objects.select_related("event"), event=event, pk=pk)


@staff("events.change_message")
@require_POST
def message_test(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = _message(event_of(slug), pk)
    operations.test_message(message=found, by=cart.signed_in_person(request))
    messages.success(request, _("Two test mails, one in each language, are on their way to you."))
    return redirect("events:message", slug, pk)


@staff("events.change_message")
@require_POST
def message_send(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = _message(event_of(slug), pk)
    try:
        sent = operations.send_message(message=found, by=cart.signed_in_person(request))
    except BookingRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("events:message", slug, pk)
    number = sent.receivers_count
    text = ngettext("The message is on its way to %d.", "The message is on its way to %d.", number)
    messages.success(request, text % number)
    return redirect("events:message", slug, pk)
