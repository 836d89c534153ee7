"""The hours of a conference and who speaks, as the event's page shows them."""

from dataclasses import dataclass

from django.utils import timezone

from events.editions import clock, day, page_language
from events.models import Event, Session, Speaker


@dataclass(frozen=True)
class Item:
    time: str
    title: str
    room: str
    speakers: str


@dataclass(frozen=True)
class Voice:
    name: str
    role: str


def sessions(event: Event) -> list[tuple[str, list[Item]]]:
    """By day. Two queries, asked when the template remembers no answer."""
    days: dict[str, list[Item]] = {}
    for session in event.sessions.prefetch_related("speakers"):
        starts = timezone.localtime(session.starts_at)
        days.setdefault(day(starts), []).append(_item(session))
    return list(days.items())


def _item(session: Session) -> Item:
    starts, ends = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    title = getattr(session, f"title_{page_language()}") or session.title_sv
    return Item(
        time=f"{clock(starts)}–{clock(ends)}",
        title=title,
        room=session.room,
        speakers=", ".join(speaker.name for speaker in session.speakers.all()),
    )


def speakers(event: Event) -> list[Voice]:
    return [_voice(speaker) for speaker in event.speakers.all()]


def _voice(speaker: Speaker) -> Voice:
    role = getattr(speaker, f"role_{page_language()}") or speaker.role_sv
    return Voice(speaker.name, role)
