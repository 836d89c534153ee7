"""From the bytes of a file to numbered lines."""

import codecs
import re
import unicodedata
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff]")
_GAP = re.compile(r"(?<=\S)[ \t\u00a0]{2,}(?=\S)")
# As word processors leave it: beside figures and abbreviations a no-break space has its reason.
_BETWEEN_WORDS = re.compile(r"(?<=[^\W\d_]{4})\u00a0(?=[^\W\d_]{4})")
_LINE_END = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_HTML = re.compile(r"\s*(<!doctype html|<html|<head|<body)", re.IGNORECASE)


class NotAnArticle(Exception):
    """The file cannot be read as an article; the message says why."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Line:
    """One line of the file; `number` counts from 1."""

    number: int
    text: str

    @property
    def bare(self) -> str:
        return self.text.strip()


def read_lines(content: bytes) -> list[Line]:
    text = _decode(content)
    if not text.strip():
        raise NotAnArticle(_("The file is empty."))
    if _HTML.match(text):
        raise NotAnArticle(_("This is a web page in HTML. Save it as plain text first."))
    return [Line(number, _tidy(line)) for number, line in enumerate(_LINE_END.split(text), start=1)]


def _decode(content: bytes) -> str:
    try:
        text = content.decode(_encoding(content))
    except UnicodeDecodeError as error:
        raise NotAnArticle(
            _("The characters of the file cannot be read. Save it with the encoding UTF-8.")
        ) from error
    if _CONTROL.search(text):
        raise NotAnArticle(_("The file is not text. Save it as plain text or Markdown first."))
    return unicodedata.normalize("NFC", text)


def _encoding(content: bytes) -> str:
    if content.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _tidy(line: str) -> str:
    """Space that only lays out the page goes; a no-break space in "2,5 miljoner" stays."""
    return _BETWEEN_WORDS.sub(" ", _GAP.sub(" ", _INVISIBLE.sub("", line)))
