"""What an article's body may be made of. It is cleaned when it is stored and again when shown."""

import re
from html import unescape

import nh3
from django.conf import settings
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe

# The editor in the admin offers the same; `start` comes from numbered lists of imported articles.
TAGS = frozenset({"p", "h2", "h3", "ul", "ol", "li", "a", "blockquote", "strong", "em", "br"})
ATTRIBUTES: dict[str, set[str]] = {"*": set(), "a": {"href"}, "ol": {"start"}}
SCHEMES = frozenset({"http", "https", "mailto"})
EDITOR_EXTENSIONS = {
    "Bold": True,
    "Italic": True,
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "HardBreak": True,
    "Heading": {"levels": [2, 3]},
    "Link": {"protocols": sorted(SCHEMES), "enableTarget": False},
}

_OWN_PATH = re.compile(r"/(?![/\\])[^\s\\]*")


def _own_address(url: str) -> str | None:
    """A path on our own site; `//host` and `/\\host` lead elsewhere, whatever they look like."""
    return url if _OWN_PATH.fullmatch(url) else None


def _as_ours(_tag: str, name: str, value: str) -> str | None:
    """A list begins at a number; whatever else stood there is nothing that we show."""
    return None if name == "start" and not value.isdecimal() else value


_cleaner = nh3.Cleaner(
    tags=set(TAGS),
    attributes=ATTRIBUTES,
    attribute_filter=_as_ours,
    url_schemes=set(SCHEMES),
    url_relative=_own_address,
    link_rel="noopener",
)


def clean(html: str) -> str:
    """Nothing but the allowed tags and links; empty when there is no text in it."""
    cleaned = _cleaner.clean(html).strip()
    return cleaned if as_text(cleaned) else ""


def safe(html: str) -> SafeString:
    """For templates."""
    return mark_safe(clean(html))  # noqa: S308 - this is the cleaning


def for_mail(html: str) -> SafeString:
    """For letters: a mail program knows no site that a link like /news/ could belong to."""
    absolute = clean(html).replace('<a href="/', f'<a href="{settings.SITE_URL}/')
    return mark_safe(absolute)  # noqa: S308 - cleaned, and the address is ours


def as_text(html: str) -> str:
    """The words alone, blocks kept apart."""
    spaced = re.sub(r"</(p|h2|h3|li|blockquote)>|<br>", " ", html)
    return " ".join(unescape(strip_tags(spaced)).split())


def as_lines(html: str) -> str:
    """For mail in plain text: a line for each block, and links spelt out."""
    linked = re.sub(r'<a [^>]*href="([^"]*)"[^>]*>(.*?)</a>', r"\2 (\1)", clean(html))
    listed = linked.replace("<li>", "<li>- ").replace("<br>", "\n")
    broken = re.sub(r"</(p|h2|h3|li|blockquote)>", "\n\n", listed).replace("\n\n</li>", "\n")
    lines = [line.strip() for line in unescape(strip_tags(broken)).splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
