"""What the kitchen and the hosts need to know: numbers, and names only of those who said yes."""

from collections import Counter
from dataclasses import dataclass, replace

from django.db.models import QuerySet

from events.models import Booking, Event, Needs
from privacy.protected import without_hidden

Told = tuple[Needs, bool]


@dataclass(frozen=True)
class Count:
    label: str
    number: int
    names: list[str]
    """Of those who allowed it."""


@dataclass(frozen=True)
class Wish:
    text: str
    name: str
    """Empty for those who did not allow it."""


@dataclass(frozen=True)
class Diets:
    counts: list[Count]
    allergies: list[Wish]
    access: list[Wish]


def told_about(event: Event) -> QuerySet[Needs]:
    """What those who come in person have told."""
    coming = Booking.objects.filter(event=event, mode=Booking.Mode.ON_SITE).coming_to()
    return Needs.objects.filter(booking__in=coming)


def numbers(event: Event) -> list[Count]:
    """How many eat what: all that a kitchen needs at first. It reads nobody's row."""
    found = Counter(told_about(event).values_list("diet", flat=True))
    return [
        Count(str(label), found[value], []) for value, label in Needs.Diet.choices if found[value]
    ]


def diets(event: Event) -> Diets:
    """With their words, and the names of those who allowed it and are not protected."""
    rows = told_about(event)
    may_be_named = set(without_hidden(rows.filter(may_be_named=True)).values_list("pk", flat=True))
    told = [(needs, needs.pk in may_be_named) for needs in rows.select_related("booking")]
    return Diets(
        counts=[replace(count, names=_names(told, count.label)) for count in numbers(event)],
        allergies=_wishes(told, "allergies"),
        access=_wishes(told, "access"),
    )


def _names(told: list[Told], label: str) -> list[str]:
    return sorted(
        needs.booking.name
        for needs, is_named in told
        if is_named and str(needs.get_diet_display()) == label
    )


def _wishes(told: list[Told], field: str) -> list[Wish]:
    """In the order of the words, so that it does not tell who booked when."""
    wishes = [
        Wish(getattr(needs, field), needs.booking.name if is_named else "")
        for needs, is_named in told
        if getattr(needs, field)
    ]
    return sorted(wishes, key=lambda wish: wish.text.lower())
