"""The list of an event as CSV that no spreadsheet can mistake for formulas."""

import csv
import io
from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from events.models import Booking, Event
from privacy.protected import without_hidden

# What makes a spreadsheet calculate, or fetch from elsewhere, what somebody typed as a name.
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe(cell: str) -> str:
    """Text stays text: an apostrophe before what would be a formula."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_STARTS_FORMULA) else cell


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
