"""What those who come tell us: what they need, and afterwards what they thought."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from events import allocation
from events.models import Booking, Needs, SurveyAnswer
from events.refusals import AnsweredAlready, ConsentMissing, NotThere, WrongState

State = Booking.State


@transaction.atomic
def tell_needs(
    *, booking: Booking, needs: Needs | None, consents: bool = False, now: datetime | None = None
) -> Needs | None:
    """Keep diet and access needs, with explicit consent; `None` takes them back at once."""
    now = now or timezone.now()
    event = allocation.locked(booking.event_id)
    booking = Booking.objects.get(pk=booking.pk)
    if needs is None:
        Needs.objects.filter(booking=booking).delete()
        return None
    if booking.state not in Booking.COMING or not event.asks_needs or now >= event.ends_at:
        raise WrongState
    if not consents:
        raise ConsentMissing
    told, _created = Needs.objects.update_or_create(
        booking=booking,
        defaults={
            "diet": needs.diet,
            "allergies": needs.allergies,
            "access": needs.access,
            "may_be_named": needs.may_be_named,
            "consented_at": now,
        },
    )
    return told


@transaction.atomic
def choose_badge(*, booking: Booking, badge: str) -> Booking:
    booking.badge = Booking.Badge(badge).value
    booking.save(update_fields=["badge"])
    return booking


@transaction.atomic
def answer_survey(*, booking: Booking, answer: SurveyAnswer) -> None:
    """Keep an answer without a trace of who gave it; the booking only knows that one was given.

    Raises NotThere or AnsweredAlready.
    """
    allocation.locked(booking.event_id)
    # By `update`: a version of the booking with its hour would tell whose answer came when.
    rows = Booking.objects.filter(pk=booking.pk, state=State.ATTENDED)
    if not rows.exists():
        raise NotThere
    if not rows.filter(has_answered_survey=False).update(has_answered_survey=True):
        raise AnsweredAlready
    answer.event_id = booking.event_id
    answer.save(force_insert=True)
