"""Room for the frames of Python's calls.

CPython lays them in pieces of 16 kB. The call that finds a piece full asks the kernel for another,
and its return gives that back: a template that calls a small function some hundred times just
there pays for as many page faults, which is a fifth of what a form costs. Where a piece ends is a
matter of luck: it depends on how deep the web server, the worker or the tests have called.
"""

from collections.abc import Callable
from types import FunctionType
from typing import Any, cast

SLOTS = 17_000
"""Eight bytes each. The piece for such a frame is of 256 kB, and half of it stays free."""


def with_room(function: Callable[..., Any]) -> Callable[..., Any]:
    """Whatever it calls finds room in the piece that its own large frame has needed."""

    def roomy(*arguments: Any, **named: Any) -> Any:
        return function(*arguments, **named)

    made = cast("FunctionType", roomy)
    made.__code__ = made.__code__.replace(co_stacksize=SLOTS)
    return made
