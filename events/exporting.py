"""The list of an event as CSV that no spreadsheet can mistake for formulas."""

import csv
import io
from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from events.models import Booking, Event
from privacy.protected import without_hidden

# What makes a spreadsheet calculate, or fetch from elsewhere, what somebody typed as a name.
# The full-width ones are what an East Asian keyboard writes; Excel calculates them as well.
_STARTS_FORMULA = (
    *"=+-@|%",
    "\N{FULLWIDTH EQUALS SIGN}",
    "\N{FULLWIDTH PLUS SIGN}",
    "\N{FULLWIDTH HYPHEN-MINUS}",
    "\N{FULLWIDTH COMMERCIAL AT}",
)
_NOT_SEEN = ("\t", "\r", "\n", "\0")


def safe(cell: str) -> str:
    """Text stays text: an apostrophe before what would be a formula."""
    is_formula = cell.lstrip().lstrip("\0").startswith(_STARTS_FORMULA)
    return f"'{cell}" if is_formula or cell.startswith(_NOT_SEEN) else cell


def attendees_csv(event: Event) -> bytes:
    """With semicolons and a byte-order mark, as spreadsheets in Sweden open it."""
    live = Booking.objects.filter(event=event).live().exclude(state=Booking.State.HELD)
    rows = without_hidden(live).select_related("invoice_line__invoice")
    rows = rows.order_by("state", "name", "pk")
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(_headings())
    writer.writerows([safe(str(cell)) for cell in _cells(booking)] for booking in rows)
    return "\N{ZERO WIDTH NO-BREAK SPACE}".encode() + out.getvalue().encode()


def _headings() -> list[str]:
    return [
        _("Name"),
        _("E-mail"),
        _("Employer"),
        _("Where"),
        _("State"),
        _("Audience"),
        _("Price"),
        _("Invoice"),
        _("Booked at"),
        _("Came in"),
    ]


def _cells(booking: Booking) -> Iterable[object]:
    line = booking.invoice_line
    yield booking.name
    yield booking.email
    yield booking.employer
    yield booking.get_mode_display()
    yield booking.get_state_display()
    yield booking.get_audience_display()
    yield str(booking.amount).replace(".", ",")
    yield line.invoice.number if line else ""
    for moment in (booking.created_at, booking.attended_at):
        yield timezone.localtime(moment).strftime("%Y-%m-%d %H:%M") if moment else ""
