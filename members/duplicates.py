"""People who may be one person twice: the same name with something else in common, or addresses
that are nearly the same."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.models import DistinctPeople, User

_SHORTEST_LOCAL_PART = 5
_NEARLY = 0.8
_DIGITS = re.compile(r"\D+")


@dataclass(frozen=True)
class Pair:
    """The older account first."""

    one: User
    other: User
    why: tuple[str | Promise, ...]


def pairs() -> list[Pair]:
    """Every pair that nobody has said to be two people. Two queries, whatever the number."""
    people = list(User.objects.filter(erased_at__isnull=True).order_by("pk"))
    found: dict[tuple[User, User], list[str | Promise]] = defaultdict(list)
    for why, pair in _alike(people):
        found[pair].append(why)
    distinct = set(DistinctPeople.objects.values_list("one", "other"))
    return [
        Pair(one, other, tuple(why))
        for (one, other), why in found.items()
        if (one.pk, other.pk) not in distinct
    ]


def _alike(people: Iterable[User]) -> Iterator[tuple[str | Promise, tuple[User, User]]]:
    people = list(people)
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


def _grouped(keyed: Iterable[tuple[Hashable, User]]) -> Iterator[tuple[User, User]]:
    groups: dict[Hashable, list[User]] = defaultdict(list)
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


def _phone(person: User) -> str:
    """The last nine digits: 070-123 45 67 is +46 70 123 45 67."""
    digits = _DIGITS.sub("", person.phone)
    return digits[-9:] if len(digits) >= 8 else ""


def _local_part(person: User) -> str:
    """Empty where it is too short, or belongs to a function rather than to somebody."""
    local = person.email.partition("@")[0]
    is_shared = local in {"info", "kontakt", "kansli", "kansliet", "dataskydd", "registrator"}
    return "" if is_shared or len(local) < _SHORTEST_LOCAL_PART else local


def _address(person: User) -> str:
    local, _at, domain = person.email.partition("@")
    plain = local.partition("+")[0].replace(".", "")
    return f"{plain}@{domain}" if len(plain) >= _SHORTEST_LOCAL_PART else ""


def _is_slip(one: str, other: str) -> bool:
    """`gmial.com` for `gmail.com`."""
    return one != other and SequenceMatcher(None, one, other).ratio() >= _NEARLY
