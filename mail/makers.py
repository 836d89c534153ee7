"""What a queued mail may ask for when it leaves: attachments to make, guards to consult.

The queue stores a name and keyword arguments, never code or a path to import; only what an app
registered here at start can run.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Attachment:
    filename: str
    content: bytes
    mimetype: str


Maker = Callable[..., Attachment]
Guard = Callable[..., bool]

_makers: dict[str, Maker] = {}
_guards: dict[str, Guard] = {}


def attachment(name: str) -> Callable[[Maker], Maker]:
    """Register a function that makes an attachment from ids: `@attachment("invoice")`."""

    def register(make: Maker) -> Maker:
        _makers[name] = make
        return make

    return register


def guard(name: str) -> Callable[[Guard], Guard]:
    """Register a function that tells whether a mail is still wanted when it is about to leave."""

    def register(ask: Guard) -> Guard:
        _guards[name] = ask
        return ask

    return register


def make_attachments(wanted: list[tuple[str, dict[str, Any]]]) -> list[Attachment]:
    return [_makers[name](**arguments) for name, arguments in wanted]


def still_wanted(asked: list[tuple[str, dict[str, Any]]]) -> bool:
    return all(_guards[name](**arguments) for name, arguments in asked)


def known(name: str) -> bool:
    return name in _makers or name in _guards
