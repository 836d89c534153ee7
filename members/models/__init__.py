from members.models.applications import Application
from members.models.consents import Consent, ConsentText
from members.models.kinds import Fee, MembershipKind
from members.models.memberships import FreeYear, Membership
from members.models.people import BillingDetails, User

__all__ = [
    "Application",
    "BillingDetails",
    "Consent",
    "ConsentText",
    "Fee",
    "FreeYear",
    "Membership",
    "MembershipKind",
    "User",
]
