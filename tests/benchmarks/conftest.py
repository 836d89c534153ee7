"""What the benchmarks share: a site with its first rows, and a closing table of ratios.

Seconds differ from machine to machine and from hour to hour, so each figure also stands beside a
floor that was measured in the same run. Nothing is asserted about time.
"""

import itertools
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection

from config.celery import app
from tests.factories import events

PAGES, WORK, SERVED, RUNS = "pages", "work", "served", "runs"
FLOOR = "floor"


@pytest.fixture
def site(transactional_db: None) -> Iterator[None]:
    """Its first rows; a broker in memory that nobody takes messages out of; and real transactions,
    since in one that lasts each write would have to step over all before it.
    """
    events.first_rows()
    app.conf.task_always_eager = False
    yield
    app.conf.task_always_eager = True


@pytest.fixture
def page(benchmark: Any) -> Callable[[Callable[[], None]], None]:
    """Measures the asking for one page; the first time is left out, which reads the templates."""

    def measure(ask: Callable[[], None]) -> None:
        ask()
        with queries_into(benchmark.extra_info):
            ask()
        benchmark(ask)

    return measure


@pytest.fixture
def work(benchmark: Any) -> Callable[..., None]:
    """Measures what is done so many times, or once for so many `items`."""

    def measure(do: Callable[[], object], *, times: int = 1, items: int = 1) -> None:
        benchmark.extra_info["items"] = items
        begun = time.process_time()
        with queries_into(benchmark.extra_info, divided_by=times * items):
            benchmark.pedantic(do, rounds=times)
        benchmark.extra_info["cpu"] = (time.process_time() - begun) / (times * items)

    return measure


@contextmanager
def queries_into(noted: dict[str, Any], *, divided_by: int = 1) -> Iterator[None]:
    asked = itertools.count()

    def noting(execute: Callable[..., Any], *arguments: Any) -> Any:
        next(asked)
        return execute(*arguments)

    with connection.execute_wrapper(noting):
        yield
    noted["queries"] = round(next(asked) / divided_by, 1)


# --- The closing table --------------------------------------------------------------------------


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    session = getattr(config, "_benchmarksession", None)
    tables = {PAGES: page_lines, WORK: work_lines, SERVED: served_lines, RUNS: run_lines}
    for group, lines in tables.items():
        measured = [one for one in session.benchmarks if one.group == group] if session else []
        floor = next((per_item(one) for one in measured if FLOOR in one.name), 0.0)
        if floor or (group == RUNS and measured):
            terminalreporter.section(f"{group}, beside their floor")
            for line in lines(measured, floor):
                terminalreporter.write_line(line)


def page_lines(measured: list[Any], floor: float) -> Iterator[str]:
    yield f"{'':<40}{'CPU ms':>10}{'x floor':>10}{'queries':>10}"
    for one in measured:
        seconds, queries = per_item(one), one.extra_info["queries"]
        yield f"{label(one):<40}{seconds * 1000:>10.2f}{seconds / floor:>10.1f}{queries:>10}"


def work_lines(measured: list[Any], floor: float) -> Iterator[str]:
    """`CPU ms` is what this process spent; the rest of the time was the database's, or waiting."""
    yield f"{'':<40}{'ms each':>10}{'CPU ms':>10}{'a second':>10}{'x floor':>10}{'queries':>10}"
    for one in measured:
        seconds, noted = per_item(one), one.extra_info
        yield (
            f"{label(one):<40}{seconds * 1000:>10.2f}{noted['cpu'] * 1000:>10.2f}"
            f"{1 / seconds:>10.0f}{seconds / floor:>10.1f}{noted['queries']:>10}"
        )


def served_lines(measured: list[Any], _floor: float) -> Iterator[str]:
    """`CPU ms` is what the server's processes spent for one request; p50 and p99 are waited for."""
    floor = next(one.extra_info["cpu"] for one in measured if FLOOR in one.name)
    yield f"{'':<40}{'CPU ms':>10}{'x floor':>10}{'p50 ms':>10}{'p99 ms':>10}{'a second':>10}"
    for one in measured:
        noted = one.extra_info
        yield (
            f"{label(one):<40}{noted['cpu'] * 1000:>10.2f}{noted['cpu'] / floor:>10.1f}"
            f"{noted['p50']:>10.1f}{noted['p99']:>10.1f}{1 / per_item(one):>10.0f}"
        )


def run_lines(measured: list[Any], _floor: float) -> Iterator[str]:
    """Whole processes: `CPU ms` is theirs for one person, `in db` the server's; `MB` the most that
    one of them held. The floor is the same rows copied by the database alone.
    """
    columns = ("people", "seconds", "CPU ms", "in db", "MB", "x floor")
    yield f"{'':<40}" + "".join(f"{name:>10}" for name in columns)
    for one in measured:
        noted, seconds, people = one.extra_info, one.stats.median, one.extra_info["items"]
        yield (
            f"{label(one):<40}{people:>10}{seconds:>10.1f}{noted['cpu'] / people * 1000:>10.2f}"
            f"{noted['database_cpu'] / people * 1000:>10.2f}{noted['peak_mb']:>10.0f}"
            + (f"{seconds / noted['floor']:>10.1f}" if "floor" in noted else "")
        )


def per_item(one: Any) -> float:
    """Seconds for one page, invoice, row or person: a run handles many."""
    return float(one.stats.median) / one.extra_info.get("items", 1)


def label(one: Any) -> str:
    return str(one.name).removeprefix("bench_").replace("_", " ")
