import gettext
import os
from pathlib import Path

import pytest

from config.management.commands.compile_translations import compile_changed

CATALOGUE = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Invoice"
msgstr "Faktura"

#, fuzzy
msgid "Due date"
msgstr "Ungefär då"

#, python-format
msgid "%(count)s seat"
msgid_plural "%(count)s seats"
msgstr[0] "%(count)s plats"
msgstr[1] "%(count)s platser"

msgctxt "state of a booking"
msgid "Open"
msgstr "Öppen"
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    po = tmp_path / "locale" / "sv" / "LC_MESSAGES" / "django.po"
    po.parent.mkdir(parents=True)
    po.write_text(CATALOGUE)
    return tmp_path / "locale"


def test_what_was_compiled_is_what_django_reads(source: Path, tmp_path: Path) -> None:
    [mo] = compile_changed(source, tmp_path / "compiled")

    assert mo == tmp_path / "compiled" / "sv" / "LC_MESSAGES" / "django.mo"
    with mo.open("rb") as file:
        swedish = gettext.GNUTranslations(file)
    assert swedish.gettext("Invoice") == "Faktura"
    assert swedish.ngettext("%(count)s seat", "%(count)s seats", 2) == "%(count)s platser"
    assert swedish.pgettext("state of a booking", "Open") == "Öppen"


def test_a_fuzzy_message_stays_in_english(source: Path, tmp_path: Path) -> None:
    [mo] = compile_changed(source, tmp_path / "compiled")

    with mo.open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Due date") == "Due date"


def test_only_what_has_changed_is_compiled_again(source: Path, tmp_path: Path) -> None:
    [mo] = compile_changed(source, tmp_path / "compiled")

    assert compile_changed(source, tmp_path / "compiled") == []
    assert compile_changed(source, tmp_path / "compiled", force=True) == [mo]
    later = mo.stat().st_mtime + 10
    os.utime(source / "sv" / "LC_MESSAGES" / "django.po", (later, later))
    assert compile_changed(source, tmp_path / "compiled") == [mo]
