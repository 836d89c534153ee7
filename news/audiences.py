"""Who gets the newsletter, and which events stand in it.

Members and events live in rooms that this one does not know. Whoever knows both registers them at
start: an audience of readers, and a source of events.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.core import signing
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import translation

from news.models import Subscriber
from privacy.models import Protection
from privacy.protected import at_addresses_of

_SALT = "news.reader"


@dataclass(frozen=True)
class Reader:
    """`key` is the name of the audience and who it is there: `subscriber:17`."""

    key: str
    email: str
    language: str
    person_id: int | None = None

    @property
    def stop_url(self) -> str:
        """Ends the letters by one press, without a log-in."""
        token = signing.dumps(self.key, salt=_SALT)
        with translation.override(self.language):
            return f"{settings.SITE_URL}{reverse('news:no-newsletter', args=[token])}"


class Audience(Protocol):
    def readers(self) -> Iterable[Reader]:
        """Those with a live consent, now."""

    def find(self, number: str) -> Reader | None:
        """Whether this one still wants it."""

    def stop(self, email: str, now: dt.datetime) -> None:
        """Take back the consent of whoever has this address, if there is one."""


class Subscribers:
    """Those who asked for it on the site."""

    def readers(self) -> Iterator[Reader]:
        return map(self._reader, self._live().order_by("pk").iterator())

    def find(self, number: str) -> Reader | None:
        found = self._live().filter(pk=number).first()
        return self._reader(found) if found else None

    def stop(self, email: str, now: dt.datetime) -> None:
        Subscriber.objects.live().filter(email__iexact=email).update(ended_at=now)

    def _live(self) -> QuerySet[Subscriber]:
        """Nothing is sent to those who have had the use of their address restricted."""
        restricted = at_addresses_of(Protection.objects.restricted(), "address_in_lower_case")
        rows = Subscriber.objects.live().annotate(address_in_lower_case=Lower("email"))
        return rows.exclude(restricted)

    def _reader(self, subscriber: Subscriber) -> Reader:
        return Reader(f"subscriber:{subscriber.pk}", subscriber.email, subscriber.language)


audiences: dict[str, Audience] = {"subscriber": Subscribers()}


def all_readers() -> Iterator[Reader]:
    """Each address once, whoever has it in how many ways."""
    seen = set()
    for audience in audiences.values():
        for reader in audience.readers():
            if reader.email.casefold() not in seen:
                seen.add(reader.email.casefold())
                yield reader


def reader_of(key: str) -> Reader | None:
    name, _colon, number = key.partition(":")
    audience = audiences.get(name)
    return audience.find(number) if audience else None


def key_of(token: str) -> str:
    """Raises BadSignature for a token that is not ours."""
    key: str = signing.loads(token, salt=_SALT)
    return key


# --- Events ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Happening:
    """An event as it stands in a letter. `url` is absolute."""

    title: str
    when: str
    where: str
    url: str


@dataclass
class Programme:
    """What there is to choose from, and the chosen ones in a language."""

    choices: Callable[[dt.datetime], list[tuple[str, str]]] = lambda _now: []
    happenings: Callable[[list[str], str], list[Happening]] = lambda _keys, _language: []


programme = Programme()
