"""What nobody here should have as a password, beside what Django refuses everywhere."""

import re
import unicodedata
from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# What whoever guesses tries first at an association like this one.
CONTEXT_WORDS = (
    *("föreningen", "förening", "forum", "dpforum", "dataskydd", "dataskyddsombud", "privacy"),
    *("nordic", "arena", "integritet", "personuppgift", "gdpr", "medlemskap", "medlem", "member"),
    *("styrelsen", "styrelse", "seminarium", "conference", "konferens", "lösenord", "password"),
    *("välkommen", "welcome", "hemligt", "admin", "kassör", "stockholm", "sverige", "sweden"),
)
# A shorter part of a name is found in too much by chance.
SHORTEST_WORD = 4
# What is left when everything that can be guessed is taken out must cost 10^8 guesses (ASVS 6.2).
LEAST_SCORE = 3
# What is longer is strong enough; the library takes no more.
LONGEST = 72


class GuessableValidator:
    """Words of the association and of the person may be part of a password but not carry it."""

    def validate(self, password: str, user: object | None = None) -> None:
        if _score(_without(password, [*_words_of_ours(), *_own_words(user)])) < LEAST_SCORE:
            raise ValidationError(
                _(
                    "This is easy to guess, at least for whoever knows you or the association. "
                    "Take a few words that have to do with neither."
                ),
                code="password_guessable",
            )

    def get_help_text(self) -> str:
        return _("Your password must not be made of your name or of words like “dataskydd”.")


def _score(password: str) -> int:
    """0 to 4."""
    from zxcvbn import zxcvbn  # noqa: PLC0415  its lists weigh 14 MB, and few choose a password

    return int(zxcvbn(password[:LONGEST])["score"]) if password else 0


def _without(password: str, words: Iterable[str]) -> str:
    """The longest first: "dataskyddsombud" must not leave "sombud"."""
    left = _plain(password)
    for word in sorted(set(words), key=len, reverse=True):
        left = left.replace(word, "")
    return left


def _words_of_ours() -> Iterable[str]:
    yield from map(_plain, (*CONTEXT_WORDS, *words_of(settings.SITE_NAME)))


def words_of(text: str) -> list[str]:
    return [word for word in re.split(r"[\W_]+", text) if len(word) >= SHORTEST_WORD]


def _own_words(user: object | None) -> Iterable[str]:
    """Of the person's name, e-mail address and employer."""
    for name in ("name", "email", "employer"):
        yield from map(_plain, words_of(str(getattr(user, name, "") or "")))


def _plain(text: str) -> str:
    """Without case and accents: "Förening" and "forening" are the same guess."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))
