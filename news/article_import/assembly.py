"""Out of the blocks of a file: the title, the lead, the body and the list of sources."""

import datetime as dt
import hashlib
import html
import re
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from news.article_import import inline
from news.article_import.blocks import Block, Kind, LeftOut, Reason, Source, closes_a_sentence
from news.article_import.reading import NotAnArticle

_SOURCES = (
    r"läs\s+mer|läs\s+mer\s+här|läs\s+vidare|läs\s+också|mer\s+information|mer\s+att\s+läsa|"
    r"källa|källor|källförteckning|länkar|referenser|"
    r"read\s+more|read\s+more\s+here|further\s+reading|more\s+information|learn\s+more|"
    r"source|sources|references|links"
)
_SOURCES_HEADING = re.compile(rf"(?:{_SOURCES})\s*:?", re.IGNORECASE)
_SOURCES_ON_ONE_LINE = re.compile(rf"(?:{_SOURCES})\s*:\s*(?P<rest>\S.*)", re.IGNORECASE)
_LINK = re.compile(r'<a href="([^"]*)">(.*?)</a>')
_web_address = URLValidator(schemes=["http", "https"])
_AROUND_A_LABEL = " \t\u00a0:;,–—-|"
_EMPTY_BRACKETS = re.compile(r"\(\s*\)|\[\s*\]|<\s*>")
_BYLINE = re.compile(r"(?i:av|text|text och foto|by|author|författare)\s*:?\s+[A-ZÅÄÖ][^:]*")
_DATE_LINE = re.compile(
    r"(?:(?:publicera[dt]|published|datum|date)\s*:?\s*)?(?:den\s+|on\s+)?"
    r"(?:(?P<iso>\d{4}-\d{2}-\d{2})|(?P<day>\d{1,2})\s+(?P<month>[a-zA-Z]+)\.?,?\s+(?P<year>\d{4}))",
    re.IGNORECASE,
)
_MONTHS = ("jan", "feb", "mar", "apr", "ma", "jun", "jul", "aug", "sep", "okt", "nov", "dec")

_LONGEST_LABEL = 200
_LONGEST_URL = 500
_LONGEST_TITLE = 300
_LONGEST_BYLINE = 80
_BLOCKS_BEFORE_THE_TEXT = 3


@dataclass(frozen=True)
class ParsedArticle:
    title: str
    lead: str
    blocks: tuple[Block, ...]
    sources: tuple[Source, ...]
    published_on: dt.date | None
    left_out: tuple[LeftOut, ...]

    @property
    def body(self) -> str:
        return "\n".join(block.html for block in self.blocks)

    @property
    def content_hash(self) -> str:
        """The same for the same article, whatever its encoding, line ends and page furniture."""
        parts = [self.title, self.lead, self.body]
        parts += [f"{source.label}\t{source.url}" for source in self.sources]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def assemble(blocks: list[Block], left_out: list[LeftOut]) -> ParsedArticle:
    blocks, date_block, published_on = _without_date(blocks)
    title, blocks = _title(blocks)
    blocks, sources = _sources(blocks)
    lead, blocks = _lead(blocks)
    if not blocks:
        raise NotAnArticle(_("There is a title but no text under it."))
    if date_block:
        left_out = [*left_out, LeftOut(date_block.line, date_block.text, Reason.DATE)]
    return ParsedArticle(
        title=title,
        lead=inline.as_plain(lead),
        blocks=tuple(_level(block) for block in blocks),
        sources=(*_links_of_lead(lead), *sources),
        published_on=published_on,
        left_out=tuple(sorted(left_out, key=lambda item: item.line)),
    )


# --- The top of the article -----------------------------------------------------------------


def _title(blocks: list[Block]) -> tuple[str, list[Block]]:
    if not blocks:
        raise NotAnArticle(_("There is no article among the links and notices of the page."))
    tops = [b for b in blocks[:_BLOCKS_BEFORE_THE_TEXT] if b.kind == Kind.HEADING and b.level == 1]
    block = tops[0] if tops else blocks[0]
    if len(block.text) > _LONGEST_TITLE or block.kind in {Kind.BULLETS, Kind.NUMBERS, Kind.QUOTE}:
        raise NotAnArticle(_("The first line is not a title. Put the title on a line of its own."))
    return block.text, [other for other in blocks if other is not block]


def _lead(blocks: list[Block]) -> tuple[str, list[Block]]:
    """The first paragraph, unless it is all there is: then it is the body."""
    for position, block in enumerate(blocks[:2]):
        if block.kind != Kind.PARAGRAPH:
            break
        if _is_byline(block):
            continue
        if len(blocks) > position + 1:
            return block.parts[0], [other for other in blocks if other is not block]
    return "", blocks


def _links_of_lead(lead: str) -> list[Source]:
    """A lead is plain text, so what it linked to is kept in the closing list."""
    links = [(inline.as_plain(label), html.unescape(url)) for url, label in _LINK.findall(lead)]
    return [Source(label, url) for label, url in links if not inline.URL.fullmatch(label)]


def _is_byline(block: Block) -> bool:
    is_short = len(block.text) <= _LONGEST_BYLINE and not closes_a_sentence(block.text)
    return is_short and bool(_BYLINE.fullmatch(block.text))


