"""Brings new code to the web: `python -m config.reloading <process id of gunicorn>`.

One process after the other is replaced, and each answers until the next one has loaded the site.
gunicorn's own reload (HUP) ends the earlier ones at once: pages wait while the new ones load.
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from config.gunicorn import LOADED

PATIENCE_S = 120


def reload(parent: int) -> None:
    earlier = children(parent)
    while left := earlier & children(parent):
        _replace_one(parent, left)


def _replace_one(parent: int, left: set[int]) -> None:
    already = loaded(parent)
    os.kill(parent, signal.SIGTTIN)  # one more
    _wait_until(lambda: not loaded(parent) <= already)
    os.kill(parent, signal.SIGTTOU)  # one fewer: the oldest, when it has answered
    _wait_until(lambda: not left <= children(parent))


def children(parent: int) -> set[int]:
    return {
        int(word) for word in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    }


def loaded(parent: int) -> set[int]:
    return {child for child in children(parent) if _name(child) == LOADED}


def _name(process: int) -> str:
    try:
        return Path(f"/proc/{process}/comm").read_text().strip()
    except OSError:  # it has just ended
        return ""


def _wait_until(is_so: Callable[[], bool]) -> None:
    begun = time.monotonic()
    while not is_so():
        if time.monotonic() > begun + PATIENCE_S:
            sys.exit("The web did not get there. See its log; systemctl restart dpforum-web.")
        time.sleep(0.1)


if __name__ == "__main__":
    reload(int(sys.argv[1]))
