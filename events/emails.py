"""Mails about seats. Calendar files are made when the mail leaves."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.text import slugify

from events import calendar_files, links
from events.editions import edition
from events.models import Booking, Event
from mail import makers
from mail.makers import Attachment
from mail.models import Mail
from mail.operations import Receiver, queue, queue_all


def confirmed(booking: Booking, *, by_another: str = "") -> Mail:
    """With the calendar file. The invoice, if there is one, comes to the payer by itself.

    `by_another`: who booked it for them (Art. 14: tell where the data came from).
    """
    key = _key("confirmed", booking)
    return _queue("confirmed", booking, key=key, has_file=True, by_another=by_another)


def reminders(bookings: Iterable[tuple[Booking, datetime]]) -> None:
    """Each with the moment before which it does not leave."""
    queue_all(_reminder(booking, not_before) for booking, not_before in bookings)


def _reminder(booking: Booking, not_before: datetime) -> dict[str, Any]:
    """The day before; dropped if the seat or the event is given up until it leaves."""
    moment = booking.event.starts_at
    return _letter(
        "reminder",
        booking,
        key=reminder_key(booking),
        has_file=True,
        not_before=not_before,
        guards=[("booking-coming", {"booking_id": booking.pk, "starts_at": moment.isoformat()})],
    )


def reminder_key(booking: Booking) -> str:
    """One for each time that the event is set to: a moved event is reminded of again."""
    return f"event-reminder:{booking.pk}:{booking.event.starts_at:%Y-%m-%dT%H:%M}"


def thanks(bookings: Iterable[Booking]) -> None:
    """To those who came: the certificate, the papers and the survey are on the booking's page."""
    queue_all(_letter("thanks", booking, key=_key("thanks", booking)) for booking in bookings)


def cancelled(booking: Booking, *, is_credited: bool) -> Mail:
    key = _key("cancelled", booking)
    return _queue("cancelled", booking, key=key, has_file=True, is_credited=is_credited)


def called_off(booking: Booking, *, is_credited: bool) -> Mail:
    key = _key("called-off", booking)
    return _queue("called_off", booking, key=key, is_credited=is_credited)


def in_line(booking: Booking, place: int) -> Mail:
    return _queue("in_line", booking, key=_key("in-line", booking), place=place)


def offer(booking: Booking, now: datetime) -> Mail:
    """Dropped if it has been answered or has lapsed before it leaves."""
    return _queue(
        "offer",
        booking,
        key=f"{_key('offer', booking)}:{now.isoformat()}",
        guards=[("booking-offered", {"booking_id": booking.pk})],
    )


def offer_lapsed(booking: Booking) -> Mail:
    return _queue("offer_lapsed", booking, key=_key("offer-lapsed", booking))


def _key(what: str, booking: Booking) -> str:
    return f"booking-{what}:{booking.pk}"


def _queue(template: str, booking: Booking, *, key: str, **more: Any) -> Mail:
    return queue(**_letter(template, booking, key=key, **more))


def _letter(
    template: str,
    booking: Booking,
    *,
    key: str,
    has_file: bool = False,
    guards: Any = (),
    not_before: datetime | None = None,
    **context: Any,
) -> dict[str, Any]:
    """What `mail.operations.queue` takes."""
    person = booking.user
    language = person.language if person else booking.language
    arguments = {"booking_id": booking.pk, "language": language}
    return {
        "key": key,
        "template": f"events/email/{template}",
        "receiver": Receiver(booking.email, language, person.pk if person else None),
        "attachments": [("booking-calendar", arguments)] if has_file else [],
        "guards": guards,
        "not_before": not_before,
        "context": {
            "booking": booking,
            "event": booking.event,
            "text": edition(booking.event, language),
            "url": links.booking_url(booking, language),
            "is_online": booking.mode == Booking.Mode.ONLINE,
            **context,
        },
    }


@makers.attachment("booking-calendar")
def _calendar_attachment(booking_id: int, language: str) -> Attachment:
    booking = Booking.objects.get(pk=booking_id)
    booking.event = calendar_files.with_sequence(Event.objects.all()).get(pk=booking.event_id)
    content = calendar_files.booking_file(booking, language)
    name = slugify(str(edition(booking.event, language).title)) or "event"
    return Attachment(f"{name[:60]}.ics", content, "text/calendar")


@makers.guard("booking-coming")
def _is_coming(booking_id: int, starts_at: str) -> bool:
    coming = Booking.objects.coming_to().filter(pk=booking_id, event__starts_at=starts_at)
    return coming.filter(event__cancelled_at__isnull=True).exists()


@makers.guard("booking-offered")
def _is_offered(booking_id: int) -> bool:
    return Booking.objects.filter(pk=booking_id, state=Booking.State.OFFERED).exists()
