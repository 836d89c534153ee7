"""An event as a reader of one language meets it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from events.models import Booking, Event

LANGUAGES = ("sv", "en")
NBSP = "\u00a0"
_ONLY_IN: dict[str, Promise] = {
    "sv": _("This event is described in Swedish only."),
    "en": _("This event is described in English only."),
}
_PARTLY_IN: dict[str, Promise] = {
    "sv": _("Parts of the description are in Swedish only."),
    "en": _("Parts of the description are in English only."),
}


@dataclass(frozen=True)
class Text:
    """Words, and the language they are in where it is not the language of the page."""

    words: str
    lang: str = ""

    def __str__(self) -> str:
        return self.words

    def __bool__(self) -> bool:
        return bool(self.words)


@dataclass(frozen=True)
class Edition:
    """`language` is that of the reader's page. What is missing in it is shown in the other one."""

    event: Event
    language: str

    def _text(self, name: str) -> Text:
        wanted = getattr(self.event, f"{name}_{self.language}")
        if wanted:
            return Text(wanted)
        other = "en" if self.language == "sv" else "sv"
        words = getattr(self.event, f"{name}_{other}")
        return Text(words, other if words else "")

    @property
    def title(self) -> Text:
        return self._text("title")

    @property
    def summary(self) -> Text:
        return self._text("summary")

    @property
    def description(self) -> Text:
        return self._text("description")

    @property
    def picture_alt(self) -> Text:
        return self._text("picture_alt")

    @property
    def picture_url(self) -> str:
        """With the host; empty without a picture."""
        picture = self.event.picture
        return f"{settings.SITE_URL}{picture.url}" if picture else ""

    @property
    def language_notice(self) -> Promise | str:
        """Said above the text where something of it is in the other language."""
        if self.title.lang:
            return _ONLY_IN[self.title.lang]
        missing = self.summary.lang or self.description.lang
        return _PARTLY_IN[missing] if missing else ""

    @property
    def when(self) -> str:
        """`tisdag 31 mars 2026, 13:30–16:00`, or both days where there are two."""
        starts, ends = local(self.event.starts_at), local(self.event.ends_at)
        with translation.override(self.language):
            if starts.date() == ends.date():
                return f"{day(starts)}, {clock(starts)}–{clock(ends)}"
            return f"{day(starts)} {clock(starts)} – {day(ends)} {clock(ends)}"

    @property
    def where(self) -> str:
        """The place, `online`, or both."""
        with translation.override(self.language):
            online = Booking.Mode.ONLINE.label if Booking.Mode.ONLINE in self.event.modes else ""
            on_site = self.event.place if Booking.Mode.ON_SITE in self.event.modes else ""
            joined = f" {_('and')} ".join(str(part) for part in (on_site, online) if part)
        return joined[:1].upper() + joined[1:]

    @property
    def url(self) -> str:
        with translation.override(self.language):
            return reverse("events:event", args=[self.event.slug])

    @property
    def full_url(self) -> str:
        return f"{settings.SITE_URL}{self.url}"


def edition(event: Event, language: str = "") -> Edition:
    """In the language of the page unless told otherwise."""
    return Edition(event, language or page_language())


def page_language() -> str:
    language = (get_language() or settings.LANGUAGE_CODE)[:2]
    return language if language in LANGUAGES else settings.LANGUAGE_CODE


def local(moment: dt.datetime) -> dt.datetime:
    return timezone.localtime(moment)


def day(moment: dt.datetime) -> str:
    return formats.date_format(moment, "l j F Y")


def clock(moment: dt.datetime) -> str:
    return formats.date_format(moment, "H:i")


def missing_language(event: Any) -> list[str]:
    """The languages in which something of the event is still to be written, for the editor."""
    names = ("title", "summary", "description", "picture_alt")
    written = [name for name in names if any(getattr(event, f"{name}_{x}") for x in LANGUAGES)]
    return [
        language
        for language in LANGUAGES
        if any(not getattr(event, f"{name}_{language}") for name in written)
    ]
