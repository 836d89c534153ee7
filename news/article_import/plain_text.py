"""Finds headings, paragraphs and lists in plain text.

Old articles come in two shapes: one line a paragraph, or lines broken at a certain width. In the
second, a line belongs to the one above if its first word would not have fitted there.
"""

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from news.article_import import inline
from news.article_import.blocks import Block, Kind, LeftOut, Reason, closes_a_sentence
from news.article_import.reading import Line

_BULLET = re.compile(r"^\s*(?:[•·▪▫‣◦●○■□–—*+-]|o(?=\t))\s+(?=\S)")
_NUMBER = re.compile(r"^\s*(\d{1,2})[.)]\s+(?=\S)")
_SURE_BULLET = "•·▪▫‣◦●○■□*"
_SPEECH = re.compile(
    r"[,.!?]\s+(säger|menar|berättar|förklarar|tillägger|svarar|anser|says|said|explains)\b"
)
_DIVIDER = re.compile(r"^\s*([=_~*#–—-]\s*){3,}$")
_SENTENCE_BREAK = re.compile(r"[.!?]\s+[A-ZÅÄÖ]")
_OPEN_END = (":", ",", ";", "-", "–", "…", "...")

_WIDEST_BROKEN_LINE = 120
_SHARE_OF_BROKEN_LINES = 0.25
_LONGEST_HEADING = 160
_LONGEST_HEADING_OF_A_LIST = 80
_LONGEST_CRY = 60


@dataclass(frozen=True)
class _Unit:
    """A paragraph, heading or list item, already put together out of its lines."""

    text: str
    line: int
    is_below_blank: bool

    @property
    def is_bullet(self) -> bool:
        return bool(_BULLET.match(self.text))

    @property
    def number(self) -> int | None:
        match = _NUMBER.match(self.text)
        return int(match[1]) if match else None

    @property
    def is_item(self) -> bool:
        return self.is_bullet or self.number is not None

    @property
    def item_text(self) -> str:
        return _NUMBER.sub("", _BULLET.sub("", self.text, count=1), count=1).strip()


def without_dividers(lines: list[Line]) -> tuple[list[Line], list[LeftOut]]:
    """Rows of stars or dashes that draw a line across the page."""
    kept = [replace(line, text="") if _DIVIDER.match(line.text) else line for line in lines]
    left_out = [
        LeftOut(line.number, line.bare, Reason.DIVIDER)
        for line in lines
        if _DIVIDER.match(line.text)
    ]
    return kept, left_out


def read_plain_text(lines: list[Line]) -> list[Block]:
    units = _join_broken_lines(lines)
    blocks: list[Block] = []
    position = 0
    while position < len(units):
        length = _length_of_list(units, position)
        if length:
            blocks.append(_list(units[position : position + length]))
        else:
            blocks.append(_heading_or_paragraph(units, position))
        position += max(length, 1)
    return blocks


# --- Lines to units -------------------------------------------------------------------------


def _join_broken_lines(lines: list[Line]) -> list[_Unit]:
    width = _width_of_broken_lines(lines)
    units: list[_Unit] = []
    above: Line | None = None
    for line in lines:
        if not line.bare:
            above = None
            continue
        if above and _continues(above, line, width):
            units[-1] = replace(units[-1], text=f"{units[-1].text} {line.bare}")
        else:
            units.append(_Unit(line.text, line.number, is_below_blank=above is None))
        above = line
    return units


def _starts_item(text: str) -> bool:
    return bool(_BULLET.match(text) or _NUMBER.match(text))


def _is_broken(above: str, line: str, width: int) -> bool:
    """One sentence on two lines, and the first of them full: a list of short lines is not."""
    if closes_a_sentence(above) or len(above) <= width / 2:
        return False
    return line[0].islower() and not inline.URL.match(line)


