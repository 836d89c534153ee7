"""An article or a page as a reader of one language meets it."""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from news import rich_text

if TYPE_CHECKING:
    from news.models import Article, Page

LANGUAGES = ("sv", "en")
START = "start"
"""The code of the page whose texts the start page shows. Its address is that of the site."""
_ONLY_IN: dict[str, Promise] = {
    "sv": _("This article is in Swedish only."),
    "en": _("This article is in English only."),
}
_PAGE_ONLY_IN: dict[str, Promise] = {
    "sv": _("This page is in Swedish only."),
    "en": _("This page is in English only."),
}
_WORDS_OF_A_SUMMARY = 40


@dataclass(frozen=True)
class Reference:
    """An entry of the closing list. `lang` is set where its label is in another language."""

    label: str
    url: str
    lang: str


class TextEdition:
    """`language` is what the text is in, `wanted` what the reader asked for and the page is in."""

    language: str
    wanted: str

    @property
    def row(self) -> Any:
        """Where the texts stand."""
        raise NotImplementedError

    def _text(self, name: str) -> str:
        return getattr(self.row, f"{name}_{self.language}")

    @property
    def title(self) -> str:
        return self._text("title")

    @property
    def slug(self) -> str:
        return self._text("slug")

    @property
    def lead(self) -> str:
        return self._text("lead")

    @property
    def body(self) -> SafeString:
        """Cleaned once more, whatever road the text came by."""
        return rich_text.safe(self._text("body"))

    @property
    def summary(self) -> str:
        """The lead; without one, the first words of the text."""
        return self.lead or Truncator(rich_text.as_text(self.body)).words(_WORDS_OF_A_SUMMARY)

    @property
    def lang(self) -> str:
        """For a `lang` attribute: empty where the text is in the language of the page."""
        return self._lang(self.language)

    def _lang(self, language: str) -> str:
        return "" if language == self.wanted else language

    @property
    def url(self) -> str:
        """Where this reader reads it: on a page in the wanted language."""
        return self._url(self.wanted)

    @property
    def canonical_url(self) -> str:
        """With the host: the one address of this text, on a page in its own language."""
        return f"{settings.SITE_URL}{self._url(self.language)}"

    def _url(self, language: str) -> str:
        raise NotImplementedError


@dataclass(frozen=True)
class Edition(TextEdition):
    """Of an article."""

    article: "Article"
    language: str
    wanted: str

    @property
    def row(self) -> "Article":
        return self.article

    @property
    def picture_alt(self) -> str:
        return self._text("picture_alt")

    @property
    def published_at(self) -> dt.datetime | None:
        return self.article.published_at

    def references(self) -> list[Reference]:
        """One query."""
        return [
            Reference(source.label_in(language), source.url, self._lang(language))
            for source in self.article.sources.all()
            for language in [source.language_for(self.language)]
        ]

    @property
    def language_notice(self) -> Promise | str:
        return _ONLY_IN[self.language] if self.lang else ""

    def _url(self, language: str) -> str:
        with translation.override(language):
            return reverse("news:article", args=[self.article.year, self.slug])


@dataclass(frozen=True)
class PageEdition(TextEdition):
    """Of a page."""

    page: "Page"
    language: str
    wanted: str

    @property
    def row(self) -> "Page":
        return self.page

    @property
    def language_notice(self) -> Promise | str:
        return _PAGE_ONLY_IN[self.language] if self.lang else ""

    def _url(self, language: str) -> str:
        with translation.override(language):
            return (
                reverse("start") if self.page.code == START else reverse("page", args=[self.slug])
            )
