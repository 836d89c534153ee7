"""The membership card: what it says, as a page and as a PDF to print or keep in the phone."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.utils import formats, translation
from django.utils.translation import gettext as _

from billing.documents import squares
from billing.documents.rendering import compile_layout
from members import links
from members.models import User
from members.standing import Standing

_LAYOUT = Path(__file__).parent / "layout" / "card.typ"
SENDER = "Forum för Dataskydd"


@dataclass(frozen=True)
class Card:
    """`check_url` leads to a page of ours that says yes or no to whoever scans the code."""

    person: User
    kind: str
    until: str
    check_url: str

    @property
    def code(self) -> str:
        """As the source of a picture on a page."""
        return squares.data_uri(squares.svg(self.check_url, border=2, scale=5))


def card_of(person: User, standing: Standing) -> Card | None:
    """None for those who have nothing to show at a door."""
    if standing.membership is None or not standing.in_good_standing:
        return None
    return Card(
        person=person,
        kind=str(standing.membership.kind.name),
        until=formats.date_format(standing.until or standing.membership.last_day_on),
        check_url=links.CARD.url(person.public_id),
    )


def card_pdf(person: User, standing: Standing, *, language: str, today: date) -> bytes | None:
    with translation.override(language):
        card = card_of(person, standing)
        if card is None:
            return None
        sheet = {
            "language": language,
            "title": _("Membership card"),
            "sender": SENDER,
            "name": person.name,
            "facts": [(_("Membership"), card.kind), (_("Until and including"), card.until)],
            "qr": squares.svg(card.check_url),
            "alt": _("Code that shows whether you are a member today"),
            "note": _("The code shows whether this card is valid on the day it is scanned."),
        }
    return compile_layout(_LAYOUT, sheet, on=today)


def initials(name: str) -> str:
    """What a door needs to tell that the card and the person belong together, and no more."""
    words = [word for word in name.split() if word[0].isalpha()]
    return " ".join(f"{word[0].upper()}." for word in [*words[:1], *words[1:][-1:]])
