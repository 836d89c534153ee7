"""What a process knows for some seconds: standing facts that pages show, and nobody decides by."""

import time
from collections.abc import Callable
from typing import Generic, ParamSpec, TypeVar

from django.conf import settings

Asked = ParamSpec("Asked")
Value = TypeVar("Value")


class Remembered(Generic[Asked, Value]):
    """Calls `read`, and again once the answer is older than REMEMBERED_S.

    An answer for each of the few things it can be asked for, such as the languages. Two threads may
    both read; the later answer stays. Whoever gets one must not change it.
    """

    def __init__(self, read: Callable[Asked, Value]) -> None:
        self._read = read
        self._found: dict[object, tuple[float, Value]] = {}

    def __call__(self, *args: Asked.args, **kwargs: Asked.kwargs) -> Value:
        key = (args, *kwargs.items())
        now, found = time.monotonic(), self._found.get(key)
        if found is None or not 0 <= now - found[0] < settings.REMEMBERED_S:
            found = self._found[key] = now, self._read(*args, **kwargs)
        return found[1]
