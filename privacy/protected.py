"""People who stand on no list, badge or export: protected identity, or use restricted."""

from typing import Any, TypeVar

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet

from privacy.models import Protection
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
    hidden = Protection.objects.hides().values("person")
    found = Q(pk__in=[])
    for path in declared.person:
        found |= Q(**{f"{'pk' if path == 'self' else path}__in": hidden})
    if declared.person_email:
        addresses = EmailAddress.objects.filter(user__in=hidden, verified=True).values("email")
        found |= Q(**{f"{declared.person_email}__in": addresses})
    return rows.exclude(pk__in=rows.model._base_manager.filter(found).values("pk"))
