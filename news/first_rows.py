"""The pages that the site itself links to. Staff edit them; running this again changes nothing
that is there."""

from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt

from news import rich_text
from news.editions import LANGUAGES

TEXTS = Path(__file__).parent / "first_pages"

# Code, address in Swedish and English, column of the footer, order in it.
PAGES = (
    ("start", ("start", "start"), "", 0),
    ("about", ("om-oss", "about"), "association", 10),
    ("board", ("styrelse", "board"), "association", 20),
    ("statutes", ("stadgar", "statutes"), "association", 30),
    ("terms", ("medlemsvillkor", "membership-terms"), "association", 40),
    ("contact", ("kontakt", "contact"), "association", 50),
    ("accessibility", ("tillganglighet", "accessibility"), "your-data", 10),
)


def create(apps: Any) -> None:
    """Called by a migration with its historical models, and by tests with the real ones."""
    pages = apps.get_model("news", "Page")
    for code, slugs, place, position in PAGES:
        columns = {"place": place, "position": position}
        for language, slug in zip(LANGUAGES, slugs, strict=True):
            texts = read(TEXTS / f"{code}.{language}.md")
            columns |= {f"{name}_{language}": text for name, text in texts.items()}
            columns[f"slug_{language}"] = slug
        pages.objects.get_or_create(code=code, defaults=columns)


def read(file: Path) -> dict[str, str]:
    """Title, lead and body of a text in Markdown: the first line, the first paragraph, the rest.
    A lead is plain text; a first paragraph with a link in it belongs to the body."""
    heading, first, rest = file.read_text(encoding="utf-8").split("\n\n", 2)
    lead, body = ("", f"{first}\n\n{rest}") if "](" in first else (first, rest)
    html = MarkdownIt("commonmark", {"html": False}).render(body)
    return {"title": heading.removeprefix("# "), "lead": lead, "body": rich_text.clean(html)}
