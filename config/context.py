"""What every page template may use."""

from collections import defaultdict
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from config.association import association, footer_pages
from events import cart
from news.editions import PageEdition


def site(request: HttpRequest) -> dict[str, Any]:
    links = _language_links(request)
    own = next((link["canonical_url"] for link in links if link["current"]), "")
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "demo": settings.DEMO,
        "association": SimpleLazyObject(association),
        "footer": SimpleLazyObject(_footer),
        "language_links": links,
        "canonical_url": own if _is_public(request) else "",
        "cart_count": cart.count(request),
        "remembered_s": settings.REMEMBERED_S,
    }


def _language_links(request: HttpRequest) -> list[dict[str, Any]]:
    """This page in each language, in that language's own name."""
    names = {"sv": "Svenska", "en": "English"}
    addresses = {code: _translated(request, code) for code, _label in settings.LANGUAGES}
    return [
        {
            "code": code,
            "name": names[code],
            "url": url,
            "canonical_url": _canonical(request, url),
            "current": code == get_language(),
        }
        for code, url in addresses.items()
    ]


def _translated(request: HttpRequest, code: str) -> str:
    """A view whose page has an address of its own in each language has said so."""
    told: dict[str, str] = getattr(request, "translations", {})
    here = request.get_full_path()
    return told.get(code) or (here if code == get_language() else translate_url(here, code))


def _canonical(request: HttpRequest, url: str) -> str:
    """With the host, and of all that may follow a question mark only the number of the page."""
    path = url.partition("?")[0]
    page = request.GET.get("page", "")
    return f"{settings.SITE_URL}{path}" + (f"?page={page}" if page.isdecimal() else "")


def _is_public(request: HttpRequest) -> bool:
    """Anybody may read it and find it by searching."""
    match = request.resolver_match
    access = getattr(match.func, "access", None) if match else None
    return access is not None and access.who == "public"


def _footer() -> dict[str, list[PageEdition]]:
    """The pages of each column."""
    columns = defaultdict(list)
    for page in footer_pages():
        columns[page.place.replace("-", "_")].append(page.edition(get_language() or "sv"))
    return dict(columns)
