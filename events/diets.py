"""What the kitchen and the hosts need to know: numbers, and names only of those who said yes."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from events.models import Booking, Event, Needs


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


def diets(event: Event) -> Diets:
    """One query."""
    coming = Booking.objects.filter(event=event, mode=Booking.Mode.ON_SITE).coming_to()
    told = list(Needs.objects.filter(booking__in=coming).select_related("booking"))
    numbers = Counter(needs.diet for needs in told)
    return Diets(
        counts=[
            Count(str(label), numbers[value], _names(n for n in told if n.diet == value))
            for value, label in Needs.Diet.choices
            if numbers[value]
        ],
        allergies=_wishes(told, "allergies"),
        access=_wishes(told, "access"),
    )


def _names(told: Iterable[Needs]) -> list[str]:
    return sorted(needs.booking.name for needs in told if needs.may_be_named)


def _wishes(told: list[Needs], field: str) -> list[Wish]:
    """In the order of the words, so that it does not tell who booked when."""
    wishes = [
        Wish(getattr(needs, field), needs.booking.name if needs.may_be_named else "")
        for needs in told
        if getattr(needs, field)
    ]
    return sorted(wishes, key=lambda wish: wish.text.lower())
