"""What a queued mail may ask for when it leaves: texts, attachments to make, guards to consult.

The queue stores a name and keyword arguments, never code or a path to import; only what an app
registered here at start can run.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple


@dataclass(frozen=True)
class Attachment:
    filename: str
    content: bytes
    mimetype: str


class Wording(NamedTuple):
    """What a letter says: a template, and what is filled in."""

    template: str
    context: dict[str, Any]


Maker = Callable[..., Attachment]
Writer = Callable[..., Wording]
Guard = Callable[..., bool]

_makers: dict[str, Maker] = {}
_writers: dict[str, Writer] = {}
_guards: dict[str, Guard] = {}


def attachment(name: str) -> Callable[[Maker], Maker]:
    """Register a function that makes an attachment from ids: `@attachment("invoice")`."""

    def register(make: Maker) -> Maker:
        _makers[name] = make
        return make

    return register


def wording(name: str) -> Callable[[Writer], Writer]:
    """Register a function that says from ids what a letter says: `@wording("invoice")`."""

    def register(write: Writer) -> Writer:
        _writers[name] = write
        return write

    return register


def guard(name: str) -> Callable[[Guard], Guard]:
    """Register a function that tells whether a mail is still wanted when it is about to leave."""

    def register(ask: Guard) -> Guard:
        _guards[name] = ask
        return ask

    return register


def make_attachments(wanted: list[tuple[str, dict[str, Any]]]) -> list[Attachment]:
    return [_makers[name](**arguments) for name, arguments in wanted]


def word(wanted: Sequence[Any]) -> Wording:
    name, arguments = wanted
    return _writers[name](**arguments)


def still_wanted(asked: list[tuple[str, dict[str, Any]]]) -> bool:
    return all(_guards[name](**arguments) for name, arguments in asked)


def known(name: str) -> bool:
    return name in _makers or name in _writers or name in _guards
