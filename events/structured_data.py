"""What search engines read of an event: schema.org as JSON-LD."""

import json
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from events.editions import Edition
from events.models import Event, Price

ASSOCIATION = "Forum för Dataskydd"
_PLACES = {
    (True, False): "OfflineEventAttendanceMode",
    (False, True): "OnlineEventAttendanceMode",
    (True, True): "MixedEventAttendanceMode",
}
# So that no text of an event can close the script element around it.
_IN_SCRIPT = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def event_json(text: Edition, today: date) -> SafeString:
    event = text.event
    status = "EventCancelled" if event.cancelled_at else "EventScheduled"
    mode = _PLACES["on_site" in event.modes, "online" in event.modes]
    described = {
        "@context": "https://schema.org",
        "@type": "EducationEvent",
        "name": str(text.title),
        "description": str(text.summary),
        "url": text.full_url,
        "image": text.picture_url,
        "startDate": event.starts_at.isoformat(),
        "endDate": event.ends_at.isoformat(),
        "eventStatus": f"https://schema.org/{status}",
        "eventAttendanceMode": f"https://schema.org/{mode}",
        "location": _locations(event, text),
        "organizer": {"@type": "Organization", "name": ASSOCIATION, "url": settings.SITE_URL},
        "performer": [{"@type": "Person", "name": s.name} for s in event.speakers.all()],
        "offers": _offers(text, today),
    }
    told = {name: value for name, value in described.items() if value}
    words = json.dumps(told, ensure_ascii=False)
    return mark_safe(words.translate(_IN_SCRIPT))  # noqa: S308 - it cannot leave its element


def _locations(event: Event, text: Edition) -> list[dict[str, Any]]:
    places: list[dict[str, Any]] = []
    if "on_site" in event.modes:
        address = event.address or event.place
        places.append({"@type": "Place", "name": event.place, "address": address})
    if "online" in event.modes:
        # The link itself is for those who have a seat.
        places.append({"@type": "VirtualLocation", "url": text.full_url})
    return places


def _offers(text: Edition, today: date) -> list[dict[str, Any]]:
    prices = [p for p in text.event.prices.all() if p.until is None or today <= p.until]
    return [
        {
            "@type": "Offer",
            "name": str(price.get_audience_display()),
            "price": str(price.amount),
            "priceCurrency": "SEK",
            "url": text.full_url,
        }
        for price in prices
        if price.audience == Price.Audience.PUBLIC
    ]
