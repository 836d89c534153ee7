"""The control: every statement stands alone, and nobody waits for a lock."""

from typing import Any

from django.db import transaction
from django.db.backends.postgresql.features import DatabaseFeatures


def without_transactions() -> None:
    """Before the first connection is made, or after."""
    transaction.Atomic.__enter__ = _nothing  # type: ignore[method-assign]
    transaction.Atomic.__exit__ = _nothing  # type: ignore[assignment, method-assign]
    DatabaseFeatures.has_select_for_update = False


def _nothing(_self: Any, *_how: Any) -> None:
    return None
