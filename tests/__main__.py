"""All tests, in the parts that need a process of their own. `make test` runs this.

A failing part does not stop the others. At the end comes a table with the time of each part, and
then pytest's closing line, which counts all of them.
"""

import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests import postgres

ROOT = Path(__file__).resolve().parent.parent
RECORDS = Path("var/tests/records")


@dataclass(frozen=True)
class Part:
    name: str
    what: str
    arguments: list[str]
    environment: dict[str, str] = field(default_factory=dict)


def parts(database_url: str) -> list[Part]:
    postgresql = {"DATABASE_URL": database_url, "POSTGRESQL_REQUIRED": "yes"}
    sqlite = {"DATABASE_URL": "", "SQLITE_ON_DISK": "yes"}
    return [
        Part("tools", "style, types, imports", ["-m", "tool"]),
        Part("postgresql", "rooms", ["-n", "2", "-m", "not tool and not browser"], postgresql),
        Part("sqlite", "what leans on the database", ["-n", "2", "-m", "both_databases"], sqlite),
        Part("browser", "journeys in Chromium", ["-n", "2", "-m", "browser"], postgresql),
    ]


def main() -> int:
    started = time.monotonic()
    table = []
    with postgres.cluster() as url:
        for part in parts(url):
            begun = time.monotonic()
            code = run(part)
            table.append((part, code, time.monotonic() - begun))
    print_table(table)
    names = [part.name for part, _code, _seconds in table]
    code = close(names, time.monotonic() - started)
    return code or max(code for _part, code, _seconds in table)


def run(part: Part) -> int:
    print(f"\n{f' {part.name}: {part.what} ':#^100}\n", flush=True)
    record = f"--record={record_of(part.name)}"
    record_of(part.name).unlink(missing_ok=True)
    return pytest(
        "-p", "tests.reports", record, "--durations=5", *part.arguments, **part.environment
    )


def close(names: list[str], seconds: float) -> int:
    """Pytest's own closing line for all parts together."""
    replay = [f"--replay={record_of(name)}" for name in names]
    return pytest(
        "-p", "tests.reports", *replay, f"--elapsed={seconds}", "--no-header", "--tb=no", "-rfEs"
    )


def record_of(name: str) -> Path:
    return RECORDS / f"{name}.jsonl"


def pytest(*arguments: str, **environment: str) -> int:
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, check=False
    ).returncode


def print_table(table: list[tuple[Part, int, float]]) -> None:
    print(f"\n{' Parts ':#^100}\n")
    for part, code, seconds in table:
        result = "passed" if code == 0 else f"FAILED (pytest's exit code {code})"
        print(f"  {part.name:<12} {part.what:<28} {seconds:>6.1f} s   {result}")
    print(flush=True)


if __name__ == "__main__":
    sys.exit(main())
