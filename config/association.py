"""The association by its own data: the seller's row, which staff edit."""

from dataclasses import dataclass

from django.conf import settings

from billing import giro
from billing.models import Seller
from mail.operations import Receiver, queue
from news.editions import START
from news.models import Page
from privacy.controller import Controller
from privacy.letters import Letter
from privacy.remembered import Remembered


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


association = Remembered(facts)
footer_pages = Remembered(lambda: list(Page.objects.in_footer()))
start_page = Remembered(lambda: Page.objects.shown().filter(code=START).first())


def send_letter(letter: Letter) -> None:
    """The privacy room's letters go into the queue like all others."""
    queue(
        key=letter.key,
        template=letter.template,
        receiver=Receiver(letter.to, letter.language, letter.person_id),
        context=letter.context,
    )
