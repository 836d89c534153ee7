"""Reading XML that came from outside: nothing is fetched, nothing is expanded, names are local."""

import re
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

from billing.bankfiles.statement import (
    LARGEST_AMOUNT,
    SWEDEN,
    YEARS,
    BankFileRefused,
    clip,
    local_time,
)

Element = Any  # lxml has no annotations.

_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(Z|[+-]\d{2}:\d{2})?")
_AMOUNT = re.compile(r"\d{1,15}(\.\d{1,5})?")


def read_xml(data: bytes) -> Element:
    """The root. A document type is refused: entity bombs and reads of files live there."""
    plain = data.replace(b"\x00", b"")  # UTF-16 looks like ASCII without its zero bytes.
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise BankFileRefused(
            _("The file declares a document type (DOCTYPE), which bank files never do.")
        )
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, LookupError, ValueError) as error:
        raise _not_xml(error) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise BankFileRefused(
            _("The file declares a document type (DOCTYPE), which bank files never do.")
        )
    return root


def _not_xml(error: Exception) -> BankFileRefused:
    problem = _("the XML breaks off or is damaged here (%(error)s).")
    line = getattr(error, "lineno", None) or 1
    reason = clip(getattr(error, "msg", None) or str(error), longest=120)
    return BankFileRefused(
        problem % {"error": reason}, place=_("Line %(number)s") % {"number": line}
    )


def local_name(element: Element) -> str:
    return etree.QName(element).localname


@cache
def _any_namespace(path: str) -> str:
    return "/".join(f"{{*}}{name}" for name in path.split("/"))


def find(element: Element, path: str) -> Element | None:
    return element.find(_any_namespace(path))


def find_all(element: Element, path: str) -> list[Element]:
    return element.findall(_any_namespace(path))


def text(element: Element, *paths: str) -> str:
    """The text of the first of the paths that is there and not empty."""
    for path in paths:
        child = find(element, path)
        value = "".join(child.itertext()).strip() if child is not None else ""
        if value:
            return value
    return ""


def texts(element: Element, path: str) -> list[str]:
    return ["".join(child.itertext()).strip() for child in find_all(element, path)]


def amount(element: Element, *, place: str) -> tuple[Decimal, str]:
    """The value of an amount element, never negative, and its currency."""
    written, currency = "".join(element.itertext()).strip(), element.get("Ccy", "")
    if not (_AMOUNT.fullmatch(written) and written.isascii()):
        raise BankFileRefused(_("“%(value)s” is not an amount.") % {"value": written}, place=place)
    if not re.fullmatch(r"[A-Z]{3}", currency):
        raise BankFileRefused(
            _("“%(value)s” is not a currency.") % {"value": currency}, place=place
        )
    value = Decimal(written)
    rounded = value.quantize(Decimal("0.01"))
    if rounded != value or rounded > LARGEST_AMOUNT:
        problem = _("the amount %(amount)s cannot be right.")
        raise BankFileRefused(problem % {"amount": written}, place=place)
    return rounded, currency


def day(element: Element, *, place: str) -> date | None:
    """A date, or the Swedish day of a date and time; None if neither is there."""
    written = text(element, "Dt")
    if not written:
        moment = text(element, "DtTm")
        return instant(moment, place=place).astimezone(SWEDEN).date() if moment else None
    match = _DATE.fullmatch(written)
    try:
        found = date.fromisoformat(match[1]) if match else None
    except ValueError:
        found = None
    if found is None or found.year not in YEARS:
        raise BankFileRefused(_("“%(value)s” is not a date.") % {"value": written}, place=place)
    return found


def instant(written: str, *, place: str) -> datetime:
    try:
        moment = local_time(datetime.fromisoformat(written))
    except ValueError:
        moment = None
    if moment is None or moment.year not in YEARS:
        raise BankFileRefused(_("“%(value)s” is not a time.") % {"value": written}, place=place)
    return moment