def _without_date(blocks: list[Block]) -> tuple[list[Block], Block | None, dt.date | None]:
    for block in blocks[:_BLOCKS_BEFORE_THE_TEXT]:
        day = _date(block.text)
        if day:
            return [other for other in blocks if other is not block], block, day
    return blocks, None, None


def _date(text: str) -> dt.date | None:
    match = _DATE_LINE.fullmatch(text.strip().rstrip("."))
    if not match:
        return None
    try:
        if match["iso"]:
            return dt.date.fromisoformat(match["iso"])
        return dt.date(int(match["year"]), _month(match["month"]), int(match["day"]))
    except ValueError:
        return None


def _month(name: str) -> int:
    """Swedish and English names begin alike, but for maj/may and oktober/october."""
    name = name.casefold().replace("oct", "okt")
    for number, start in enumerate(_MONTHS, start=1):
        if name.startswith(start):
            return number
    raise ValueError(name)


def _level(block: Block) -> Block:
    """The page's own title is its only first-level heading."""
    return replace(block, level=max(block.level, 2)) if block.kind == Kind.HEADING else block


# --- The closing list -----------------------------------------------------------------------


def _sources(blocks: list[Block]) -> tuple[list[Block], list[Source]]:
    for position, block in enumerate(blocks):
        one_line = _SOURCES_ON_ONE_LINE.fullmatch(block.text)
        if _SOURCES_HEADING.fullmatch(block.text) and block.kind in {Kind.HEADING, Kind.PARAGRAPH}:
            length = _length_of_sources(blocks, position + 1)
            listed = blocks[position + 1 : position + 1 + length]
        elif one_line and "<a " in block.parts[0] and position + 1 == len(blocks):
            length, listed = 0, [replace(block, parts=(_after_colon(block.parts[0]),))]
        else:
            continue
        if listed:
            sources = _as_sources([part for entry in listed for part in entry.parts])
            rest, more = _sources(blocks[position + 1 + length :])
            return [*blocks[:position], *rest], [*sources, *more]
    return blocks, []


def _after_colon(part: str) -> str:
    return part.split(":", 1)[1].strip()


def _length_of_sources(blocks: list[Block], start: int) -> int:
    """How many blocks from `start` on are entries; a heading with text under it is none."""
    for position in range(start, len(blocks)):
        block = blocks[position]
        below = blocks[position + 1] if position + 1 < len(blocks) else None
        opens_text = (
            block.kind == Kind.HEADING and below is not None and closes_a_sentence(below.text)
        )
        if opens_text or not all(_could_be_source(part) for part in block.parts):
            return position - start
    return len(blocks) - start


def _could_be_source(part: str) -> bool:
    text = inline.as_plain(part)
    if len(text) > _LONGEST_LABEL:
        return False
    return "<a " in part or not closes_a_sentence(text)


def _as_sources(parts: list[str]) -> list[Source]:
    sources: list[Source] = []
    for part in parts:
        found = _linked(part) or [Source(_label(inline.as_plain(part)))]
        if _is_bare_address(part) and sources and not sources[-1].url:
            sources[-1] = replace(sources[-1], url=found[0].url)
        else:
            sources += found
    return [_with_web_address(source) for source in sources if source.label]


def _with_web_address(source: Source) -> Source:
    """A source leads to a page; any other address stands in words."""
    if not source.url or _is_web_address(source.url):
        return Source(source.label[:_LONGEST_LABEL], source.url)
    address = source.url.removeprefix("mailto:")
    return Source(f"{source.label} ({address})"[:_LONGEST_LABEL])


def _is_web_address(url: str) -> bool:
    try:
        _web_address(url)
    except ValidationError:
        return False
    return len(url) <= _LONGEST_URL


def _is_bare_address(part: str) -> bool:
    return bool(_LINK.fullmatch(part) and inline.URL.fullmatch(inline.as_plain(part)))


def _linked(part: str) -> list[Source]:
    links = [(html.unescape(url), inline.as_plain(label)) for url, label in _LINK.findall(part)]
    if len(links) == 1:
        return [Source(_label_of_only_link(part, *links[0]), links[0][0])]
    return [Source(_label(label) or _short_address(url), url) for url, label in links]


def _label_of_only_link(part: str, url: str, shown: str) -> str:
    """The words beside the address; the link's own words; or the address itself, shortened."""
    beside = _label(inline.as_plain(_LINK.sub(" ", part)), around=f"{_AROUND_A_LABEL}.")
    if not inline.URL.fullmatch(shown):
        return _label(inline.as_plain(part)) if beside else _label(shown)
    return beside or _short_address(url)


def _label(text: str, *, around: str = _AROUND_A_LABEL) -> str:
    return re.sub(r"\s+", " ", _EMPTY_BRACKETS.sub("", text)).strip(around)


def _short_address(url: str) -> str:
    shown = re.sub(r"^(https?://)?(www\.)?", "", url).rstrip("/")
    return shown if len(shown) <= _LONGEST_BYLINE else f"{shown[:_LONGEST_BYLINE]}…"
