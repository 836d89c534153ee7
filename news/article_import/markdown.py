"""Finds headings, paragraphs, lists and quotes in Markdown."""

import html
import re
from collections.abc import Iterable

from markdown_it import MarkdownIt
from markdown_it.token import Token

from news.article_import import inline
from news.article_import.blocks import Block, Kind
from news.article_import.reading import Line

_HEADING = re.compile(r"^#{1,6}\s+\S")
_PASTED_BULLET = re.compile(r"^\s*[•·▪●]\s+")
_EMPHASIS = {
    "strong_open": "<strong>",
    "strong_close": "</strong>",
    "em_open": "<em>",
    "em_close": "</em>",
    "softbreak": " ",
    "hardbreak": "<br>",
}

# Indented text is a habit of old pages, not program code; raw HTML is shown as it is written.
_parser = MarkdownIt("commonmark", {"html": False}).disable(["code", "html_block"])


def looks_like_markdown(lines: list[Line]) -> bool:
    return any(_HEADING.match(line.text) for line in lines)


def read_markdown(lines: list[Line]) -> list[Block]:
    text = "\n".join(_PASTED_BULLET.sub("- ", line.text) for line in lines)
    return list(_blocks(_parser.parse(text)))


def _blocks(tokens: list[Token]) -> Iterable[Block]:
    position = 0
    while position < len(tokens):
        end = _end(tokens, position)
        block = _block(tokens[position : end + 1])
        if block and any(block.parts):
            yield block
        position = end + 1


def _end(tokens: list[Token], start: int) -> int:
    """Where the block that opens at `start` closes."""
    depth = 0
    for position in range(start, len(tokens)):
        depth += tokens[position].nesting
        if depth == 0:
            return position
    return len(tokens) - 1


def _block(tokens: list[Token]) -> Block | None:
    first = tokens[0]
    line = first.map[0] + 1 if first.map else 1
    texts = tuple(_inline(token.children or []) for token in tokens if token.type == "inline")
    match first.type:
        case "heading_open":
            return Block(Kind.HEADING, texts, line, level=int(first.tag[1]))
        case "paragraph_open":
            return Block(Kind.PARAGRAPH, texts, line)
        case "bullet_list_open":
            return Block(Kind.BULLETS, tuple(_items(tokens)), line)
        case "ordered_list_open":
            start = int(first.attrGet("start") or 1)
            return Block(Kind.NUMBERS, tuple(_items(tokens)), line, start=start)
        case "blockquote_open":
            return Block(Kind.QUOTE, texts, line)
        case "fence":
            return Block(Kind.PARAGRAPH, (html.escape(first.content.strip()),), line)
    return None


def _items(tokens: list[Token]) -> Iterable[str]:
    """The items of a list; those of a list within it follow on the same level."""
    texts: list[str] = []
    for token in tokens:
        if token.type == "list_item_open":
            if texts:
                yield "<br>".join(texts)
            texts = []
        elif token.type == "inline":
            texts.append(_inline(token.children or []))
    if texts:
        yield "<br>".join(texts)


def _inline(tokens: list[Token]) -> str:
    pieces: list[str] = []
    targets: list[str] = []
    for token in tokens:
        if token.type == "link_open":
            targets.append(inline.safe_url(str(token.attrGet("href") or "")))
            pieces.append(f'<a href="{html.escape(targets[-1])}">' if targets[-1] else "")
        elif token.type == "link_close":
            pieces.append("</a>" if targets.pop() else "")
        elif token.type == "text":
            escape = html.escape if targets else inline.link_addresses
            pieces.append(escape(token.content))
        elif token.type == "code_inline":
            pieces.append(html.escape(token.content))
        else:
            pieces.append(_EMPHASIS.get(token.type, ""))
    return "".join(pieces).strip()
