"""Several at the same moment, each on a database connection of its own."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection


def at_once(*jobs: Callable[[], Any]) -> Counter[str]:
    """Outcomes by the name of what came back or was raised."""
    start = threading.Barrier(len(jobs))

    def run(job: Callable[[], Any]) -> str:
        start.wait()
        try:
            return type(job()).__name__
        except Exception as error:
            return type(error).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return Counter(pool.map(run, jobs))


class Meeting:
    """Where a guard is taken away, those that it kept apart are made to meet."""

    def __init__(self, number: int) -> None:
        self._barrier = threading.Barrier(number)

    def wait(self) -> None:
        """Until all are there, or one has given up."""
        try:
            self._barrier.wait(timeout=2)
        except threading.BrokenBarrierError:
            return
