import ast
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
# Which argument is what: the context, then the text or its singular and plural.
FUNCTIONS: dict[str, tuple[int | None, tuple[int, ...]]] = {
    "_": (None, (0,)),
    "gettext": (None, (0,)),
    "gettext_lazy": (None, (0,)),
    "gettext_noop": (None, (0,)),
    "ngettext": (None, (0, 1)),
    "ngettext_lazy": (None, (0, 1)),
    "pgettext": (0, (1,)),
    "pgettext_lazy": (0, (1,)),
    "npgettext": (0, (1, 2)),
    "npgettext_lazy": (0, (1, 2)),
}
# The remark of a message that a library says, with no Swedish of its own or none that we would
# write. It is added to the catalogue by hand and stays there.
SAID_BY = "Said by"
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

Text = str | tuple[str, ...]
Found = tuple[Text, str | None]


class Command(BaseCommand):
    """Django's own makemessages needs xgettext, misses what stands in an f-string, and leaves
    dates and line numbers in the file.

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
        self.stdout.write(f"{len(catalog)} texts, {untranslated} of them without Swedish.")


def read(po: Path) -> Catalog:
    if not po.exists():
        return Catalog(locale="sv")
    with po.open("rb") as file:
        return read_po(file, locale="sv", abort_invalid=True)


# --- What the code says -----------------------------------------------------------------------


def extracted(root: Path) -> Catalog:
    """Every text in the code and the templates below `root`, file by file."""
    catalog = Catalog(locale="sv")
    for path in sources(root):
        name = path.relative_to(root).as_posix()
        for text, context in messages_in(path):
            catalog.add(text, locations=[(name, 0)], context=context)
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


def messages_in(path: Path) -> Iterator[Found]:
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return messages_in_python(source, name=str(path))
    return messages_in_template(source, name=str(path))


def messages_in_python(source: str, *, name: str) -> Iterator[Found]:
    calls = [node for node in ast.walk(ast.parse(source, name)) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        function = ast.unparse(call.func).rpartition(".")[2]
        if function in FUNCTIONS:
            given: list[Any] = [
                arg.value if isinstance(arg, ast.Constant) else None for arg in call.args
            ]
            context_at, text_at = FUNCTIONS[function]
            texts = [given[at] for at in text_at]
            if all(isinstance(text, str) for text in texts):
                context = None if context_at is None else given[context_at]
                yield (texts[0] if len(texts) == 1 else tuple(texts)), context


def messages_in_template(source: str, *, name: str) -> Iterator[Found]:
    """Django turns a template into calls of gettext between meaningless names. Parentheses make
    its indentation meaningless too.
    """
    lines = templatize(source, origin=name).splitlines()
    calls = "(" + "\n".join(line.lstrip() for line in lines) + "\n)\n"
    keywords = {
        function: tuple(
            ([(context + 1, "c")] if context is not None else []) + [at + 1 for at in texts]
        )
        for function, (context, texts) in FUNCTIONS.items()
    }
    for _line, text, _comments, context in extract("python", BytesIO(calls.encode()), keywords):
        yield text, context


# --- The catalogue ----------------------------------------------------------------------------


def merged(fresh: Catalog, old: Catalog) -> Catalog:
    """The fresh messages with the old translations, and the words put into libraries' mouths."""
    for message in fresh:
        known = old.get(message.id, message.context)
        if message.id and known is not None and known.id == message.id:
            message.string = known.string
            message.flags |= known.flags & {"fuzzy"}
            message.user_comments = [] if is_said_by_library(known) else known.user_comments
    for message in old:
        if is_said_by_library(message) and fresh.get(message.id, message.context) is None:
            fresh[message.id] = message
    return fresh


def is_said_by_library(message: Message) -> bool:
    return any(comment.startswith(SAID_BY) for comment in message.user_comments)


def is_translated(message: Message) -> bool:
    strings = message.string if isinstance(message.string, list | tuple) else [message.string]
    return all(strings)


def written(catalog: Catalog) -> bytes:
    file = BytesIO()
    file.write(HEADER.encode())
    write_po(file, catalog, width=0, omit_header=True, ignore_obsolete=True, include_lineno=False)
    return file.getvalue()
