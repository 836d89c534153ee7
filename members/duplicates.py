"""People who may be one person twice: the same name with something else in common, or addresses
that are nearly the same."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.models import DistinctPeople, User

MERGING = ("members.change_user", "members.change_membership")
"""The rights of those who look through them: they bring them together."""

_SHORTEST_LOCAL_PART = 5
_NEARLY = 0.8
_DIGITS = re.compile(r"\D+")


class _Known(NamedTuple):
    """What is compared of somebody. No row of a person is read by it, so nobody is looked at."""

    pk: int
    email: str
    name: str
    phone: str
    employer: str


@dataclass(frozen=True)
class Pair:
    """The older account first."""

    one: User
    other: User
    why: tuple[str | Promise, ...]


def count() -> int:
    """How many pairs there are."""
    return len(_found())


def pairs() -> list[Pair]:
    """Every pair that nobody has said to be two people. Three queries, whatever the number."""
    found = _found()
    people = User.objects.in_bulk({pk for pair in found for pk in pair})
    return [Pair(people[one], people[other], tuple(why)) for (one, other), why in found.items()]


def _found() -> dict[tuple[int, int], list[str | Promise]]:
    known = User.objects.filter(erased_at__isnull=True).order_by("pk")
    people = [_Known(*row) for row in known.values_list(*_Known._fields)]
    distinct = set(DistinctPeople.objects.values_list("one", "other"))
    found: dict[tuple[int, int], list[str | Promise]] = defaultdict(list)
    for why, (one, other) in _alike(people):
        if (one.pk, other.pk) not in distinct:
            found[one.pk, other.pk].append(why)
    return found


def _alike(people: list[_Known]) -> Iterator[tuple[str | Promise, tuple[_Known, _Known]]]:
    named_alike = _grouped((_name(person.name), person) for person in people)
    for pair in named_alike:
        one, other = pair
        if _phone(one) and _phone(one) == _phone(other):
            yield _("same name and phone"), pair
        if one.employer and one.employer.casefold() == other.employer.casefold():
            yield _("same name and employer"), pair
        if _local_part(one) == _local_part(other):
            yield _("same name, and the same before the @"), pair
    for pair in _grouped((_address(person), person) for person in people):
        yield _("the same address but for dots and additions"), pair
    for pair in _grouped((_local_part(person), person) for person in people):
        if _is_slip(*(person.email.partition("@")[2] for person in pair)):
            yield _("addresses that nearly are the same"), pair


def _grouped(keyed: Iterable[tuple[Hashable, _Known]]) -> Iterator[tuple[_Known, _Known]]:
    groups: dict[Hashable, list[_Known]] = defaultdict(list)
    for key, person in keyed:
        if key:
            groups[key].append(person)
    for group in groups.values():
        # A hundred people of one name are no duplicates.
        if len(group) <= 20:
            yield from combinations(group, 2)


def _name(name: str) -> tuple[str, ...]:
    """The words in any order, without accents other than å, ä and ö."""
    folded = unicodedata.normalize("NFC", name.casefold())
    return tuple(sorted(re.findall(r"\w+", folded)))


def _phone(person: _Known) -> str:
    """The last nine digits: 070-123 45 67 is +46 70 123 45 67."""
    digits = _DIGITS.sub("", person.phone)
    return digits[-9:] if len(digits) >= 8 else ""


def _local_part(person: _Known) -> str:
    """Empty where it is too short, or belongs to a function rather than to somebody."""
    local = person.email.partition("@")[0]
    is_shared = local in {"info", "kontakt", "kansli", "kansliet", "dataskydd", "registrator"}
    return "" if is_shared or len(local) < _SHORTEST_LOCAL_PART else local


def _address(person: _Known) -> str:
    local, _at, domain = person.email.partition("@")
    plain = local.partition("+")[0].replace(".", "")
    return f"{plain}@{domain}" if len(plain) >= _SHORTEST_LOCAL_PART else ""


def _is_slip(one: str, other: str) -> bool:
    """`gmial.com` for `gmail.com`."""
    return one != other and SequenceMatcher(None, one, other).ratio() >= _NEARLY
