"""The project as a whole: its tools are content, its files name no machine, its locks are true."""

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from django.core.management import call_command
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements"
# In pieces, so that this file passes its own test.
REGISTRIES = ["pypi" + ".org", "python" + "hosted.org", "npmjs" + ".org", "crates" + ".io"]
REGISTRIES += ["rubygems" + ".org", "proxy." + "golang", "yarnpkg" + ".com", "anaconda" + ".org"]
MACHINE_PATHS = ["/ro" + "ot/", "/wo" + "rk/", "/op" + "t/", "/ho" + "me/", "/Us" + "ers/"]
NAMED_IN_DOCUMENTATION = {"/op" + "t/": "docs/", "/ho" + "me/": "docs/"}


@pytest.mark.tool
@pytest.mark.slow
@pytest.mark.parametrize("target", ["lint-style", "lint-format", "lint-types", "lint-imports"])
def test_tool_is_content(target: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "MAKEFLAGS"}
    done = subprocess.run(
        ["make", target], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.django_db
def test_every_model_change_has_its_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=1)


# --- What the tracked files say ---------------------------------------------------------------


def tracked_files() -> list[Path]:
    """By git; in a copy without git, all but what was written while running."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    if (ROOT / ".git").exists():
        done = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True)
        found = [ROOT / name for name in done.stdout.split("\0") if name]
    else:
        found = [path for path in ROOT.rglob("*") if "var" not in path.relative_to(ROOT).parts]
    return [path for path in found if path.is_file()]


def lines_naming(words: list[str], *, allowed: dict[str, str] | None = None) -> list[str]:
    found = []
    pattern = re.compile("|".join(map(re.escape, words)))
    for path in tracked_files():
        name = path.relative_to(ROOT).as_posix()
        text = path.read_text(encoding="utf-8", errors="ignore")
        for number, line in enumerate(text.splitlines(), start=1):
            match = pattern.search(line)
            if match and not name.startswith((allowed or {}).get(match.group(), "\0")):
                found.append(f"{name}:{number}: {line.strip()[:100]}")
    return found


def test_no_file_names_a_package_registry() -> None:
    assert lines_naming(REGISTRIES) == []


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    assert lines_naming(MACHINE_PATHS, allowed=NAMED_IN_DOCUMENTATION) == []


def test_the_files_are_really_read() -> None:
    """The two tests above would pass on an empty list."""
    assert lines_naming(["really" + "_read"]) != []
    assert len(tracked_files()) > 50


def test_nothing_runs_below_its_floor() -> None:
    """A hole that was closed must not come back with an older version."""
    floors = tomllib.loads((REQUIREMENTS / "floors.toml").read_text())
    pinned = locked("base")
    low = [name for name in floors if Version(pinned[name]) < Version(floors[name]["version"])]
    assert low == []
    assert all(floor["reason"] for floor in floors.values())


# --- The lock files ---------------------------------------------------------------------------


def wanted(name: str) -> list[Requirement]:
    lines = (REQUIREMENTS / f"{name}.in").read_text().splitlines()
    words = [line.partition("#")[0].strip() for line in lines]
    return [Requirement(word) for word in words if word and not word.startswith("-")]


def locked(name: str) -> dict[str, str]:
    """Package -> version. A package may be pinned twice, for different machines."""
    pins = re.findall(r"^([\w.-]+)==([\w.!+-]+)", (REQUIREMENTS / f"{name}.txt").read_text(), re.M)
    return {canonicalize_name(package): version for package, version in pins}


@pytest.mark.parametrize("name", ["uv", "base", "dev", "audit", "attack"])
def test_the_lock_holds_what_is_wanted(name: str) -> None:
    pins = locked(name)
    missing = [
        str(requirement)
        for requirement in wanted(name)
        if not requirement.specifier.contains(pins.get(canonicalize_name(requirement.name), "0"))
        or canonicalize_name(requirement.name) not in pins
    ]
    assert missing == []


@pytest.mark.parametrize("name", ["uv", "base", "dev", "audit", "attack"])
def test_every_pin_has_its_hashes(name: str) -> None:
    text = (REQUIREMENTS / f"{name}.txt").read_text()
    entries = re.split(r"^(?=\w)", text, flags=re.M)
    assert [entry for entry in entries if "==" in entry and "--hash=sha256:" not in entry] == []


def test_tests_run_on_the_versions_that_the_site_runs_on() -> None:
    site, tests = locked("base"), locked("dev")
    assert {package: tests.get(package) for package in site} == site


def test_nothing_is_locked_that_nobody_wants() -> None:
    """A requirement that was taken out of the .in file has to leave the lock as well."""
    text = (REQUIREMENTS / "base.txt").read_text()
    direct = {
        canonicalize_name(entry.partition("==")[0])
        for entry in re.split(r"^(?=\w)", text, flags=re.M)
        if re.search(r"#\s+(via )?-r base\.in", entry)
    }
    assert direct == {canonicalize_name(requirement.name) for requirement in wanted("base")}