def _width_of_broken_lines(lines: list[Line]) -> int:
    """The width at which the file breaks its lines; 0 where a line is a whole paragraph."""
    written = [line for line in lines if line.bare]
    width = max((len(line.text.rstrip()) for line in written), default=0)
    breaks = [
        (first.bare, second.bare)
        for first, second in pairwise(lines)
        if first.bare and second.bare and not _starts_item(second.text)
    ]
    mid_sentence = [pair for pair in breaks if _is_broken(*pair, width)]
    if width > _WIDEST_BROKEN_LINE or len(mid_sentence) < _SHARE_OF_BROKEN_LINES * len(breaks):
        return 0
    return width if mid_sentence else 0


def _continues(above: Line, line: Line, width: int) -> bool:
    if _starts_item(line.text):
        return False
    if _starts_item(above.text) and line.text.startswith((" ", "\t", "\u00a0")):
        return True
    if not width:
        return False
    first_word = line.bare.split(maxsplit=1)[0]
    fits_above = len(above.text.rstrip()) + 1 + len(first_word) <= width
    return not fits_above or _is_broken(above.bare, line.bare, width)


# --- Units to blocks ------------------------------------------------------------------------


def _length_of_list(units: list[_Unit], start: int) -> int:
    """How many units from `start` on make one list; 0 when there is none."""
    first = units[start]
    if first.is_bullet:
        items = _run(units, start, numbered=False)
        return len(items) if _is_list_of_bullets(items, units[start - 1] if start else None) else 0
    if first.number is not None:
        items = _run(units, start, numbered=True)
        return len(items) if len(items) > 1 else 0
    return 0


def _run(units: list[_Unit], start: int, *, numbered: bool) -> list[_Unit]:
    items = [units[start]]
    for unit in units[start + 1 :]:
        expected = (items[-1].number or 0) + 1 if numbered else None
        if unit.number != expected or (not numbered and not unit.is_bullet):
            break
        items.append(unit)
    return items


def _is_list_of_bullets(items: list[_Unit], above: _Unit | None) -> bool:
    """A dash may also open a line of speech, as Swedish papers set it."""
    if items[0].text.lstrip()[0] in _SURE_BULLET:
        return True
    if any(_SPEECH.search(item.text) for item in items):
        return False
    if len(items) > 1:
        return not all(i.is_below_blank and closes_a_sentence(i.text) for i in items[1:])
    return above is not None and above.text.rstrip().endswith(":")


def _list(units: list[_Unit]) -> Block:
    parts = tuple(inline.from_text(unit.item_text) for unit in units)
    number = None if units[0].is_bullet else units[0].number
    if number is None:
        return Block(Kind.BULLETS, parts, units[0].line)
    return Block(Kind.NUMBERS, parts, units[0].line, start=number)


def _heading_or_paragraph(units: list[_Unit], position: int) -> Block:
    unit = units[position]
    kind = Kind.HEADING if _is_heading(units, position) else Kind.PARAGRAPH
    return Block(kind, (inline.from_text(unit.text.strip()),), unit.line)


def _is_heading(units: list[_Unit], position: int) -> bool:
    if not _could_be_heading(units[position].text.strip()) or position + 1 == len(units):
        return False
    if _is_one_of_several_lines(units, position):
        return False
    below = units[position + 1]
    if below.is_item:
        return len(units[position].text) <= _LONGEST_HEADING_OF_A_LIST
    text = below.text.strip()
    return closes_a_sentence(text) or text.endswith(":") or not _could_be_heading(text)


def _is_one_of_several_lines(units: list[_Unit], position: int) -> bool:
    """Time, place and address stand on short lines right below each other."""
    if position <= 1 or units[position].is_below_blank or units[position - 1].is_item:
        return False
    return _could_be_heading(units[position - 1].text.strip())


def _could_be_heading(text: str) -> bool:
    """One line of moderate length that does not end like a sentence; a question may be one."""
    text = _NUMBER.sub("", text)
    if len(text) > _LONGEST_HEADING or text[0].islower() or text[0] in "-–—":
        return False
    if text.endswith(_OPEN_END) or inline.URL.search(text) or "@" in text:
        return False
    if _SENTENCE_BREAK.search(text):
        return False
    if text.endswith("?"):
        return True
    if text.endswith("!"):
        return len(text) <= _LONGEST_CRY
    return not closes_a_sentence(text)
