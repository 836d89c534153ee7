"""What every page template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language

from events import cart


def site(request: HttpRequest) -> dict[str, Any]:
    return {
        "site_name": "Forum för Dataskydd",
        "site_url": settings.SITE_URL,
        "demo": settings.DEMO,
        "language_links": _language_links(request),
        "cart_count": cart.count(request),
    }


def _language_links(request: HttpRequest) -> list[dict[str, Any]]:
    """This page in each language, in that language's own name."""
    names = {"sv": "Svenska", "en": "English"}
    return [
        {
            "code": code,
            "name": names[code],
            "url": translate_url(request.get_full_path(), code),
            "current": code == get_language(),
        }
        for code, _label in settings.LANGUAGES
    ]
