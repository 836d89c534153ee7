"""Preparing the programme."""

import uuid

from django.db import transaction

from events.models import Event, Price
from members.models import User


@transaction.atomic
def copy_event(*, event: Event, by: User) -> Event:
    """A draft with the same texts, times and prices, for the editor to go on with."""
    prices = list(event.prices.all())
    copy = Event.objects.get(pk=event.pk)
    copy.pk, copy.public_id, copy.slug = None, uuid.uuid4(), _free_slug(event.slug)
    copy.published_at = copy.cancelled_at = None
    copy.cancelled_reason = ""
    copy._state.adding = True
    copy._history_user = by
    copy.save()
    for price in prices:
        Price.objects.create(
            event=copy,
            audience=price.audience,
            amount=price.amount,
            until=price.until,
            demands_paid_fee=price.demands_paid_fee,
        )
    return copy


def _free_slug(slug: str) -> str:
    taken = set(Event.objects.filter(slug__startswith=slug[:70]).values_list("slug", flat=True))
    return next(
        candidate
        for number in range(2, len(taken) + 3)
        if (candidate := f"{slug[:70]}-{number}") not in taken
    )
