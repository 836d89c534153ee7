"""Inline HTML out of running text: escaped, with addresses made into links."""

import html
import re
from urllib.parse import urlsplit

_ADDRESS = r"(?:https?://|www\.)[^\s<>\"“”»|]+"
URL = re.compile(_ADDRESS, re.IGNORECASE)
_MARKDOWN_LINK = re.compile(
    r"\[([^\]\n]+)\]\(\s*<?((?:https?://|www\.|mailto:)(?:[^\s()<>]|\([^\s()<>]*\))+)>?\s*\)"
)
_ANGLED = re.compile(rf"<({_ADDRESS})>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_SAFE_SCHEMES = frozenset({"http", "https", "mailto"})


def safe_url(url: str) -> str:
    """The address to link to, or "" when it is none we would send a reader to."""
    url = f"https://{url}" if url.lower().startswith("www.") else url
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme not in _SAFE_SCHEMES or not (parts.netloc or parts.scheme == "mailto"):
        return ""
    return url


def link(url: str, label_html: str) -> str:
    target = safe_url(url)
    return f'<a href="{html.escape(target)}">{label_html}</a>' if target else label_html


def from_text(text: str) -> str:
    """Plain text to inline HTML; `[label](address)` and bare addresses become links."""
    pieces = []
    position = 0
    for match in _MARKDOWN_LINK.finditer(text):
        pieces.append(link_addresses(text[position : match.start()]))
        pieces.append(link(match[2], html.escape(match[1])))
        position = match.end()
    return "".join([*pieces, link_addresses(text[position:])])


def link_addresses(text: str) -> str:
    text = _ANGLED.sub(r"\1", text)
    pieces = []
    position = 0
    for match in URL.finditer(text):
        address = _without_trailing_marks(match[0])
        pieces.append(html.escape(text[position : match.start()]))
        pieces.append(link(address, html.escape(address)))
        position = match.start() + len(address)
    return "".join([*pieces, html.escape(text[position:])])


def _without_trailing_marks(address: str) -> str:
    address = address.rstrip(".,;:!?'’*_")
    while address.endswith(")") and address.count("(") < address.count(")"):
        address = address[:-1].rstrip(".,;:!?'’*_")
    return address


def as_plain(inline_html: str) -> str:
    return html.unescape(_TAG.sub("", inline_html.replace("<br>", " ")))
