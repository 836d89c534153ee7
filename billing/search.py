"""Finding an invoice by what somebody reads out on the telephone."""

import re
from functools import reduce
from operator import and_, or_

from django.db.models import Q, QuerySet, TextField, Value
from django.db.models.functions import Concat, Upper
from django.utils.text import smart_split, unescape_string_literal

from billing.models import Invoice

FIELDS = (
    "number",
    "ocr",
    "customer_name",
    "customer_email",
    "customer_organisation_number",
    "customer_reference",
    "order_number",
)
_GROUPED_DIGITS = re.compile(r"[0-9][0-9\s-]*[0-9]")


def matching(invoices: "QuerySet[Invoice]", typed: str) -> "QuerySet[Invoice]":
    """Every word occurs somewhere. Numbers are found however they are grouped."""
    ways = (reduce(and_, map(_says, words)) for term in terms(typed) if (words := _words(term)))
    return invoices.alias(says=text()).filter(reduce(or_, ways, Q()))


def text() -> Upper:
    """The very expression that the index of the migration holds; PostgreSQL only then uses it."""
    parts = [part for field in FIELDS for part in (Value(" "), field)]
    return Upper(Concat(*parts[1:], output_field=TextField()))


def _says(word: str) -> Q:
    # Folded by the database on both sides: SQLite does not know that Å and å are one letter.
    return Q(says__contains=Upper(Value(word)))


def _words(term: str) -> list[str]:
    """As in every list of the admin: a phrase may stand in quotes."""
    quoted = ('"', "'")
    return [
        unescape_string_literal(bit) if bit.startswith(quoted) and bit[0] == bit[-1] else bit
        for bit in smart_split(term)
    ]


def terms(typed: str) -> list[str]:
    """As typed and, for a number in groups (`1000 1001 06`, `802999-9995`), as bare digits."""
    typed = typed.strip()
    bare = re.sub(r"[\s-]", "", typed)
    return [typed, bare] if _GROUPED_DIGITS.fullmatch(typed) and bare != typed else [typed]
