"""Who an invoice for somebody's membership goes to: the person, or the employer."""

from collections.abc import Sequence

from billing.operations import Customer
from members.models import BillingDetails, User


def customer_of(user: User) -> Customer:
    """As it shall stand on the invoice. Without details of a payer it is the person."""
    return customers_of([user])[user.pk]


def customers_of(users: Sequence[User]) -> dict[int, Customer]:
    """By the person's key. One query."""
    details = {row.user_id: row for row in BillingDetails.objects.filter(user__in=users)}
    return {user.pk: _customer(user, details.get(user.pk)) for user in users}


def _customer(user: User, details: BillingDetails | None) -> Customer:
    """Who pays alone is called what they are called now, whatever stood there when they said so."""
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
