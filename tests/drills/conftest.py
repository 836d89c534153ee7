"""After the last drill its figures stand together."""

from typing import Any

from tests.drills import figures


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if figures.noted:
        terminalreporter.section("what was measured, also in var/drill/figures.txt")
        for line in figures.lines():
            terminalreporter.write_line(line)
