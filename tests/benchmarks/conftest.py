"""What the benchmarks share: a site with its first rows, and a closing table of ratios.

Seconds differ from machine to machine and from hour to hour, so each figure also stands beside a
floor that was measured in the same run. Nothing is asserted about time.
"""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection

from config.celery import app
from tests.factories import events

PAGES, WORK = "pages", "work"
FLOOR = "floor"


@pytest.fixture(autouse=True)
def _site(transactional_db: None) -> None:
    """Real transactions: in one that lasts, each write would have to step over all before it."""
    events.first_rows()


@pytest.fixture(autouse=True)
def _broker() -> Iterator[None]:
    """Messages go into a queue in memory, as they go to the broker; nobody takes them out."""
    app.conf.task_always_eager = False
    yield
    app.conf.task_always_eager = True


@pytest.fixture
def count_queries(benchmark: Any) -> Callable[..., None]:
    """Notes what one call asks the database, divided among `of` rows."""

    def count(call: Callable[[], object], *, of: int = 1) -> None:
        asked = itertools.count()

        def noting(execute: Callable[..., Any], *arguments: Any) -> Any:
            next(asked)
            return execute(*arguments)

        with connection.execute_wrapper(noting):
            call()
        benchmark.extra_info["queries"] = round(next(asked) / of, 1)

    return count


# --- The closing table --------------------------------------------------------------------------


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    session = getattr(config, "_benchmarksession", None)
    for group, lines in {PAGES: page_lines, WORK: work_lines}.items():
        measured = [one for one in session.benchmarks if one.group == group] if session else []
        floor = next((per_item(one) for one in measured if FLOOR in one.name), None)
        if measured and floor:
            terminalreporter.section(f"{group}, beside their floor")
            for line in lines(measured, floor):
                terminalreporter.write_line(line)


def page_lines(measured: list[Any], floor: float) -> Iterator[str]:
    yield f"{'':<44}{'CPU ms':>9}{'x floor':>9}{'queries':>9}"
    for one in measured:
        seconds = per_item(one)
        yield (
            f"{label(one):<44}{seconds * 1000:>9.2f}{seconds / floor:>9.1f}"
            f"{one.extra_info.get('queries', ''):>9}"
        )


def work_lines(measured: list[Any], floor: float) -> Iterator[str]:
    yield f"{'':<44}{'ms each':>9}{'a second':>10}{'x floor':>9}{'queries':>9}"
    for one in measured:
        seconds = per_item(one)
        yield (
            f"{label(one):<44}{seconds * 1000:>9.2f}{1 / seconds:>10.0f}{seconds / floor:>9.1f}"
            f"{one.extra_info.get('queries', ''):>9}"
        )


def per_item(one: Any) -> float:
    """Seconds for one page, invoice, row or person: a run handles many."""
    return float(one.stats.median) / one.extra_info.get("items", 1)


def label(one: Any) -> str:
    return str(one.name).removeprefix("bench_").replace("_", " ")
