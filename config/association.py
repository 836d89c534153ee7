"""The association as the privacy notice names it: the seller's row, which staff edit."""

from billing import giro
from billing.models import Seller
from mail.operations import Receiver, queue
from privacy.controller import Controller
from privacy.letters import Letter


def controller() -> Controller:
    seller = Seller.objects.get()
    return Controller(
        name=seller.name,
        email=seller.email,
        organisation_number=giro.format_organisation_number(seller.organisation_number),
        address=seller.address,
    )


def send_letter(letter: Letter) -> None:
    """The privacy room's letters go into the queue like all others."""
    queue(
        key=letter.key,
        template=letter.template,
        receiver=Receiver(letter.to, letter.language, letter.person_id),
        context=letter.context,
    )
