from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation.template import templatize

NOT_OURS = frozenset({"docs", "locale", "static", "tests", "var"})
TEMPLATE_SUFFIXES = frozenset({".html", ".md", ".txt"})
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# A message with this remark is not in our code: it replaces a library's own translation.
OVERRIDES = "Replaces the translation of"
# No dates, no names: the same code gives the same bytes.
HEADER = """\
msgid ""
msgstr ""
"Language: sv\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""


class Command(BaseCommand):
    """Django's own makemessages needs xgettext, and leaves dates and line numbers in the file.

    English needs no catalogue: the messages in the code are the English texts.
    """

    help = "Bring the texts of the code into locale/sv: new ones untranslated, unused ones gone."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        po = settings.BASE_DIR / "locale" / "sv" / "LC_MESSAGES" / "django.po"
        catalog = merged(extracted(settings.BASE_DIR), read(po))
        po.parent.mkdir(parents=True, exist_ok=True)
        po.write_bytes(written(catalog))
        untranslated = sum(not is_translated(message) for message in catalog if message.id)
        self.stdout.write(f"{len(catalog)} texts, {untranslated} without Swedish: {po.name}")


def read(po: Path) -> Catalog:
    if not po.exists():
        return Catalog(locale="sv")
    with po.open("rb") as file:
        return read_po(file, locale="sv", abort_invalid=True)


def extracted(root: Path) -> Catalog:
    """Every text in the code and the templates below `root`, file by file."""
    catalog = Catalog(locale="sv")
    for path in sources(root):
        name = path.relative_to(root).as_posix()
        try:
            for line, text, comments, context in messages_in(path):
                catalog.add(text, locations=[(name, line)], auto_comments=comments, context=context)
        except SyntaxError as error:
            error.add_note(f"in {name}")
            raise
    return catalog


def sources(root: Path) -> list[Path]:
    folders = [
        folder
        for folder in sorted(root.iterdir())
        if folder.is_dir() and folder.name not in NOT_OURS and not folder.name.startswith(".")
    ]
    return [
        path
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.suffix == ".py" or (path.suffix in TEMPLATE_SUFFIXES and "templates" in path.parts)
    ]


def messages_in(path: Path) -> Iterator[tuple[int, Any, list[str], str | None]]:
    source = path.read_text(encoding="utf-8")
    if path.suffix in TEMPLATE_SUFFIXES:
        source = template_as_python(source, origin=path.name)
    return extract("python", BytesIO(source.encode()), KEYWORDS, ["Translators:"])


def template_as_python(source: str, *, origin: str) -> str:
    """Calls of gettext between meaningless names. Parentheses make indentation meaningless too."""
    lines = templatize(source, origin=origin).splitlines()
    return "(" + "\n".join(line.lstrip() for line in lines) + "\n)\n"


def merged(fresh: Catalog, old: Catalog) -> Catalog:
    """The fresh messages with the old translations, and the old overrides."""
    for message in fresh:
        known = old.get(message.id, message.context)
        if message.id and known is not None and known.id == message.id:
            message.string = known.string
            message.flags |= known.flags & {"fuzzy"}
            message.user_comments = [] if is_override(known) else known.user_comments
    for message in old:
        if is_override(message) and fresh.get(message.id, message.context) is None:
            fresh[message.id] = message
    return fresh


def is_override(message: Message) -> bool:
    return any(comment.startswith(OVERRIDES) for comment in message.user_comments)


def is_translated(message: Message) -> bool:
    strings = message.string if isinstance(message.string, (list, tuple)) else [message.string]
    return all(strings)


def written(catalog: Catalog) -> bytes:
    file = BytesIO()
    file.write(HEADER.encode())
    write_po(file, catalog, width=0, omit_header=True, ignore_obsolete=True, include_lineno=False)
    return file.getvalue()
