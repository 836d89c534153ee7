"""A PostgreSQL cluster that lives as long as one test run.

    python -m tests.postgres COMMAND...     runs the command with DATABASE_URL set

Made of the machine's own PostgreSQL binaries, reached by a unix socket only, run as the user
`postgres` when we are root (the server refuses root). It never outlives its user: a keeper process
holds one end of a pipe, and when the other end closes, for whatever reason (kill -9 as well), it
stops the server and removes the files. Should the keeper itself be killed, the kernel stops the
server and the next run removes the files.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# A socket's path may be 107 bytes long and the user `postgres` must be able to enter it:
# the project's own var/ promises neither.
PLACE = Path(tempfile.gettempdir())
PREFIX = "throw-away-postgresql."
# What is thrown away need not survive a power cut.
SERVER_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "500",  # two workers may have two hundred people each at one moment
    "shared_buffers": "256MB",
}


@contextmanager
def cluster() -> Iterator[str]:
    """The DATABASE_URL of a fresh cluster, for as long as the block runs."""
    keeper = subprocess.Popen(
        [sys.executable, "-m", "tests.postgres", "--keep"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C stops the tests; the keeper hears of it by the pipe
    )
    assert keeper.stdin is not None
    assert keeper.stdout is not None
    try:
        url = keeper.stdout.readline().strip()
        if not url:
            raise RuntimeError("PostgreSQL did not start; what it said is above.")
        yield url
    finally:
        keeper.stdin.close()
        keeper.wait(timeout=30)
        keeper.stdout.close()


# --- The keeper -------------------------------------------------------------------------------


def keep() -> None:
    remove_leftovers()
    directory = Path(tempfile.mkdtemp(prefix=PREFIX, dir=PLACE))
    with (directory / "in-use").open("w") as mark:
        fcntl.flock(mark, fcntl.LOCK_EX)
        server = None
        try:
            server = start(directory)
            print(f"postgresql://postgres@/postgres?host={directory}", flush=True)
            sys.stdin.read()  # until the other end is closed
        finally:
            if server is not None:
                stop(server)
            shutil.rmtree(directory, ignore_errors=True)


def remove_leftovers() -> None:
    """What a killed keeper left: nobody holds its mark any more."""
    for directory in PLACE.glob(f"{PREFIX}*"):
        try:
            with (directory / "in-use").open("w") as mark:
                fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(directory, ignore_errors=True)
        except OSError:
            continue  # in use, or another user's


def start(directory: Path) -> subprocess.Popen[bytes]:
    initialise(directory)
    return serve(directory)


def initialise(directory: Path) -> None:
    """An empty cluster in the folder's `data`."""
    binaries, data = newest_binaries(), directory / "data"
    if os.geteuid() == 0:
        shutil.chown(directory, "postgres")
    initdb = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]
    subprocess.run(
        [*as_postgres(), f"{binaries}/initdb", f"--pgdata={data}", "--no-sync", *initdb],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=directory,
    )


def serve(directory: Path) -> subprocess.Popen[bytes]:
    """The server of the folder's cluster, which takes connections from here on."""
    binaries, data, log = newest_binaries(), directory / "data", directory / "log"
    settings = {**SERVER_SETTINGS, "unix_socket_directories": directory}
    command = [f"{binaries}/postgres", "-D", data]
    command += [f"--{name}={value}" for name, value in settings.items()]
    with log.open("wb") as output:
        server = subprocess.Popen(
            # Without its keeper the server gets SIGQUIT, which ends it at once.
            [*as_postgres("--pdeathsig=QUIT"), *command],
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=directory,
        )
    wait_until_ready(directory, server)
    return server


def wait_until_ready(directory: Path, server: subprocess.Popen[bytes]) -> None:
    """The eighth line of the server's own file says `ready` when it takes connections."""
    status = directory / "data" / "postmaster.pid"
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and server.poll() is None:
        lines = status.read_text().splitlines() if status.exists() else []
        if len(lines) >= 8 and lines[7].strip() == "ready":
            return
        time.sleep(0.02)
    print((directory / "log").read_text(), file=sys.stderr)
    raise RuntimeError("PostgreSQL did not start.")


def stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGQUIT)
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def newest_binaries() -> Path:
    found = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(found, key=lambda path: float(path.parts[4]), default=None)
    if newest is None:
        sys.exit("PostgreSQL is not installed. On Debian: sudo apt-get install postgresql")
    return newest.parent


def as_postgres(*options: str) -> list[str]:
    if os.geteuid() != 0:
        return ["setpriv", *options] if options else []
    user = ["--reuid=postgres", "--regid=postgres", "--init-groups", "--reset-env"]
    return ["setpriv", *user, *options]


def main() -> int:
    if sys.argv[1:] == ["--keep"]:
        keep()
        return 0
    if not sys.argv[1:]:
        print(__doc__)
        return 2
    with cluster() as url:
        environment = {**os.environ, "DATABASE_URL": url}
        return subprocess.run(sys.argv[1:], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
