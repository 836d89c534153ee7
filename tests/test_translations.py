"""Every text of the site is Swedish when it should be, and the catalogue holds nothing else.

`make messages` brings the catalogue up to date; then the new texts want their Swedish.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo
from django.apps import apps
from django.conf import settings
from django.db.models import Field, Model
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, override, pgettext

from config.management.commands import update_translations as translations

pytestmark = pytest.mark.slow

ROOT = settings.BASE_DIR
PO = ROOT / "locale" / "sv" / "LC_MESSAGES" / "django.po"
ROOMS = {"config", "events", "members", "billing", "news", "mail", "privacy"}

Key = tuple[str | None, tuple[str, ...]]


@pytest.fixture(scope="module")
def code() -> Catalog:
    return translations.extracted(ROOT)


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    return translations.read(PO)


def forms(text: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    """Singular and plural, or the one form there is."""
    return (text or "",) if isinstance(text, str | None) else tuple(text)


def key(message: Message) -> Key:
    return message.context, forms(message.id)


def texts(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


# --- Complete, and nothing more ---------------------------------------------------------------


def test_every_text_of_the_code_is_in_the_catalogue(code: Catalog, catalogue: Catalog) -> None:
    assert {key(message) for message in texts(code)} - set(map(key, texts(catalogue))) == set()


def test_nothing_is_in_the_catalogue_that_the_code_does_not_say(
    code: Catalog, catalogue: Catalog
) -> None:
    ours = [message for message in texts(catalogue) if not translations.is_said_by_library(message)]

    assert {key(message) for message in ours} - {key(message) for message in texts(code)} == set()
    assert dict(catalogue.obsolete) == {}


def test_every_text_has_its_swedish(catalogue: Catalog) -> None:
    assert [key(m) for m in texts(catalogue) if not translations.is_translated(m)] == []


def test_no_translation_is_a_guess(catalogue: Catalog) -> None:
    assert [key(message) for message in texts(catalogue) if message.fuzzy] == []


def test_what_libraries_say_is_still_said_and_said_worse(catalogue: Catalog) -> None:
    """It goes when a library no longer says it, or says it in the same words by now."""
    borrowed = [message for message in texts(catalogue) if translations.is_said_by_library(message)]
    known, swedish = library_texts()

    assert borrowed != []
    assert [key(m) for m in borrowed if key(m) not in known] == []
    assert [key(m) for m in borrowed if swedish.get(key(m)) == forms(m.string)] == []


def library_texts() -> tuple[set[Key], dict[Key, tuple[str, ...]]]:
    """All that the installed packages can say, and what they say in Swedish. Each is translated
    into at least one of these languages.
    """
    known: set[Key] = set()
    swedish: dict[Key, tuple[str, ...]] = {}
    for config in apps.get_app_configs():
        for language in ("sv", "de", "fr"):
            mo = Path(config.path) / "locale" / language / "LC_MESSAGES" / "django.mo"
            if mo.exists():
                with mo.open("rb") as file:
                    said = {key(message): forms(message.string) for message in texts(read_mo(file))}
                known |= said.keys()
                swedish |= said if language == "sv" else {}
    return known, swedish


def test_the_same_code_gives_the_same_bytes() -> None:
    first, again = (
        translations.written(translations.merged(translations.extracted(ROOT), old))
        for old in (translations.read(PO), translations.read(PO))
    )
    assert first == again


def test_the_catalogue_names_no_person_no_day_and_no_machine() -> None:
    head, _blank, rest = PO.read_text().partition("\n\n")
    assert f"{head}\n\n" == translations.HEADER
    assert str(ROOT) not in rest


# --- The Swedish fits the English -------------------------------------------------------------

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|%%|\{\w*\}")
TAG = re.compile(r"</?[a-z][^>]*>")


def pairs(catalogue: Catalog) -> Iterator[tuple[str, str]]:
    """Each Swedish form with the English one it stands for."""
    for message in filter(translations.is_translated, texts(catalogue)):
        yield from zip(forms(message.id), forms(message.string), strict=True)


@pytest.mark.parametrize("pattern", [PLACEHOLDER, TAG], ids=["placeholders", "tags"])
def test_the_swedish_has_the_same_parts(catalogue: Catalog, pattern: re.Pattern[str]) -> None:
    assert [
        (english, swedish)
        for english, swedish in pairs(catalogue)
        if sorted(pattern.findall(english)) != sorted(pattern.findall(swedish))
    ] == []


def test_the_swedish_begins_and_ends_like_the_english(catalogue: Catalog) -> None:
    """A full stop, a colon or a blank at either end is part of the text."""
    assert [
        (english, swedish)
        for english, swedish in pairs(catalogue)
        if len(english.split()) > 2 and edges(english) != edges(swedish)
    ] == []


def edges(text: str) -> tuple[bool, bool, str]:
    """Leaves out what the languages do differently: greetings, quotes and dots."""
    last = text.rstrip()[-1]
    return text[0].isspace(), text[-1].isspace(), last if last in ".:?" else ""


def test_addresses_are_plain_ascii(catalogue: Catalog) -> None:
    address = re.compile(r"[a-z0-9./<>:_-]+")
    paths = [(m, s) for m, s in pairs(catalogue) if re.fullmatch(r"[a-z<][^\s%]*(/|\.ics)", m)]

    assert len(paths) > 10
    assert [path for path in paths if not address.fullmatch(path[1])] == []


def test_we_write_the_words_that_swedes_write(catalogue: Catalog) -> None:
    """E-post and mejl, not "mail"; du, not ni; one spelling of each term."""
    avoided = re.compile(
        r"\b(mail\w*|epost\w*|email\w*|ni|login|cookie\w*|sajt\w*|kansell\w*)\b|\"", re.I
    )
    assert [
        swedish for _english, swedish in pairs(catalogue) if avoided.search(without(swedish))
    ] == []


def without(text: str) -> str:
    """The text without its placeholders and tags."""
    return TAG.sub(" ", PLACEHOLDER.sub(" ", text))


# --- Nothing goes past the catalogue ----------------------------------------------------------


def test_a_multi_line_text_of_a_page_is_trimmed() -> None:
    """Its indentation would be part of the text. In plain text the line breaks are wanted."""
    block = re.compile(r"{%\s*blocktrans(?:late)?\b([^%]*)%}(.*?){%\s*endblocktrans", re.S)
    assert [
        (path.relative_to(ROOT).as_posix(), text.strip())
        for path in translations.sources(ROOT)
        if path.suffix == ".html"
        for options, text in block.findall(path.read_text())
        if "\n" in text and "trimmed" not in options
    ] == []


def our_models() -> list[type[Model]]:
    """Tables of history repeat the names of what they are the history of."""
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label in ROOMS and not hasattr(model, "history_object")
    ]


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_a_model_and_its_columns_have_names_that_can_be_translated(model: type[Model]) -> None:
    given = model._meta.original_attrs
    names = {name: given.get(name) for name in ("verbose_name", "verbose_name_plural")}
    names |= {
        field.name: field.verbose_name
        for field in model._meta.get_fields()
        if isinstance(field, Field) and not hidden(field)
    }
    assert [name for name, text in names.items() if not isinstance(text, Promise)] == []


def hidden(field: Field) -> bool:
    """Made by Django, or never shown in a form."""
    return bool(field.auto_created or not field.editable or field.primary_key)


# --- It works ---------------------------------------------------------------------------------


def test_what_is_compiled_is_what_people_read() -> None:
    with override("sv"):
        assert gettext("Become a member") == "Bli medlem"
        assert ngettext("%d year", "%d years", 1) % 1 == "1 år"
        assert pgettext("document", "credit note") == "kreditfaktura"
    with override("en"):
        assert gettext("Become a member") == "Become a member"


def test_texts_are_found_in_code_and_templates(tmp_path: Path) -> None:
    write(
        tmp_path / "room" / "views.py",
        'x = ngettext("%d seat", "%d seats", n)\n'
        'translation.pgettext("a", "b" "c")\n'
        "f'{_(\"inside\")}'\n"
        "_(not_a_text)\n",
    )
    write(
        tmp_path / "templates" / "room" / "page.html",
        '  <p>{% translate "One" %}</p>\n'
        ' {% include "x" with title=_("Two") %}\n'
        "{% blocktranslate trimmed count n=n %}\n  {{ n }} piece\n{% plural %}\n  {{ n }} pieces\n"
        "{% endblocktranslate %}",
    )
    write(tmp_path / "tests" / "test_x.py", '_("Not this")')

    found = {key(message) for message in texts(translations.extracted(tmp_path))}

    assert found == {
        (None, ("%d seat", "%d seats")),
        ("a", ("bc",)),
        (None, ("inside",)),
        (None, ("One",)),
        (None, ("Two",)),
        (None, ("%(n)s piece", "%(n)s pieces")),
    }


def test_bringing_up_to_date_keeps_what_is_still_said() -> None:
    old = Catalog(locale="sv")
    old.add("kept", "behållen")
    old.add("gone", "borta")
    old.add("Email", "E-post", user_comments=[f"{translations.SAID_BY} allauth."])
    fresh = Catalog(locale="sv")
    fresh.add("kept")
    fresh.add("new")

    merged = translations.merged(fresh, old)

    assert {message.id: message.string for message in texts(merged)} == {
        "kept": "behållen",
        "new": None,
        "Email": "E-post",
    }


def test_a_text_of_a_library_that_we_say_too_becomes_our_own() -> None:
    old = Catalog(locale="sv")
    old.add("Email", "E-post", user_comments=[f"{translations.SAID_BY} allauth."])
    fresh = Catalog(locale="sv")
    fresh.add("Email")

    (message,) = texts(translations.merged(fresh, old))

    assert (message.string, message.user_comments) == ("E-post", [])


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
