"""People, what they applied for, their years as members and what they said yes to."""

from members.models.applications import Application
from members.models.consents import Consent, ConsentMark, ConsentText, PublishedText
from members.models.kinds import Fee, MembershipKind
from members.models.memberships import FeeExemption, FreeYear, Membership
from members.models.people import BillingDetails, DistinctPeople, User
from members.models.terms import RenewalTerms

__all__ = [
    "Application",
    "BillingDetails",
    "Consent",
    "ConsentMark",
    "ConsentText",
    "DistinctPeople",
    "Fee",
    "FeeExemption",
    "FreeYear",
    "Membership",
    "MembershipKind",
    "PublishedText",
    "RenewalTerms",
    "User",
]
