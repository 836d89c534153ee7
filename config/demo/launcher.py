"""`make demo`: the whole site on this machine, as real processes, until Ctrl-C.

Only the standard library is imported here: while a Django process prepares the database and the
files (or is skipped, because nothing has changed), this one keeps watch.
"""

import errno
import fcntl
import hashlib
import http.client
import os
import secrets
import shutil
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.demo.places import DATABASE, KEEP, LOGS, ROOT, VAR
from config.demo.processes import DemoError, Processes, StopRequest

PREPARED = KEEP / "prepared"
PATIENCE = 60  # seconds for the first page
ALONE = ("--without-gossip", "--without-mingle", "--without-heartbeat")
STRIPE_STAND_IN = ROOT / "config" / "demo" / "stripe_stand_in"
# Names of settings; whoever sets one gets told at once when it does not work.
GIVEN = frozenset(
    [
        *("DATABASE_URL", "CACHE_URL", "CELERY_BROKER_URL", "EMAIL_URL"),
        *("SITE_URL", "SECRET_KEY", "TRUSTED_PROXY_COUNT"),
        *("STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET", "STRIPE_API_BASE"),
        *("RECAPTCHA_PUBLIC_KEY", "RECAPTCHA_PRIVATE_KEY"),
    ]
)
# What the preparation depends on. Unchanged since the last time: nothing to prepare.
INGREDIENTS = (
    "*/migrations/*.py",
    "locale/**/*.po",
    "static/**/*",
    "requirements/base.txt",
    "config/settings.py",
)


def main() -> int:
    started = time.monotonic()
    try:
        port = wanted_port()
        with only_demo(port):
            refuse_if_taken(port)
            with Processes(surroundings(port)) as processes:
                return run(processes, port, started)
    except DemoError as error:
        print(f"\n{error}\n", file=sys.stderr)
        return 1


def run(processes: Processes, port: int, started: float) -> int:
    try:
        prepare(processes)
        start_all(processes, port, started)
        while True:
            processes.pause(0.3)  # starts again what was killed
    except StopRequest:
        say("Stopping ...")
        processes.stop()
        say("Stopped.")
        return 0


# --- Before anything is started ---------------------------------------------------------------


def wanted_port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise DemoError(f"PORT={text} is no port. Use a number like: make demo PORT=8001")
    return int(text)


@contextmanager
def only_demo(port: int) -> Iterator[None]:
    """Two demos would write into one database. The kernel frees the lock, however we end."""
    KEEP.mkdir(parents=True, exist_ok=True)
    with (KEEP / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise DemoError(
                f"The demo is already running at {lock.read().strip()}\n"
                "Look there, or stop it first: Ctrl-C in its window."
            ) from None
        lock.truncate(0)
        lock.write(address(port))
        lock.flush()
        yield


def address(port: int) -> str:
    return f"http://localhost:{port}"


def refuse_if_taken(port: int) -> None:
    try:
        is_free(port)
    except PermissionError:
        raise DemoError(
            f"Port {port} needs rights you do not have. Try: make demo PORT=8001"
        ) from None
    if not is_free(port):
        other = next(number for number in range(port + 1, port + 1000) if is_free(number))
        raise DemoError(
            f"Port {port} is taken by another program on this machine.\n"
            f"Choose another one: make demo PORT={other}"
        )


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        # Connections that an earlier run has closed do not count, as they do not for the server.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise
    return True


def surroundings(port: int) -> dict[str, str]:
    """The environment of all processes. What the user has set wins, except for the mode."""
    ours = {
        "SECRET_KEY": kept_secret("secret_key"),
        "SITE_URL": address(port),
        "VAR_DIR": str(VAR),
        "TMPDIR": str(made(VAR / "tmp")),  # the file broker hands its messages over there
        "PYTHONPYCACHEPREFIX": str(VAR / "cache" / "python"),
        **stripe_stand_in(port),
    }
    always = {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SITE_MODE": "demo",
        "PYTHONUNBUFFERED": "1",
    }
    return {**ours, **os.environ, **always}


def stripe_stand_in(port: int) -> dict[str, str]:
    """Keys for our own small Stripe, unless the user brings keys of the real one."""
    if os.environ.get("STRIPE_SECRET_KEY") or not STRIPE_STAND_IN.exists():
        return {}
    # Near our own port, so that it is mostly the same one and open payment pages stay good.
    own_port = next(number for number in range(port + 1, port + 1000) if is_free(number))
    return {
        "STRIPE_API_BASE": f"http://localhost:{own_port}",
        "STRIPE_SECRET_KEY": "sk_test_" + kept_secret("stripe_key"),
        "STRIPE_WEBHOOK_SECRET": "whsec_" + kept_secret("stripe_webhook"),
    }


def kept_secret(name: str) -> str:
    """Invented once, then always the same: log-ins and signed links survive a restart."""
    path = made(KEEP) / name
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32))  # letters and digits: Stripe's keys have no others
    return path.read_text()


