"""What staff does for people who ask by phone or letter."""

from datetime import date

from allauth.account.models import EmailAddress
from django.db import transaction

from members import emails
from members.models import Membership, User
from members.operations.histories import note_actor
from members.operations.ordinary import begin_ordinary, ordinary_kind
from members.operations.refusals import AlreadyMember
from members.operations.rights import demand
from members.operations.starting import locked


@transaction.atomic
def register_member(*, user: User, by: User, today: date) -> Membership:
    """Begin an ordinary membership by hand, with the invoice. Raises AlreadyMember."""
    demand(by, "members.add_membership")
    user = locked(user)
    if user.memberships.current(today).exists():
        raise AlreadyMember
    membership = begin_ordinary(user=user, kind=ordinary_kind(), by=by, today=today)
    emails.welcome(membership, because_of="registered")
    return membership


@transaction.atomic
def replace_address(*, person: User, email: str, by: User) -> User:
    """For somebody whose old address is dead. The new one counts as proven when they log in by it.

    The form has seen to it that nobody else has the address.
    """
    demand(by, "members.change_user")
    person = locked(person)
    person.email, person.email_bounced_at = email.lower(), None
    note_actor(person, by)
    person.save(update_fields=["email", "email_bounced_at"])
    EmailAddress.objects.filter(user=person).delete()
    EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=False)
    return person
