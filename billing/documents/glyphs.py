"""Names come in every script; our fonts do not, and PDF/A forbids a glyph that is missing.

Source Sans draws Latin, Greek and Cyrillic; the faces built into typst add some more scripts.
"""

import re
import unicodedata

# Every assigned character here is drawn by one of the fonts; a test tries them all.
_SPANS = (
    (0x0020, 0x04FF),  # Latin, Greek, Cyrillic, combining marks
    (0x0531, 0x0556),  # Armenian
    (0x0561, 0x0587),
    (0x05D0, 0x05EA),  # Hebrew
    (0x0621, 0x063A),  # Arabic
    (0x0640, 0x0652),
    (0x0660, 0x0669),
    (0x067E, 0x067E),  # Persian
    (0x0686, 0x0686),
    (0x0698, 0x0698),
    (0x06A9, 0x06A9),
    (0x06AF, 0x06AF),
    (0x06CC, 0x06CC),
    (0x06F0, 0x06F9),
    (0x0900, 0x097F),  # Devanagari
    (0x10D0, 0x10FF),  # Georgian
    (0x1E00, 0x1FFE),  # Vietnamese, polytonic Greek
    (0x2010, 0x2027),  # punctuation
    (0x2030, 0x2040),
    (0x20A0, 0x20C0),  # currencies
    (0x2190, 0x23FF),  # arrows, mathematics
    (0x2460, 0x262F),  # shapes
)
_MISSING = "\u25a1"
_LAST_OF_LATIN_1 = "\u00ff"


def printable(text: str) -> str:
    """The text with what cannot be drawn replaced: letters by a box, symbols by nothing."""
    if text.isprintable() and max(text, default="") <= _LAST_OF_LATIN_1:
        return text  # nearly every text
    composed = unicodedata.normalize("NFC", text)
    drawn = _drawn(composed)
    return composed if drawn == composed else re.sub(" +", " ", drawn).strip()


def _drawn(text: str) -> str:
    return "".join(c if _is_drawn(c) else _substitute(c) for c in text)


def _is_drawn(character: str) -> bool:
    point = ord(character)
    if unicodedata.category(character).startswith("C"):
        return False
    return any(first <= point <= last for first, last in _SPANS)


def _substitute(character: str) -> str:
    plain = unicodedata.normalize("NFKC", character)
    if plain != character:
        return _drawn(plain)
    category = unicodedata.category(character)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    return _MISSING if category[0] in "LN" else ""
