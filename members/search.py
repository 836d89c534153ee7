"""Finding a person by what somebody says on the telephone: a name, a number in any grouping, an
address they had before, what stands on an invoice."""

import re
from collections.abc import Iterable, Iterator
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection
from django.db.models import F, Func, Model, Q, QuerySet, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Replace, Upper

from billing.models import Invoice
from billing.search import text as invoice_text
from members.models import Application, BillingDetails, Membership, User

_NUMBER = re.compile(r"\+?[0-9][0-9\s()/.\-\u2010-\u2015]*[0-9]")
_BEFORE_THE_AREA = re.compile(r"^(00)?46|^0")
_SIGNS_OF_PHONES = " -()/.+"

# What is found by any part of it. An index over each stands in a migration; see billing.search.
TEXTS: dict[type[Model], tuple[str, ...]] = {
    User: ("name", "email", "phone", "employer", "title"),
    User.history.model: ("email", "name"),
    BillingDetails: (
        *("name", "email", "organisation_number", "reference", "order_number", "cost_centre"),
    ),
    Application: ("school", "email"),
}


def people(rows: QuerySet[User], typed: str) -> QuerySet[User]:
    """Those of `rows` of whom every word is true; a number in groups is one word."""
    for word in _words(typed):
        rows = rows.filter(pk__in=_one_of(_people_of(word)))
    return rows


def memberships(rows: QuerySet[Membership], typed: str) -> QuerySet[Membership]:
    """By the person, or the number of the invoice."""
    for word in _words(typed):
        of_person = Membership.objects.filter(user__in=_saying(User, word).values("pk"))
        invoiced = [_invoiced(way) for way in _ways(word)]
        rows = rows.filter(pk__in=_one_of(found.values("pk") for found in (of_person, *invoiced)))
    return rows


def _words(typed: str) -> list[str]:
    typed = typed.strip()
    return [typed] if _NUMBER.fullmatch(typed) else typed.split()


def _ways(word: str) -> set[str]:
    """As typed, and a number in groups as bare digits."""
    return {word, re.sub(r"[^0-9]", "", word)} if _NUMBER.fullmatch(word) else {word}


def _one_of(found: Iterable[QuerySet[Any, Any]]) -> QuerySet[Any, Any]:
    """Each by an index of its own, which one question with `or` between them could not use."""
    first, *others = found
    return first.union(*others)


def _people_of(word: str) -> Iterator[QuerySet[Any, Any]]:
    """The keys of those of whom it is true, by all that we know of people."""
    yield _saying(User, word).values("pk")
    if _NUMBER.fullmatch(word):
        digits = re.sub(r"[^0-9]", "", word)
        phone = _BEFORE_THE_AREA.sub("", digits).lstrip("0") or digits
        yield User.objects.alias(digits=phone_digits()).filter(digits__contains=phone).values("pk")
    for way in _ways(word):
        yield _saying(BillingDetails, way).values("user")
        yield _saying(Application, way).values("user")
        yield _saying(User.history.model, way).values("id")
        yield _invoiced(way).values("user")
        yield _invoices(way).values("buyer")


def _invoiced(word: str) -> QuerySet[Membership]:
    return Membership.objects.filter(invoice__in=_invoices(word).values("pk"))


def _invoices(word: str) -> QuerySet[Invoice]:
    """By their numbers. The index is over all that they say, so that is asked first."""
    rows = Invoice.objects.filter(Q(number__icontains=word) | Q(ocr__icontains=word))
    return rows if _is_sqlite() else rows.alias(says=invoice_text()).filter(says(word))


def _saying(model: type[Model], word: str) -> QuerySet[Any]:
    rows = model._default_manager.order_by()  # none may stand in a union
    return rows.alias(says=text_of(model)).filter(says(word))


def text_of(model: type[Model]) -> Upper:
    """The very expression that its index holds; PostgreSQL only then uses it."""
    return Upper(Joined(*TEXTS[model]))


class Joined(Func):
    """Columns of which none is null. Flat, since SQLite follows `Concat` so deep only."""

    template, arg_joiner = "(%(expressions)s)", " || ' ' || "
    output_field = TextField()


def says(word: str) -> Q:
    """SQLite knows capitals of a to z only, so `åström` is looked for as `Åström` as well."""
    ways = {word, word.lower(), word.upper(), word.title()} if _is_sqlite() else {word}
    return reduce(or_, (Q(says__contains=Upper(Value(way))) for way in ways))


def _is_sqlite() -> bool:
    return connection.vendor == "sqlite"


def phone_digits() -> Combinable:
    """The expression of its index, too."""
    bare: Combinable = F("phone")
    for sign in _SIGNS_OF_PHONES:
        bare = Replace(bare, Value(sign), Value(""))
    return bare
