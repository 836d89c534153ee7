"""What the benchmarks share: a site with its first rows, and a closing table of ratios.

Seconds differ from machine to machine and from hour to hour, so each figure also stands beside a
floor that was measured in the same run. Nothing is asserted about time.
"""

import itertools
import math
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from config.celery import app
from news import first_rows as news_rows
from tests.benchmarks.serving import Server, serving
from tests.factories import events

# Served by a real web server.
PUBLIC, MY_PAGES, OFFICE = "public pages", "my pages", "the office"
VISITS, SERVED = "what people do", "served, of very many rows"
# In a process of their own.
WORK, RUNS = "work", "runs"
FLOOR = "floor"
# Of a form: its name, and how long the answers took for addresses that are known and unknown.
COMPARED = pytest.StashKey[list[tuple[str, list[float], list[float]]]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[COMPARED] = []


@pytest.fixture
def site(transactional_db: None) -> Iterator[None]:
    """Its first rows; a broker in memory that nobody takes messages out of; and real transactions,
    since in one that lasts each write would have to step over all before it.
    """
    events.first_rows()
    app.conf.task_always_eager = False
    yield
    app.conf.task_always_eager = True


@pytest.fixture(scope="module")
def association(
    django_db_setup: None, django_db_blocker: Any, request: Any, tmp_path_factory: Any
) -> Iterator[Server]:
    """The invented one, of as many MEMBERS as the module says, and a server of it.

    A benchmark's own writing is rolled back and the server sees none of it: what a benchmark needs
    is made by a fixture of the module, as this one.
    """
    app.conf.task_always_eager = False
    with django_db_blocker.unblock():
        events.first_rows()
        news_rows.create(apps)
        call_command("seed_demo", members=request.module.MEMBERS)
        with serving(tmp_path_factory.mktemp("served")) as server:
            yield server
        call_command("flush", interactive=False, verbosity=0)
    app.conf.task_always_eager = True


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


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A benchmark that failed has no figures, and would cost the others theirs."""
    measured = getattr(session.config, "_benchmarksession", None)
    if measured:
        measured.benchmarks = [one for one in measured.benchmarks if one.stats.data]


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    session = getattr(config, "_benchmarksession", None)
    measured = [one for one in session.benchmarks if "items" in one.extra_info] if session else []
    for groups, lines, meant in (
        ((PUBLIC, MY_PAGES, OFFICE, VISITS, SERVED), served_lines, "an empty view, served as well"),
        ((WORK,), work_lines, "one row committed"),
        ((RUNS,), run_lines, "the same rows, copied by the database alone"),
    ):
        floor = next((one for one in measured if one.group in groups and FLOOR in one.name), None)
        for group in groups:
            if of_group := [one for one in measured if one.group == group]:
                terminalreporter.section(f"{group}; the floor: {meant}")
                for line in lines(of_group, floor):
                    terminalreporter.write_line(line)
    if compared := config.stash[COMPARED]:
        terminalreporter.section("known and unknown addresses: medians, and p that it is chance")
        for line in compared_lines(compared):
            terminalreporter.write_line(line)


def served_lines(measured: list[Any], floor: Any) -> Iterator[str]:
    """`CPU ms` is what the server's processes spent on one; p50 and p99 are waited for."""
    columns = ("CPU ms", "x floor", "queries", "p50 ms", "p99 ms", "a second")
    yield heading(*columns)
    for one in measured:
        noted = one.extra_info
        yield (
            f"{label(one):<48}{noted['cpu'] * 1000:>10.1f}{times(noted['cpu'], floor, 'cpu')}"
            f"{noted['queries']:>10.0f}{noted['p50']:>10.1f}{noted['p99']:>10.1f}"
            f"{1 / per_item(one):>10.0f}"
        )


def work_lines(measured: list[Any], floor: Any) -> Iterator[str]:
    """`CPU ms` is what this process spent; the rest of the time was the database's, or waiting."""
    yield heading("ms each", "CPU ms", "x floor", "queries", "a second")
    for one in measured:
        seconds, noted = per_item(one), one.extra_info
        yield (
            f"{label(one):<48}{seconds * 1000:>10.2f}{noted['cpu'] * 1000:>10.2f}"
            f"{times(noted['cpu'], floor, 'cpu')}{noted['queries']:>10}{1 / seconds:>10.0f}"
        )


def run_lines(measured: list[Any], _floor: Any) -> Iterator[str]:
    """Whole processes: `CPU ms` is theirs for one person, `in db` the server's; `MB` the most that
    one of them held. Each brings its own floor.
    """
    yield heading("people", "seconds", "CPU ms", "in db", "MB", "x floor")
    for one in measured:
        noted, seconds, people = one.extra_info, one.stats.median, one.extra_info["items"]
        yield (
            f"{label(one):<48}{people:>10}{seconds:>10.1f}{noted['cpu'] / people * 1000:>10.2f}"
            f"{noted['database_cpu'] / people * 1000:>10.2f}{noted['peak_mb']:>10.0f}"
            + (f"{seconds / noted['floor']:>10.1f}" if "floor" in noted else "")
        )


def compared_lines(compared: list[tuple[str, list[float], list[float]]]) -> Iterator[str]:
    yield heading("known ms", "unknown ms", "apart %", "p", "rounds")
    for name, known, unknown in compared:
        one, other = statistics.median(known), statistics.median(unknown)
        yield (
            f"{name:<48}{one * 1000:>10.2f}{other * 1000:>10.2f}{(one / other - 1) * 100:>10.1f}"
            f"{mann_whitney(known, unknown):>10.2f}{len(known):>10}"
        )


def mann_whitney(one: list[float], other: list[float]) -> float:
    """Two-sided, by the normal approximation, which is good from some twenty values on."""
    ranked = sorted([(value, 0) for value in one] + [(value, 1) for value in other])
    ranks = sum(rank for rank, (_value, arm) in enumerate(ranked, start=1) if arm == 0)
    n, m = len(one), len(other)
    u = ranks - n * (n + 1) / 2
    z = (u - n * m / 2) / math.sqrt(n * m * (n + m + 1) / 12)
    return math.erfc(abs(z) / math.sqrt(2))


def heading(*columns: str) -> str:
    return " " * 48 + "".join(f"{name:>10}" for name in columns)


def times(figure: float, floor: Any, name: str) -> str:
    return f"{figure / floor.extra_info[name]:>10.1f}" if floor else f"{'':>10}"


def per_item(one: Any) -> float:
    """Seconds for one page, invoice, row or person: a run handles many."""
    return float(one.stats.median) / one.extra_info.get("items", 1)


def label(one: Any) -> str:
    return str(one.name).removeprefix("bench_").replace("_", " ")
