"""One row of the old register: who, for how long, who pays. Judged without looking at ours."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from billing import giro
from members.old_register import cells
from members.periods import DAY, Period, anniversary

FIRST_YEAR = 1990
LONGEST_AHEAD = timedelta(days=3 * 366)
# Of those who left longer ago than this we keep nothing, so nothing is taken over either.
KEPT_AFTER_END = timedelta(days=365)

Value = TypeVar("Value")
Row = Mapping[str, Any]


class NotTakenOver(Exception):
    """There is nothing wrong with the row, but it is left out. Says why."""


@dataclass(frozen=True)
class OldMember:
    """`period` is None where the file says nothing of dates. `notes`: what staff should know."""

    email: str
    name: str
    phone: str = ""
    employer: str = ""
    title: str = ""
    language: str = "sv"
    kind_code: str = "ordinary"
    period: Period | None = None
    payer: Mapping[str, str] = field(default_factory=dict)
    had_consented: bool = False
    notes: tuple[str, ...] = ()


def old_member(row: Row, *, today: date) -> OldMember:
    """Raises ValidationError with every fault of the row, or NotTakenOver."""
    reader = _Reader(row)
    found: dict[str, Any] = {
        "email": reader.must(cells.email, "email"),
        "name": reader.must(cells.name, "name", "first_name", "last_name"),
        "kind_code": reader.must(cells.kind, "kind"),
        "phone": reader.may(cells.phone, "phone", _("The phone number is left out: %s")),
        "employer": reader.may(lambda cell: cells.line(cell, 120), "employer", "%s"),
        "title": reader.may(lambda cell: cells.line(cell, 120), "title", "%s"),
    }
    first, last = reader.must(cells.day, "starts_on"), reader.must(cells.day, "ends_on")
    payer = _payer(reader)
    if not reader.faults:
        found["period"] = reader.must(lambda *_cells: _period(first, last, today, reader), "line")
    if reader.faults:
        raise ValidationError(reader.faults)
    return OldMember(
        **found,
        payer=payer,
        language=_language(str(row["language"])),
        had_consented=cells.yes(str(row["consent"])),
        notes=tuple(reader.notes),
    )


class _Reader:
    """Collects what is wrong, so that staff is told all of it at once."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.faults: list[str] = []
        self.notes: list[str] = []

    def must(self, read: Callable[..., Value], *columns: str) -> Value | None:
        try:
            return read(*(str(self.row[column]) for column in columns))
        except ValidationError as error:
            self.faults += error.messages
            return None

    def may(self, read: Callable[[str], str], column: str, note: str) -> str:
        """Not worth stopping for: left out, with a note."""
        cell = str(self.row[column])
        try:
            return read(cell)
        except ValidationError as error:
            told = cell[:60] if "%s" in note and note != "%s" else " ".join(error.messages)
            self.notes.append(note % told)
            return ""


def _period(first: date | None, last: date | None, today: date, reader: _Reader) -> Period | None:
    if first is None and last is None:
        reader.notes.append(_("No dates: taken over without a membership."))
        return None
    for day in (first, last):
        if day and (day.year < FIRST_YEAR or day > today + LONGEST_AHEAD):
            raise ValidationError(_("The date %s cannot be right.") % day)
    if last is None:
        assert first is not None  # noqa: S101  one of the two is there
        return _running_year(first, today)
    if last < today - KEPT_AFTER_END:
        raise NotTakenOver(
            _("Ended on %s, more than a year ago: we keep nothing of former members so long.")
            % last
        )
    first = first or anniversary(last + DAY, -1)
    if last < first:
        raise ValidationError(_("The last day, %s, comes before the first.") % last)
    return Period(first, last)


def _running_year(first: date, today: date) -> Period:
    """Members since a day, with no word of paid until when: until the next such day."""
    if first > today:
        return Period(first, anniversary(first, 1) - DAY)
    years = next(n for n in range(200) if anniversary(first, n + 1) > today)
    return Period(first, anniversary(first, years + 1) - DAY)


def _payer(reader: _Reader) -> dict[str, str]:
    """An employer that pays; nothing where the row names none."""
    if not reader.row["organisation_number"]:
        if reader.row["payer_name"]:
            reader.notes.append(_("The payer is left out: there is no organisation number."))
        return {}
    answers = {
        "payer": "employer",
        "name": str(reader.row["payer_name"] or reader.row["employer"]),
        "organisation_number": reader.must(_organisation_number, "organisation_number") or "",
        "street": reader.may(lambda cell: cells.line(cell, 120), "street", "%s"),
        "postcode": cells.postcode(str(reader.row["postcode"])),
        "city": reader.may(lambda cell: cells.line(cell, 80), "city", "%s"),
        "reference": reader.may(lambda cell: cells.line(cell, 100), "reference", "%s"),
        "email": reader.may(
            lambda cell: cells.email(cell) if cell else "",
            "invoice_email",
            _("The e-mail for invoices is left out: %s"),
        ),
    }
    if not answers["name"]:
        reader.faults.append(_("The payer has no name."))
    return answers


def _organisation_number(cell: str) -> str:
    return giro.normalise_organisation_number(cell) if cell else ""


def _language(cell: str) -> str:
    return "en" if cell.lower().startswith("en") else settings.LANGUAGE_CODE
