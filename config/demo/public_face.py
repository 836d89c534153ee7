"""What the demo adds to the pages and the newsletter: an invented board, some readers, a draft."""

import datetime as dt

from events.models import Event
from news.models import Article, Newsletter, Page, Subscriber

BOARD = {
    "sv": (
        ("Ordförande", "Margareta Lindqvist"),
        ("Vice ordförande", "Jonas Ekdahl"),
        ("Kassör", "Samira Haddad"),
        ("Ledamot", "Per-Olof Näslund"),
        ("Ledamot", "Elin Björk"),
    ),
    "en": (
        ("Chair", "Margareta Lindqvist"),
        ("Deputy chair", "Jonas Ekdahl"),
        ("Treasurer", "Samira Haddad"),
        ("Member", "Per-Olof Näslund"),
        ("Member", "Elin Björk"),
    ),
}
LAST = {
    "sv": "<p>Namnen läggs ut här efter varje årsmöte.</p>",
    "en": "<p>The names are published here after each annual meeting.</p>",
}
READERS = ("nyfiken", "jurist", "forskare", "journalist")
CONSENT = "Ja, mejla mig Forum för Dataskydds nyhetsbrev."


def write_public_face(*, now: dt.datetime) -> None:
    _name_board()
    _readers(now)
    _draft(now)
    _relate(now)


def _name_board() -> None:
    page = Page.objects.get(code="board")
    for language, posts in BOARD.items():
        rows = "".join(f"<li><strong>{post}:</strong> {name}</li>" for post, name in posts)
        body = getattr(page, f"body_{language}").replace(LAST[language], f"<ul>{rows}</ul>")
        setattr(page, f"body_{language}", body)
    page.save()


def _readers(now: dt.datetime) -> None:
    """One of them has not confirmed yet, and one has ended it."""
    for number, name in enumerate(READERS):
        asked = now - dt.timedelta(days=3 + 40 * number)
        confirmed = asked + dt.timedelta(hours=2) if number else None
        Subscriber.objects.create(
            email=f"{name}@example.org",
            language="sv" if number % 3 else "en",
            consent=CONSENT,
            asked_at=asked,
            confirmed_at=confirmed,
            ended_at=now - dt.timedelta(days=9) if name == READERS[-1] else None,
        )


def _draft(now: dt.datetime) -> None:
    """For the editor to look at, test and send."""
    coming = Event.objects.published(now).coming(now).not_called_off()
    newsletter = Newsletter.objects.create(
        subject_sv="Seminarier framöver och nytt om tillsyn",
        subject_en="Coming seminars and news on supervision",
        intro_sv="<p>Hej! Här är det viktigaste sedan sist, och vad som är på gång.</p>",
        intro_en="<p>Hello! Here is what matters since last time, and what is on.</p>",
        event_keys=[event.slug for event in coming[:3]],
    )
    newest = Article.objects.published(now).newest_first()
    newsletter.articles.set(newest[:3])


def _relate(now: dt.datetime) -> None:
    """The call for the conference points at it."""
    conference = Event.objects.published(now).coming(now).filter(kind=Event.Kind.CONFERENCE).first()
    if conference:
        Article.objects.filter(slug_en__startswith="what-would-you").update(
            event_keys=[conference.slug]
        )
