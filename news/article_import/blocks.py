"""The parts an article is made of on its way from a file to HTML."""

import html
import re
from dataclasses import dataclass
from enum import StrEnum

from news.article_import.inline import as_plain


class Kind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    BULLETS = "bullets"
    NUMBERS = "numbers"
    QUOTE = "quote"


class Reason(StrEnum):
    """Why a line of the file is not part of the article."""

    PAGE_LINK = "page link"
    PAGE_TEXT = "page text"
    HEADER = "header"
    FOOTER = "footer"
    DIVIDER = "divider"
    PICTURE = "picture"
    DATE = "date"


@dataclass(frozen=True)
class LeftOut:
    line: int
    text: str
    reason: Reason


@dataclass(frozen=True)
class Source:
    """An entry of the closing list; `url` is empty where the page was pasted without its links."""

    label: str
    url: str = ""


@dataclass(frozen=True)
class Block:
    """`parts` are safe inline HTML: one for a paragraph or heading, one for each item of a list."""

    kind: Kind
    parts: tuple[str, ...]
    line: int
    level: int = 2
    start: int = 1

    @property
    def texts(self) -> list[str]:
        return [as_plain(part) for part in self.parts]

    @property
    def text(self) -> str:
        return " ".join(self.texts)

    @property
    def html(self) -> str:
        items = "".join(f"<li>{part}</li>" for part in self.parts)
        match self.kind:
            case Kind.HEADING:
                tag = "h2" if self.level <= 2 else "h3"
                return f"<{tag}>{self.parts[0]}</{tag}>"
            case Kind.BULLETS:
                return f"<ul>{items}</ul>"
            case Kind.NUMBERS:
                start = "" if self.start == 1 else f' start="{self.start}"'
                return f"<ol{start}>{items}</ol>"
            case Kind.QUOTE:
                return "<blockquote>" + "".join(f"<p>{p}</p>" for p in self.parts) + "</blockquote>"
        return f"<p>{self.parts[0]}</p>"


_CLOSED = re.compile(r"[.!?…]$")


def closes_a_sentence(text: str) -> bool:
    return bool(_CLOSED.search(html.unescape(text).rstrip("\"'”’»)] ")))
