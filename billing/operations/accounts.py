"""Whose pages an invoice stands on. The paper itself says the same as before."""

from typing import Any

from django.db import models, transaction

from billing.models import Invoice, LedgerUnlock, Payment


@transaction.atomic
def change_account(*, before: Any, after: Any) -> int:
    """Two accounts have become one: what belonged to the first belongs to the second. How many.

    Nothing that was issued changes: neither customer, lines nor sums.
    """
    unlock = LedgerUnlock.objects.create(reason="accounts merged")
    moved: int = _all(Invoice).filter(buyer=before).update(buyer=after)
    _all(Invoice).filter(issued_by=before).update(issued_by=after)
    _all(Payment).filter(registered_by=before).update(registered_by=after)
    unlock.delete()
    return moved


def _all(model: type[models.Model]) -> Any:
    """The models' own managers refuse every change."""
    return models.QuerySet(model)
