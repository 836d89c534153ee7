"""What a process knows for some seconds: standing facts that pages show, and nobody decides by."""

import time
from collections.abc import Callable
from typing import Generic, TypeVar

from django.conf import settings

Value = TypeVar("Value")


class Remembered(Generic[Value]):
    """Calls `read`, and again once the answer is older than REMEMBERED_S.

    Two threads may both read; the later answer stays. Whoever gets one must not change it.
    """

    def __init__(self, read: Callable[[], Value]) -> None:
        self._read = read
        self._found: tuple[float, Value] | None = None

    def __call__(self) -> Value:
        now, found = time.monotonic(), self._found
        if found is None or not 0 <= now - found[0] < settings.REMEMBERED_S:
            found = self._found = now, self._read()
        return found[1]
