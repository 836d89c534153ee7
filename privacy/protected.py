"""People who stand on no list, badge or export: protected identity, or use restricted."""

from typing import Any, TypeVar

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from privacy.models import Protection
from privacy.models.protections import ProtectionQuerySet
from privacy.purposes import Basis
from privacy.register import register

Rows = TypeVar("Rows", bound=QuerySet[Any])


def without_hidden(rows: Rows) -> Rows:
    """The rows of a declared table without those people. Whoever makes a list calls this.

    The books must be whole by law, so what is kept for a legal obligation is left as it is.
    """
    declared = register.of(rows.model)
    if declared is None or not declared.holds_person:
        return rows
    if declared.main.basis is Basis.LEGAL_OBLIGATION:
        return rows
    hidden = Protection.objects.hides()
    theirs = Q(pk__in=[])
    for path in declared.way.links:
        theirs |= Q(**{f"{path}__in": hidden.accounts()})
    everything = rows.model._base_manager.all()
    if declared.person_email:
        everything = everything.annotate(address_in_lower_case=Lower(declared.person_email))
        theirs |= at_addresses_of(hidden, "address_in_lower_case")
    return rows.exclude(pk__in=everything.filter(theirs).values("pk"))


def at_addresses_of(protections: ProtectionQuerySet, path: str) -> Q:
    """Rows with an address of these people: without an account, or a proven one of an account."""
    proven = EmailAddress.objects.filter(user__in=protections.accounts(), verified=True)
    without_account = protections.exclude(email="")
    return Q(**{f"{path}__in": proven.annotate(lower=Lower("email")).values("lower")}) | Q(
        **{f"{path}__in": without_account.values("email")}
    )
