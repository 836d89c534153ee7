"""The association as the privacy notice names it: the seller's row, which staff edit."""

from billing import giro
from billing.models import Seller
from privacy.controller import Controller


def controller() -> Controller:
    seller = Seller.objects.get()
    return Controller(
        name=seller.name,
        email=seller.email,
        organisation_number=giro.format_organisation_number(seller.organisation_number),
        address=seller.address,
    )
