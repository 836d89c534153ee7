"""Gets what the site runs on: var/venv from the lock files, and Debian packages for the tests.

    python3 requirements/install.py base       what the site needs
    python3 requirements/install.py dev        the same, and the tools for tests and style
    python3 requirements/install.py system     PostgreSQL, Chromium, Redis: for tests and drills

Plain standard library, run by the machine's own Python: nothing else is there yet. Quick when
there is nothing to do: a stamp in the environment remembers the lock files it was made from.
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TextIO

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements"
CACHE = ROOT / "var" / "cache"
VENV = ROOT / "var" / "venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed"
OLDEST_PYTHON = (3, 11)

# The files that decide what is installed. `dev` holds everything that `base` holds.
LOCK_FILES = {
    "base": ["uv.txt", "base.txt"],
    "dev": ["uv.txt", "base.txt", "dev.txt"],
}
# What must be found on the machine -> the Debian package that brings it.
SYSTEM_PACKAGES = {
    "/usr/lib/postgresql/*/bin/initdb": "postgresql",
    "/usr/bin/chromium": "chromium",
    "/usr/bin/redis-server": "redis-server",
}


def main() -> None:
    if sys.version_info < OLDEST_PYTHON:
        stop("Python 3.11 or newer is needed; this is {}.{}.".format(*sys.version_info))
    what = sys.argv[1] if len(sys.argv) == 2 else ""
    if what == "system":
        install_system_packages()
    elif what in LOCK_FILES:
        if not is_installed(what):
            with only_one_at_a_time():
                install(what)
    else:
        stop(str(__doc__))


def stop(message: str) -> None:
    sys.exit("\n" + message + "\n")


def say(message: str) -> None:
    print(" · " + message, flush=True)


# --- The environment --------------------------------------------------------------------------


def fingerprint(what: str) -> str:
    digest = hashlib.sha256(f"{what} {sys.version_info[:2]}".encode())
    for name in LOCK_FILES[what]:
        digest.update((REQUIREMENTS / name).read_bytes())
    return digest.hexdigest()


def is_installed(what: str) -> bool:
    return PYTHON.exists() and STAMP.exists() and fingerprint(what) in STAMP.read_text()


def install(what: str) -> None:
    if is_installed(what):  # by the one we waited for
        return
    started = time.monotonic()
    say(f"Installing the {len(pinned(what))} Python packages of requirements/{what}.txt ...")
    if not has_pip():
        make_environment()
    STAMP.unlink(missing_ok=True)
    run(PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", requirements("uv"))
    sync(what)
    kinds = ["base", "dev"] if what == "dev" else ["base"]
    STAMP.write_text("".join(fingerprint(kind) + "\n" for kind in kinds))
    say(f"Installed in {time.monotonic() - started:.0f} s.")


def pinned(what: str) -> list[str]:
    return [line for line in requirements(what).read_text().splitlines() if "==" in line]


def requirements(name: str) -> Path:
    return REQUIREMENTS / f"{name}.txt"


def has_pip() -> bool:
    return PYTHON.exists() and succeeds(PYTHON, "-m", "pip", "--version")


def make_environment() -> None:
    if importlib.util.find_spec("ensurepip") is None:  # Debian keeps it in a package of its own
        apt_install(["python3-venv"])
    run(sys.executable, "-m", "venv", "--clear", VENV)


def sync(what: str) -> None:
    """uv takes seconds; pip takes a minute, but knows mirrors that only pip was told of."""
    uv = (PYTHON, "-m", "uv", "pip", "sync", "--quiet", "--require-hashes", "--python", PYTHON)
    if succeeds(*uv, requirements(what)):
        return
    say("uv could not do it; trying again with pip, which takes about a minute ...")
    run(PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", requirements(what))


# --- Debian packages --------------------------------------------------------------------------


def install_system_packages() -> None:
    packages = [
        package for place, package in SYSTEM_PACKAGES.items() if not list(Path("/").glob(place[1:]))
    ]
    if packages:
        apt_install(packages)


def apt_install(packages: list[str]) -> None:
    names = " ".join(packages)
    as_root = root_prefix()
    if shutil.which("apt-get") is None or as_root is None:
        stop(
            f"Missing on this machine: {names}. Install it and start again; on Debian:\n\n"
            f"    sudo apt-get install --no-install-recommends {names}"
        )
        return
    say(f"Installing from Debian: {names} ...")
    apt = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet=2"]
    apt += ["--option", "DPkg::Lock::Timeout=120"]
    run(*apt, "update")
    run(*apt, "install", "--yes", "--no-install-recommends", *packages)


def root_prefix() -> "list[str] | None":
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and succeeds("sudo", "--non-interactive", "true"):
        return ["sudo", "--non-interactive"]
    return None


# --- Running other programs -------------------------------------------------------------------


def only_one_at_a_time() -> "TextIO":
    """Two makes at once would write into the same environment; the second one waits here."""
    CACHE.mkdir(parents=True, exist_ok=True)
    lock = (CACHE / "install.lock").open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def surroundings() -> "dict[str, str]":
    """Caches stay under var/, and uv trusts the certificates that the machine trusts."""
    return {
        **os.environ,
        "PIP_CACHE_DIR": str(CACHE / "pip"),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "UV_CACHE_DIR": str(CACHE / "uv"),
        "UV_SYSTEM_CERTS": "1",
    }


def run(*command: object) -> None:
    words = [str(word) for word in command]
    if subprocess.run(words, env=surroundings(), check=False).returncode != 0:
        stop("This did not succeed:\n\n    " + " ".join(words))


def succeeds(*command: object) -> bool:
    words = [str(word) for word in command]
    done = subprocess.run(words, env=surroundings(), capture_output=True, text=True, check=False)
    if done.returncode != 0 and "uv" in words:
        print(done.stderr, file=sys.stderr)
    return done.returncode == 0


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
