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

import psycopg

from tests import postgres

ROOT = Path(__file__).resolve().parent.parent
RECORDS = ROOT / "var" / "tests" / "records"
SQLITE_TEMPLATE = ROOT / "var" / "tests" / "migrated.sqlite3"


@dataclass(frozen=True)
class Part:
    name: str
    what: str
    arguments: list[str]
    environment: dict[str, str] = field(default_factory=dict)


def main() -> int:
    started = time.monotonic()
    with postgres.cluster() as url:
        templates = Templates(url)  # made while the first part runs
        parts = [
            Part("tools", "style, types, imports", ["-m", "tool", "tests/test_project.py"]),
            Part(
                "postgresql",
                "all but the browser",
                ["-n", "2", "-m", "not tool and not browser"],
                templates.postgresql,
            ),
            Part(
                "sqlite",
                "what leans on the database",
                ["-n", "2", "-m", "both_databases"],
                templates.sqlite,
            ),
            Part(
                "browser",
                "journeys in Chromium",
                ["-n", "2", "-m", "browser", "tests/browser", "tests/journeys"],
                templates.postgresql,
            ),
        ]
        table = [run(part, templates) for part in parts]
    print_table(table)
    code = close([part.name for part, _code, _seconds in table], time.monotonic() - started)
    return code or max(code for _part, code, _seconds in table)


class Templates:
    """Databases with all migrations done: copying one takes a second, migrating it takes ten."""

    def __init__(self, server: str) -> None:
        RECORDS.mkdir(parents=True, exist_ok=True)
        SQLITE_TEMPLATE.unlink(missing_ok=True)
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute("CREATE DATABASE migrated")
        self.postgresql = {
            "DATABASE_URL": server,
            "DATABASE_TEMPLATE": "migrated",
            "POSTGRESQL_REQUIRED": "yes",
            "SQLITE_TEMPLATE": str(SQLITE_TEMPLATE),
        }
        self.sqlite = {"DATABASE_URL": "", "DATABASE_TEMPLATE": str(SQLITE_TEMPLATE)}
        self.making = [
            migrate(server.replace("/postgres?", "/migrated?")),
            migrate(f"sqlite:///{SQLITE_TEMPLATE}"),
        ]

    def wait(self) -> None:
        for process in self.making:
            process.wait()


def migrate(url: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "SITE_MODE": "test", "DATABASE_URL": url}
    command = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
    return subprocess.Popen(command, cwd=ROOT, env=environment)


def run(part: Part, templates: Templates) -> tuple[Part, int, float]:
    """The part, pytest's exit code and the seconds it took."""
    print(f"\n{f' {part.name}: {part.what} ':#^100}\n", flush=True)
    begun = time.monotonic()
    if part.environment:
        templates.wait()
    record_of(part.name).unlink(missing_ok=True)
    record = f"--record={record_of(part.name)}"
    code = pytest(record, "--durations=5", *part.arguments, **part.environment)
    return part, code, time.monotonic() - begun


def close(names: list[str], seconds: float) -> int:
    """Pytest's own closing line for all parts together."""
    replay = [f"--replay={record_of(name)}" for name in names]
    return pytest(*replay, f"--elapsed={seconds}", "--no-header", "--tb=no", "-rfEs")


def record_of(name: str) -> Path:
    return RECORDS / f"{name}.jsonl"


def pytest(*arguments: str, **environment: str) -> int:
    command = [sys.executable, "-m", "pytest", "-p", "tests.reports", *arguments]
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
