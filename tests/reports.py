"""One closing line for several pytest runs (`-p tests.reports`).

    --record=FILE      writes each test's report to FILE while the tests run
    --replay=FILE      runs nothing, but counts what the file says as if it had just happened
    --elapsed=SECONDS  how long the replayed runs took

`make test` needs several processes (another database, the browser). The last one replays them
all, so that pytest's own closing line and exit code speak for the whole.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

END = {"ended": True}


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("reports of several runs")
    group.addoption("--record", type=Path, help="write every test's report to this file")
    group.addoption("--replay", type=Path, action="append", help="count the reports of this file")
    group.addoption("--elapsed", type=float, default=0.0, help="how long the replayed runs took")


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):  # one of xdist's workers: the reports gather in its parent
        return
    if config.option.record:
        config.pluginmanager.register(Recorder(config, config.option.record))
    if config.option.replay:
        config.pluginmanager.register(Player(config.option.replay, config.option.elapsed))


class Recorder:
    def __init__(self, config: pytest.Config, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.config, self.file = config, path.open("w")

    def write(self, line: dict[str, Any]) -> None:
        self.file.write(json.dumps(line, default=str) + "\n")
        self.file.flush()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        hook = self.config.hook
        self.write(hook.pytest_report_to_serializable(config=self.config, report=report))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            hook = self.config.hook
            self.write(hook.pytest_report_to_serializable(config=self.config, report=report))

    def pytest_unconfigure(self) -> None:
        self.write(END)
        self.file.close()


class Player:
    def __init__(self, paths: list[Path], elapsed: float) -> None:
        self.paths, self.elapsed = paths, elapsed

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> bool:
        """Collects nothing."""
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        terminal = session.config.pluginmanager.get_plugin("terminalreporter")
        started = terminal._session_start  # frozen, but the time to show is that of all runs
        object.__setattr__(started, "perf_count", started.perf_count - self.elapsed)
        for path in self.paths:
            for line in self.lines(path):
                self.count(line, session, terminal)
        return True

    def count(self, line: dict[str, Any], session: pytest.Session, terminal: Any) -> None:
        hook, config = session.config.hook, session.config
        report = hook.pytest_report_from_serializable(config=config, data=line)
        session.testscollected += 1
        session.testsfailed += report.failed
        if isinstance(report, pytest.CollectReport):
            category = "error"
        else:
            category, *_ = hook.pytest_report_teststatus(report=report, config=config)
        terminal.stats.setdefault(category, []).append(report)

    def lines(self, path: Path) -> Iterator[dict[str, Any]]:
        """The file's reports; a run that broke off counts as an error."""
        ended = False
        for text in path.read_text().splitlines() if path.exists() else []:
            line = json.loads(text)
            ended = line == END
            if not ended:
                yield without_traces_of_json(line)
        if not ended:
            yield broken_off(path.stem)


def without_traces_of_json(line: dict[str, Any]) -> dict[str, Any]:
    """Pytest tells a skip by its tuple; the worker of xdist that ran the test is gone."""
    line.pop("node", None)
    if isinstance(line["longrepr"], list):
        line["longrepr"] = tuple(line["longrepr"])
    return line


def broken_off(part: str) -> dict[str, Any]:
    return {
        "$report_type": "CollectReport",
        "nodeid": f"part: {part}",
        "outcome": "failed",
        "longrepr": f"The part {part} broke off before its end.",
        "result": None,
        "sections": [],
    }
