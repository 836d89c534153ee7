"""Whose doing a change is, for the history of the row."""

from typing import Any

from members.models import User


def note_actor(row: Any, by: User | None, reason: str = "") -> None:
    """Before saving. Without a reason the history says what changed and by whom."""
    row._history_user = by
    if reason:
        row._change_reason = reason[:100]
