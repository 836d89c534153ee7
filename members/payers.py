"""Who an invoice for somebody's membership goes to: the person, or the employer."""

from billing.operations import Customer
from members.models import BillingDetails, User


def customer_of(user: User) -> Customer:
    """As it shall stand on the invoice. Who pays for themselves is called what they are called now,
    whatever stood there when they said so."""
    details = BillingDetails.objects.filter(user=user).first()
    if details is None:
        return Customer(name=user.name, email=user.email, language=user.language)
    return Customer(
        name=details.name if details.payer == BillingDetails.Payer.EMPLOYER else user.name,
        email=details.email or user.email,
        language=user.language,
        address=details.address,
        organisation_number=details.organisation_number,
        reference=details.reference,
        order_number=details.order_number,
        cost_centre=details.cost_centre,
        peppol_id=details.peppol_id,
    )
