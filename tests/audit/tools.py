"""The tools of the audit: each has an environment of its own, so that the site is not held to what
they pin, and is installed by the hashes of its lock the first time it is asked for.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = ROOT / "requirements"
OUT = ROOT / "var" / "audit"
LOCKS = {"reading": "audit.txt", "attack": "attack.txt"}
OBSERVATORY = "node_modules/@mdn/mdn-http-observatory"


class Missed(Exception):
    """What a tool found and should not have, or should have found and did not."""


def demand(true: bool, otherwise: str) -> None:
    if not true:
        raise Missed(otherwise)


def tool(environment: str, name: str) -> str:
    """The path of one of Python's tools."""
    folder, lock = OUT / environment, REQUIREMENTS / LOCKS[environment]
    if is_new(folder, lock):
        uv = [sys.executable, "-m", "uv"]
        subprocess.run([*uv, "venv", "--quiet", "--clear", folder], check=True)
        install = ["pip", "install", "--quiet", "--require-hashes", "--requirement", lock]
        subprocess.run([*uv, *install, "--python", folder / "bin" / "python"], check=True)
        note(folder, lock)
    return str(folder / "bin" / name)


def observatory_scanner() -> Path:
    """Mozilla's own scorer of headers, which runs on Node.js."""
    folder, source = OUT / "observatory", REQUIREMENTS / "observatory"
    demand(shutil.which("npm") is not None, "it needs Node.js 20 and npm on this machine")
    if is_new(folder, source / "package-lock.json"):
        shutil.copytree(source, folder, dirs_exist_ok=True)
        install = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run(install, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        # Browsers' own list of sites with HTTPS only; it would be fetched from outside.
        (folder / OBSERVATORY / "conf" / "hsts-preload.json").write_text("{}")
        note(folder, source / "package-lock.json")
    return folder / OBSERVATORY / "src" / "scan.js"


def is_new(folder: Path, lock: Path) -> bool:
    stamp = folder / "installed"
    return not stamp.exists() or stamp.read_text() != lock.read_text()


def note(folder: Path, lock: Path) -> None:
    (folder / "installed").write_text(lock.read_text())


def output(*command: str | Path, **options: Any) -> str:
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **options.pop("env", {})}
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=ROOT, env=environment, check=False, **options
    )
    return done.stdout or done.stderr
