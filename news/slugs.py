"""The part of an address that is made of a title."""

from itertools import chain, count

from django.db.models import Model
from django.utils.text import slugify

LONGEST = 80

# Letters that Unicode does not take apart into a plain letter and a mark, as it does å, ä, ö and é.
_LETTERS = str.maketrans(
    {"æ": "ae", "ø": "o", "œ": "oe", "ß": "ss", "ð": "d", "þ": "th", "ł": "l", "đ": "d"}
)


def slug_of(title: str) -> str:
    """At most LONGEST characters, cut between words: "Å, ä och ö!" gives "a-a-och-o"."""
    slug = slugify(title.casefold().translate(_LETTERS))
    if len(slug) <= LONGEST:
        return slug or "x"
    return slug[: LONGEST + 1].rpartition("-")[0] or slug[:LONGEST]


def free_slug(row: Model, title: str, *, language: str) -> str:
    """The slug of the title, numbered from the second row that has it on."""
    slug = slug_of(title)
    name = f"slug_{language}"
    others = type(row)._default_manager.exclude(pk=row.pk)
    taken = set(others.filter(**{f"{name}__startswith": slug}).values_list(name, flat=True))
    candidates = chain([slug], (f"{slug}-{number}" for number in count(2)))
    return next(candidate for candidate in candidates if candidate not in taken)
