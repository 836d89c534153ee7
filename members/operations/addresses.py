"""A new e-mail address, seen from the old one: told of it, and able to stop it."""

from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from members import links
from members.models import User
from members.operations.histories import note_actor
from members.operations.refusals import AddressTaken
from members.operations.starting import locked

# What was set up shortly before the change belongs to whoever asked for it.
SHORTLY = timedelta(minutes=30)


@transaction.atomic
def note_address_change(*, person: User) -> str:
    """Somebody logged in has asked for a new address. Returns the link that stops it."""
    person = locked(person)
    note_actor(person, person, _("A new e-mail address was asked for"))
    person.save(update_fields=["email"])
    return stop_url(person, person.email) or ""


def stop_url(person: User, email: str) -> str | None:
    """The link that takes the person's earlier address back. It names a row of the history."""
    row = person.history.filter(email=email).order_by("-history_date", "-pk").first()
    return links.KEEP_ADDRESS.url(row.pk) if row else None


@transaction.atomic
def keep_address(*, version: Any) -> User:
    """The address as it stood in that row of the history; every log-in ends. Twice: the same.

    Whoever did this may know the password and may have set up a second step: both go. The owner
    logs in by a code to the address. Raises AddressTaken.
    """
    person = locked(User.objects.get(pk=version.id))
    if User.objects.filter(email=version.email).exclude(pk=person.pk).exists():
        raise AddressTaken
    person.email = version.email
    person.set_unusable_password()
    note_actor(person, person, _("Kept by the link in the mail to the old address"))
    person.save(update_fields=["email", "password"])
    EmailAddress.objects.filter(user=person).exclude(email=person.email).delete()
    EmailAddress.objects.update_or_create(
        user=person, email=person.email, defaults={"primary": True, "verified": True}
    )
    since = version.history_date - SHORTLY
    Authenticator.objects.filter(user=person, created_at__gte=since).delete()
    return person
