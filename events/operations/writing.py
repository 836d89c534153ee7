"""Messages from staff to those who come, wait or have not paid; each to each once."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from billing.models import Invoice
from events import allocation, emails
from events.models import Booking, Event, Message
from events.refusals import NobodyToWriteTo, SentAlready
from mail.operations import queue_all
from members.models import User


@transaction.atomic
def write_message(*, event: Event, message: Message, by: User) -> Message:
    """Keep a draft. What has been sent cannot be changed."""
    if message.pk and Message.objects.filter(pk=message.pk).sent().exists():
        raise SentAlready
    message.event, message.written_by = event, by
    message.save()
    return message


@transaction.atomic
def test_message(*, message: Message, by: User, now: datetime | None = None) -> None:
    """To the one who wrote it, in both languages, as others would read it."""
    moment = (now or timezone.now()).isoformat()
    emails.message_test(message, by, moment)


@transaction.atomic
def send_message(*, message: Message, by: User, now: datetime | None = None) -> Message:
    """Put a mail to each receiver into the queue. Sent twice is once.

    Raises NobodyToWriteTo.
    """
    now = now or timezone.now()
    allocation.locked(message.event_id)
    message = Message.objects.select_related("event").get(pk=message.pk)
    if message.sent_at is not None:
        return message
    letters = list(letters_of(message))
    if not letters:
        raise NobodyToWriteTo
    queue_all(letters)
    message.sent_at, message.written_by, message.receivers_count = now, by, len(letters)
    message.save()
    return message


def letters_of(message: Message) -> Iterable[dict[str, Any]]:
    """One to each person; about unpaid invoices, one to each payer."""
    if message.receivers == Message.Receivers.UNPAID:
        return [emails.message_to_payer(message, invoice) for invoice in unpaid(message.event)]
    return [emails.message_to(message, booking) for booking in receivers(message)]


def receivers(message: Message) -> Iterable[Booking]:
    rows = Booking.objects.filter(event=message.event).select_related("event", "user")
    if message.receivers == Message.Receivers.WAITING:
        return rows.waiting()
    return rows.coming_to().order_by("pk")


def unpaid(event: Event) -> Iterable[Any]:
    """The open invoices that seats at the event stand on, with their `balance`."""
    seats = Booking.objects.filter(event=event).coming_to()
    stands_on = Q(pk__in=seats.values("invoice_line__invoice"))
    stands_on |= Q(pk__in=seats.values("difference_line__invoice"))
    return Invoice.objects.open().filter(stands_on).order_by("pk")
