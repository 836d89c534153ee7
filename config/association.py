"""The association by its own data: the seller's row, which staff edit."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from billing import giro
from billing.models import Seller
from mail.operations import Receiver, queue
from news.models import Page
from privacy.controller import Controller
from privacy.letters import Letter


@dataclass(frozen=True)
class Facts:
    """What the foot of every page and the contact page say."""

    name: str = settings.SITE_NAME
    email: str = settings.CONTACT_EMAIL
    organisation_number: str = ""
    address: str = ""
    bankgiro: str = ""


def facts() -> Facts:
    """One query."""
    seller = Seller.objects.first()
    if seller is None:
        return Facts()
    return Facts(
        name=seller.name,
        email=seller.email,
        organisation_number=giro.format_organisation_number(seller.organisation_number),
        address=seller.address,
        bankgiro=giro.format_bankgiro(seller.bankgiro),
    )


def controller() -> Controller:
    """As the privacy notice names it."""
    found = facts()
    return Controller(
        name=found.name,
        email=found.email,
        organisation_number=found.organisation_number,
        address=found.address,
    )


class Remembered:
    """What every page shows, read anew when it is older than FOOTER_SECONDS."""

    def __init__(self, read: Callable[[], Any]) -> None:
        self.read = read
        self.value: Any = None
        self.read_at = float("-inf")

    def __call__(self) -> Any:
        if time.monotonic() - self.read_at >= settings.FOOTER_SECONDS:
            self.value, self.read_at = self.read(), time.monotonic()
        return self.value


association = Remembered(facts)
footer_pages = Remembered(lambda: list(Page.objects.in_footer()))


def send_letter(letter: Letter) -> None:
    """The privacy room's letters go into the queue like all others."""
    queue(
        key=letter.key,
        template=letter.template,
        receiver=Receiver(letter.to, letter.language, letter.person_id),
        context=letter.context,
    )
