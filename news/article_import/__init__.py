"""Reads an old article, as it was pasted out of a web page, and finds the article in it.

`parse(content, markdown=...)` takes the bytes of a file and gives a `ParsedArticle`; it touches
neither the database nor the disk. Every line of the file ends up in the article or in `left_out`.

    reading     bytes -> numbered lines, or a refusal
    furniture   which lines are the page and not the article
    plain_text  lines -> blocks, for plain text
    markdown    lines -> blocks, for Markdown
    assembly    blocks -> title, lead, body and sources
"""

from news.article_import.assembly import ParsedArticle, assemble
from news.article_import.blocks import Block, Kind, LeftOut, Reason, Source
from news.article_import.furniture import without_furniture, without_pictures
from news.article_import.markdown import looks_like_markdown, read_markdown
from news.article_import.plain_text import read_plain_text, without_dividers
from news.article_import.reading import NotAnArticle, read_lines

__all__ = [
    "Block",
    "Kind",
    "LeftOut",
    "NotAnArticle",
    "ParsedArticle",
    "Reason",
    "Source",
    "parse",
]


def parse(content: bytes, *, markdown: bool = False) -> ParsedArticle:
    """Raises NotAnArticle, which says why in the user's language, if nothing can be made of it."""
    lines, furniture = without_furniture(read_lines(content))
    lines, pictures = without_pictures(lines)
    if markdown or looks_like_markdown(lines):
        return assemble(read_markdown(lines), [*furniture, *pictures])
    lines, dividers = without_dividers(lines)
    return assemble(read_plain_text(lines), [*furniture, *pictures, *dividers])
