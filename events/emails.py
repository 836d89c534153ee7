"""Mails about seats. Calendar files are made when the mail leaves."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.text import slugify

from billing.models import Invoice
from events import calendar_files, links
from events.editions import edition
from events.models import Booking, Event, Message
from mail import makers
from mail.makers import Attachment
from mail.models import Mail
from mail.operations import Receiver, queue, queue_all
from members.models import User


def confirmed(booking: Booking, *, by_another: str = "") -> Mail:
    """With the calendar file. The invoice, if there is one, comes to the payer by itself.

    `by_another`: who booked it for them (Art. 14: tell where the data came from).
    """
    # By the number that changes when the seat goes to somebody else.
    key = f"{_key('confirmed', booking)}:{booking.public_id.hex[:8]}"
    return _queue("confirmed", booking, key=key, has_file=True, by_another=by_another)


def reminders(bookings: Iterable[tuple[Booking, datetime]]) -> None:
    """Each with the moment before which it does not leave."""
    queue_all(_reminder(booking, not_before) for booking, not_before in bookings)


def _reminder(booking: Booking, not_before: datetime) -> dict[str, Any]:
    """The day before; dropped if the seat or the event is given up until it leaves."""
    return _letter(
        "reminder",
        booking,
        key=reminder_key(booking),
        has_file=True,
        not_before=not_before,
        guards=[_coming_guard(booking)],
    )


def reminder_key(booking: Booking) -> str:
    """One for each time that the event is set to: a moved event is reminded of again."""
    return f"event-reminder:{booking.pk}:{booking.event.starts_at:%Y-%m-%dT%H:%M}"


def thanks(bookings: Iterable[Booking]) -> None:
    """To those who came: the certificate, the papers and the survey are on the booking's page."""
    queue_all(_letter("thanks", booking, key=_key("thanks", booking)) for booking in bookings)


def swapped_out(booking: Booking) -> Mail:
    """To whoever had the seat until now."""
    key = f"{_key('swapped-out', booking)}:{booking.public_id.hex[:8]}"
    return _queue("swapped_out", booking, key=key)


def moved(booking: Booking, left: Event, now: datetime) -> Mail:
    language = booking.user.language if booking.user else booking.language
    key = f"{_key('moved', booking)}:{booking.event_id}:{now.isoformat()}"
    return _queue("moved", booking, key=key, has_file=True, left=edition(left, language))


def did_not_join(booking: Booking, invoice: Invoice) -> Mail:
    key, pay_url = _key("did-not-join", booking), invoice.public_url()
    return _queue("did_not_join", booking, key=key, invoice=invoice, pay_url=pay_url)


def lapsed_prices(bookings: Iterable[Booking]) -> None:
    """To those who booked as members and are none now: three ways, on the booking's page."""
    queue_all(
        _letter("lapsed_price", booking, key=lapsed_price_key(booking)) for booking in bookings
    )


def lapsed_price_key(booking: Booking) -> str:
    return f"{_key('lapsed-price', booking)}:{booking.event_id}"


def still_coming(bookings: Iterable[Booking]) -> None:
    """Two days before: can you still come? Dropped when the seat is given back before it leaves."""
    queue_all(
        _letter(
            "still_coming",
            booking,
            key=still_coming_key(booking),
            guards=[_coming_guard(booking)],
            release_url=links.release_url(booking),
        )
        for booking in bookings
    )


def still_coming_key(booking: Booking) -> str:
    return f"{_key('still-coming', booking)}:{booking.event.starts_at:%Y-%m-%dT%H:%M}"


def _coming_guard(booking: Booking) -> tuple[str, dict[str, Any]]:
    starts_at = booking.event.starts_at.isoformat()
    return ("booking-coming", {"booking_id": booking.pk, "starts_at": starts_at})


def cancelled(booking: Booking, *, is_credited: bool) -> Mail:
    key = _key("cancelled", booking)
    return _queue("cancelled", booking, key=key, has_file=True, is_credited=is_credited)


def called_off(booking: Booking, *, is_credited: bool) -> Mail:
    """Whoever had a seat has it in the calendar, so the file takes it out of there."""
    key, had_seat = _key("called-off", booking), booking.confirmed_at is not None
    return _queue("called_off", booking, key=key, has_file=had_seat, is_credited=is_credited)


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


# --- What staff writes ----------------------------------------------------------------------


def message_to(message: Message, booking: Booking) -> dict[str, Any]:
    """To one who comes or waits."""
    letter = _letter("message", booking, key=f"{message_key(message)}{booking.pk}")
    words = _words(message, letter["receiver"].language)
    return {**letter, "context": {**letter["context"], **words}}


def message_to_payer(message: Message, invoice: Invoice) -> dict[str, Any]:
    """To the payer of an invoice that is open."""
    return {
        "key": f"{message_key(message)}invoice:{invoice.pk}",
        "template": "events/email/message",
        "receiver": Receiver(invoice.customer_email, invoice.language, invoice.buyer_id),
        "context": {
            "text": edition(message.event, invoice.language),
            "invoice": invoice,
            "url": invoice.public_url(),
            **_words(message, invoice.language),
        },
    }


def message_test(message: Message, to: User, moment: str) -> None:
    queue_all(
        {
            "key": f"event-message-test:{message.pk}:{language}:{moment}",
            "template": "events/email/message",
            "receiver": Receiver(to.email, language, to.pk),
            "context": {
                "text": edition(message.event, language),
                "is_test": True,
                **_words(message, language),
            },
        }
        for language in ("sv", "en")
    )


def message_key(message: Message) -> str:
    return f"event-message:{message.pk}:"


def _words(message: Message, language: str) -> dict[str, str]:
    return {
        "subject_line": getattr(message, f"subject_{language}"),
        "body": getattr(message, f"body_{language}"),
    }


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
