"""Letters about people's data. The queue of mails is another room, so settings name a function."""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Letter:
    """`key` makes it impossible to send the same letter twice."""

    key: str
    template: str
    to: str
    language: str
    person_id: Any = None
    context: dict[str, Any] = field(default_factory=dict)


def send(letter: Letter) -> None:
    """In the current transaction; it leaves after the commit."""
    import_string(settings.PRIVACY_LETTERS)(letter)
