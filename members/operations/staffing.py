"""What staff does for people who ask by phone or letter."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext as _

from members import emails
from members.models import Application, Membership, User
from members.operations.applying import refuse_a_second_one
from members.operations.histories import note_actor
from members.operations.ordinary import begin_ordinary, ordinary_kind, student_kind
from members.operations.refusals import AlreadyMember
from members.operations.reviewing import approve
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


def by_hand(*, user: User, studies: Mapping[str, Any] | None = None, now: datetime) -> Application:
    """The application that a student would have sent. Not saved."""
    return Application(
        form_token=uuid4(),
        kind=student_kind(),
        state=Application.State.IN_REVIEW,
        user=user,
        confirmed_at=now,
        is_employed=False,
        **{name: getattr(user, name) for name in ("email", "name", "phone", "language")},
        **(studies or {}),
    )


@transaction.atomic
def register_student(
    *, user: User, studies: Mapping[str, Any], by: User, now: datetime, today: date
) -> Membership:
    """Apply for somebody and approve it, with the free year if it was not had before.

    `studies`: school, mecenat_number, studies_end_on. Raises AlreadyMember or AlreadyInReview.
    """
    demand(by, "members.add_membership", "members.change_application")
    user = locked(user)
    application = by_hand(user=user, studies=studies, now=now)
    refuse_a_second_one(user, application.kind, today)
    note_actor(application, by, _("Registered by hand"))
    application.save()
    return approve(application=application, by=by, now=now, today=today)


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
