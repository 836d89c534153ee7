"""What the newsletter needs of rooms it does not know: members who said yes, and coming events."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet

from events.editions import edition
from events.models import Event
from members.models import Consent, ConsentText, User
from members.operations import withdraw_consent
from news import audiences
from news.audiences import Happening, Programme, Reader
from privacy.models import Protection


class Members:
    """Everybody with an account whose last word on news by mail was a yes."""

    def readers(self) -> Iterator[Reader]:
        return (_reader(consent.user) for consent in self._live().order_by("user_id").iterator())

    def find(self, number: str) -> Reader | None:
        found = self._live().filter(user__public_id=number).first()
        return _reader(found.user) if found else None

    def stop(self, email: str, now: datetime) -> None:
        for person in User.objects.filter(email__iexact=email):
            withdraw_consent(
                user=person,
                purpose=ConsentText.Purpose.NEWS,
                channel="link in a newsletter",
                now=now,
            )

    def _live(self) -> QuerySet[Consent]:
        return (
            Consent.objects.live()
            .filter(
                text__purpose=ConsentText.Purpose.NEWS,
                user__erased_at=None,
                user__email_bounced_at=None,
            )
            .exclude(user__in=Protection.objects.restricted().accounts())
            .select_related("user")
        )


def _reader(person: User) -> Reader:
    return Reader(f"member:{person.public_id}", person.email, person.language, person.pk)


def choices(now: datetime) -> list[tuple[str, str]]:
    coming = Event.objects.published(now).coming(now).not_called_off()
    return [(event.slug, str(edition(event).title)) for event in coming]


def happenings(slugs: list[str], language: str) -> list[Happening]:
    chosen = Event.objects.filter(slug__in=slugs, cancelled_at=None).order_by("starts_at", "pk")
    texts = (edition(event, language) for event in chosen)
    return [Happening(str(text.title), text.when, text.where, text.full_url) for text in texts]


def register() -> None:
    audiences.audiences["member"] = Members()
    audiences.programme = Programme(choices, happenings)
