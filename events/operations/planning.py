"""Preparing the programme."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from events.models import Event, Price, Session, Speaker
from events.refusals import WrongState
from members.models import User

MOMENTS = ("starts_at", "ends_at", "booking_opens_at", "booking_closes_at", "cancel_until")
MOST_OF_A_SERIES, MOST_WEEKS = 20, 13


@transaction.atomic
def copy_event(*, event: Event, by: User, later: timedelta = timedelta()) -> Event:
    """A draft with the same texts and prices, so much later, for the editor to go on with."""
    prices = list(event.prices.all())
    copy = Event.objects.get(pk=event.pk)
    copy.pk, copy.public_id, copy.slug = None, uuid.uuid4(), _free_slug(event.slug)
    copy.published_at = copy.cancelled_at = None
    copy.attendance_noted_at, copy.cancelled_reason = None, ""
    _shift(copy, later)
    copy._state.adding = True
    copy._history_user = by
    copy.save()
    _copy_programme(event.pk, copy, later)
    for price in prices:
        Price.objects.create(
            event=copy,
            audience=price.audience,
            amount=price.amount,
            until=price.until + later if price.until else None,
            demands_paid_fee=price.demands_paid_fee,
        )
    return copy


def _copy_programme(event_id: int, copy: Event, later: timedelta) -> None:
    """Speakers and items with them; papers belong to the one time."""
    new = {}
    for speaker in Speaker.objects.filter(event=event_id):
        old, speaker.pk, speaker.event = speaker.pk, None, copy
        speaker.save()
        new[old] = speaker
    for session in Session.objects.filter(event=event_id).prefetch_related("speakers"):
        theirs = [new[speaker.pk] for speaker in session.speakers.all()]
        session.pk, session.event = None, copy
        session.starts_at, session.ends_at = (
            _later(moment, later) for moment in (session.starts_at, session.ends_at)
        )
        session.save()
        session.speakers.set(theirs)


def _shift(event: Event, later: timedelta) -> None:
    """By the clock on the wall: an event at one stays at one when the clocks are changed."""
    for name in MOMENTS:
        moment = getattr(event, name)
        if moment is not None:
            setattr(event, name, _later(moment, later))


def _later(moment: datetime, later: timedelta) -> datetime:
    return timezone.make_aware(timezone.make_naive(moment) + later)


@transaction.atomic
def make_series(*, event: Event, number: int, weeks: int, by: User) -> list[Event]:
    """So many drafts, each so many weeks after the one before. Raises WrongState."""
    if not (1 <= number <= MOST_OF_A_SERIES and 1 <= weeks <= MOST_WEEKS):
        raise WrongState
    steps = range(1, number + 1)
    return [copy_event(event=event, by=by, later=n * timedelta(weeks=weeks)) for n in steps]


def _free_slug(slug: str) -> str:
    taken = set(Event.objects.filter(slug__startswith=slug[:70]).values_list("slug", flat=True))
    return next(
        candidate
        for number in range(2, len(taken) + 3)
        if (candidate := f"{slug[:70]}-{number}") not in taken
    )
