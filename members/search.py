"""Finding a person by what somebody says on the telephone: a name, a number in any grouping, an
address they had before, what stands on an invoice."""

import re
from collections.abc import Iterable
from functools import reduce
from operator import and_, or_

from django.db.models import F, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Replace

from members.models import Application, BillingDetails, Membership, User

_NUMBER = re.compile(r"\+?[0-9][0-9\s()/.\-\u2010-\u2015]*[0-9]")
_BEFORE_THE_AREA = re.compile(r"^(00)?46|^0")
_SIGNS_OF_PHONES = " -()/.+"

_OF_PERSON = ("name", "email", "phone", "employer", "title")
_OF_PAYER = ("name", "email", "organisation_number", "reference", "order_number", "cost_centre")
_OF_INVOICE = ("invoice__number", "invoice__ocr")
_OF_BUYER = ("invoices__number", "invoices__ocr")


def people(rows: QuerySet[User], typed: str) -> QuerySet[User]:
    """Those of `rows` of whom every word is true; a number in groups is one word."""
    typed = typed.strip()
    words = [typed] if _NUMBER.fullmatch(typed) else typed.split()
    if not words:
        return rows
    return rows.alias(phone_digits=_digits_of("phone")).filter(
        reduce(and_, (_says(word) for word in words))
    )


def _says(word: str) -> Q:
    found = _in_any(_OF_PERSON, word) | _elsewhere(word)
    if not _NUMBER.fullmatch(word):
        return found
    digits = re.sub(r"[^0-9]", "", word)
    phone = _BEFORE_THE_AREA.sub("", digits).lstrip("0") or digits
    return found | Q(phone_digits__contains=phone) | _elsewhere(digits)


def _elsewhere(word: str) -> Q:
    """Sub-queries, so that nobody is found twice."""
    applied = Application.objects.filter(_in_any(("school", "email"), word))
    earlier = User.history.filter(_in_any(("email", "name"), word))
    invoiced = Membership.objects.filter(_in_any(_OF_INVOICE, word))
    return (
        Q(pk__in=BillingDetails.objects.filter(_in_any(_OF_PAYER, word)).values("user"))
        | Q(pk__in=invoiced.values("user"))
        | Q(pk__in=User.objects.filter(_in_any(_OF_BUYER, word)).values("pk"))
        | Q(pk__in=applied.filter(user__isnull=False).values("user"))
        | Q(pk__in=earlier.values("id"))
    )


def _in_any(columns: Iterable[str], word: str) -> Q:
    """SQLite knows capitals of a to z only, so `åström` is looked for as `Åström` as well."""
    ways = {word, word.lower(), word.upper(), word.title()}
    return reduce(or_, (Q((f"{column}__icontains", way)) for column in columns for way in ways))


def _digits_of(column: str) -> Combinable:
    bare: Combinable = F(column)
    for sign in _SIGNS_OF_PHONES:
        bare = Replace(bare, Value(sign), Value(""))
    return bare
