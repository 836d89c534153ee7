"""Certificates, transcripts and badges as PDF. Words are made here, looks in `layout/`."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.documents import squares
from billing.documents.rendering import compile_layout
from events import links
from events.editions import edition
from events.models import Booking, Certificate, Event

_LAYOUT = Path(__file__).parent / "layout"
SENDER = "Forum för Dataskydd"


def certificate_pdf(certificate: Certificate, language: str) -> bytes:
    """`certificate` comes with its booking and event."""
    event, issued_on = certificate.booking.event, timezone.localdate(certificate.issued_at)
    text = edition(event, language)
    with translation.override(language):
        link = links.verify_url(certificate, language)
        facts = [
            (_("Event"), str(text.title)),
            (_("Held"), text.when),
            (_("Where"), _where(certificate.booking)),
            (_("Hours of education"), hours(certificate.hours)),
            *([(_("Topics"), str(text.summary))] if text.summary else []),
            (_("Issued"), formats.date_format(issued_on)),
            (_("Code"), certificate.code),
        ]
        sheet = {
            **_blank(language, _("Certificate of attendance")),
            "paragraphs": [_("Forum för Dataskydd certifies that")],
            "name": certificate.name,
            "facts": facts,
            "qr": squares.svg(link),
            "link": link,
            "verify": _("Anybody can check that this certificate is genuine:"),
        }
    return compile_layout(_LAYOUT / "certificate.typ", sheet, on=issued_on)


def transcript_pdf(
    name: str, year: int, certificates: Sequence[Certificate], language: str, today: date
) -> bytes:
    """All of a year's hours, for those who report continuing education."""
    with translation.override(language):
        rows = [
            [
                str(edition(c.booking.event, language).title),
                formats.date_format(timezone.localdate(c.booking.event.starts_at)),
                c.code,
                hours(c.hours),
            ]
            for c in certificates
        ]
        total = sum((c.hours for c in certificates), Decimal(0))
        sheet = {
            **_blank(language, _("Hours of education %(year)d") % {"year": year}),
            "name": name,
            "headers": [_("Event"), _("Date"), _("Code"), _("Hours")],
            "rows": rows,
            "total": _("In all %(hours)s") % {"hours": hours(total)},
            "verify": _("Each code can be checked at %(link)s")
            % {"link": links.verify_form_url(language)},
        }
    return compile_layout(_LAYOUT / "certificate.typ", sheet, on=today)


def badges_pdf(event: Event, bookings: Sequence[Booking], language: str, today: date) -> bytes:
    with translation.override(language):
        sheet = {
            "language": language,
            "title": _("Badges: %(event)s") % {"event": event.title_sv},
            "sender": SENDER,
            "heading": str(edition(event, language).title),
            "badges": [_badge(booking) for booking in bookings],
            "empty": _("Nobody has a seat on site yet."),
        }
    return compile_layout(_LAYOUT / "badges.typ", sheet, on=today)


def _badge(booking: Booking) -> dict[str, str]:
    """What each chose: their name, their employer too, or a blank one to write on."""
    if booking.badge == Booking.Badge.NOTHING:
        return {"name": "", "employer": "", "note": ""}
    employer = booking.employer if booking.badge == Booking.Badge.EMPLOYER else ""
    return {"name": booking.name, "employer": employer, "note": ""}


def hours(number: Decimal) -> str:
    shown = formats.localize(number.normalize() if number % 1 else number.quantize(Decimal(1)))
    return ngettext("%(hours)s hour", "%(hours)s hours", 1 if number == 1 else 2) % {"hours": shown}


def _where(booking: Booking) -> str:
    online = booking.mode == Booking.Mode.ONLINE
    return _("Online") if online else booking.event.place or str(booking.get_mode_display())


def _blank(language: str, heading: str) -> dict[str, Any]:
    return {
        "language": language,
        "title": heading,
        "sender": SENDER,
        "heading": heading,
        "paragraphs": [],
        "name": "",
        "facts": [],
        "headers": [],
        "rows": [],
        "total": "",
        "qr": None,
        "link": settings.SITE_URL,
        "verify": "",
    }
