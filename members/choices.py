"""What a person can say yes or no to, and what they have said."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from members import links
from members.models import Consent, ConsentText, User


@dataclass(frozen=True)
class Choice:
    """`text` is what a yes would be given to today; `given` the yes that holds."""

    purpose: str
    text: ConsentText | None
    given: Consent | None

    @property
    def label(self) -> str:
        return str(ConsentText.Purpose(self.purpose).label)

    @property
    def shown(self) -> ConsentText | None:
        """What was said yes to, or what is asked."""
        return self.given.text if self.given else self.text

    @property
    def since(self) -> datetime | None:
        return self.given.at if self.given else None


def of_person(user: User) -> list[Choice]:
    """Everything that is asked today, and everything that was said yes to earlier."""
    asked = {
        text.purpose: text
        for text in ConsentText.objects.offered().filter(language=get_language() or "sv")
    }
    live = Consent.objects.live().filter(user=user).select_related("text")
    given = {consent.text.purpose: consent for consent in live}
    return [
        Choice(purpose, asked.get(purpose), given.get(purpose))
        for purpose in ConsentText.Purpose.values
        if purpose in asked or purpose in given
    ]


def unsubscribe_url(user: User, purpose: str) -> str:
    """For the footer and header of a mail that rests on a consent."""
    return links.UNSUBSCRIBE.url(f"{user.public_id}:{purpose}")