def made(directory: Path) -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    return directory


# --- The preparation --------------------------------------------------------------------------


def prepare(processes: Processes) -> None:
    """Files and database, by a Django process that is skipped when nothing has changed."""
    if GIVEN.intersection(os.environ):
        run_preparation(processes, ["surroundings"])
    own_database = "DATABASE_URL" not in processes.environment
    state = fingerprint()
    unchanged = PREPARED.exists() and PREPARED.read_text() == state
    if unchanged and own_database and DATABASE.exists():
        return
    parts = ["database"] if unchanged else ["files", "database"]
    if own_database and not DATABASE.exists():
        fill_new_database(processes, parts)
    else:
        run_preparation(processes, parts)
    PREPARED.write_text(state)


def fill_new_database(processes: Processes, parts: list[str]) -> None:
    """Filled under another name: an interrupted start leaves no half association behind."""
    unfinished = DATABASE.with_suffix(".unfinished")
    for leftover in VAR.glob(f"{unfinished.name}*"):
        leftover.unlink()
    run_preparation(processes, parts, DATABASE_URL=f"sqlite:///{unfinished}")
    unfinished.rename(DATABASE)


def run_preparation(processes: Processes, parts: list[str], **environment: str) -> None:
    """Each part in a process of its own: one that began without translations has none."""
    for part in parts:
        if not processes.finish("config.demo.preparation", part, **environment):
            raise DemoError("The demo could not be prepared; the reason is above.")


def fingerprint() -> str:
    digest = hashlib.sha256()
    for pattern in INGREDIENTS:
        for path in sorted(ROOT.glob(pattern)):
            status = path.stat()
            digest.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


# --- The processes ----------------------------------------------------------------------------


def start_all(processes: Processes, port: int, started: float) -> None:
    """The web server first: the others may take their time while the first page is read."""
    empty_broker()
    web = ["--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--workers", "2"]
    web += ["--threads", "4", "--graceful-timeout", "2", "--access-logfile", "-"]
    processes.start("web", "gunicorn", "config.wsgi", "--no-control-socket", *web)
    wait_for_first_page(processes, port)
    seconds = time.monotonic() - started
    start_stripe(processes)
    processes.start("worker", *celery("worker"), "--concurrency", "1", *ALONE)
    processes.start("beat", *celery("beat"), "--pidfile=")
    show_screen(processes, port, seconds)


def start_stripe(processes: Processes) -> None:
    host, _, port = processes.environment.get("STRIPE_API_BASE", "").rpartition(":")
    if host == "http://localhost" and STRIPE_STAND_IN.exists():
        state = str(KEEP / "stripe.sqlite3")
        processes.start("stripe", "config.demo.stripe_stand_in", "--port", port, "--state", state)


def celery(kind: str) -> tuple[str, ...]:
    return ("celery", "--app", "config", kind, "--loglevel", "INFO")


def empty_broker() -> None:
    """What lies there belongs to a run that is over. The database remembers what is to be done."""
    shutil.rmtree(VAR / "broker", ignore_errors=True)
    for folder in ("queue", "control"):
        made(VAR / "broker" / folder)


def wait_for_first_page(processes: Processes, port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        processes.pause(0.05)
        status = status_of_first_page(port)
        if status is not None and status < 500:
            return
        if status is not None:
            raise DemoError(f"The start page answers with {status}.\n\n{words_of_web(processes)}")
    raise DemoError(f"No page after {PATIENCE} seconds.\n\n{words_of_web(processes)}")


def words_of_web(processes: Processes) -> str:
    web = processes.all[0]
    return f"The end of {web.log}:\n\n{web.last_words()}"


def status_of_first_page(port: int) -> int | None:
    connection = http.client.HTTPConnection("localhost", port, timeout=PATIENCE)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status
    except OSError:
        return None  # not listening yet
    finally:
        connection.close()


# --- What the user sees -----------------------------------------------------------------------


def say(text: str) -> None:
    print(f" · {text}", flush=True)


def show_screen(processes: Processes, port: int, seconds: float) -> None:
    logs = ", ".join(f"{process.name}.log" for process in processes.all)
    site = address(port)
    print(
        f"""
   Forum för Dataskydd is running (first page after {seconds:.1f} s)

     The site    {site}/
     Log in      as any member or staff, one click in the bar at the top of each page
     Mail        {site}/demo/mail/  every mail that was sent
     Admin       {site}/admin/  after logging in as staff
     Logs        {shown(LOGS)}/  {logs}
     Stop        Ctrl-C.  Start over with other data: make clean
""",
        flush=True,
    )


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


if __name__ == "__main__":
    sys.exit(main())
