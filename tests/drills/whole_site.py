"""A whole site on this machine, each of its processes there to be killed: web, worker, two beats,
Redis and PostgreSQL of its own, and a mail server that sometimes refuses.

It runs with the settings of production; whoever asks it plays the reverse proxy as well.
"""

import json
import logging
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import psycopg
from aiosmtpd.controller import Controller

from tests import postgres
from tests.drills.work import PEOPLE

PATIENCE = 180  # seconds
WEB = "gunicorn --config config/gunicorn.py config.wsgi"
WORKER = "celery --app config worker --loglevel WARNING --concurrency 2 --without-gossip"
BEAT = "celery --app config beat --loglevel WARNING --pidfile="
OFFICE = "tests.drills.work office"


class PostOffice:
    """Takes mails, refuses every fifth the first time, and remembers what it took."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str, str]] = []
        self.lock = threading.Lock()
        self.seen: set[str] = set()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        message = message_from_bytes(envelope.content, policy=policy.default)
        body = message.get_body(("plain",))  # type: ignore[attr-defined]
        number = str(message["Message-ID"])
        with self.lock:
            is_new = number not in self.seen
            self.seen.add(number)
            if is_new and len(self.seen) % 5 == 0:
                return "451 4.7.1 Come back later"
            self.taken.append((str(message["To"]), number, body.get_content()))
        return "250 OK"

    def to(self, address: str) -> list[str]:
        with self.lock:
            return [text for to, _number, text in self.taken if address in to]

    def times(self) -> Counter[str]:
        with self.lock:
            return Counter(number for _to, number, _text in self.taken)


class Site:
    def __init__(self, place: Path, post: PostOffice, mail_port: int) -> None:
        self.place, self.post = place, post
        self.web, self.redis = free_port(), free_port()
        self.running: dict[str, subprocess.Popen[Any]] = {}
        self.ended: Counter[str] = Counter()
        self.clerk: subprocess.Popen[str] | None = None
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.drills.settings",
            "SITE_MODE": "production",
            "SITE_URL": "https://drill.example",
            "SECRET_KEY": secrets.token_urlsafe(64),
            "DATABASE_URL": f"postgresql://postgres@/site?host={place}",
            "CELERY_BROKER_URL": f"redis://127.0.0.1:{self.redis}/0",
            "CACHE_URL": f"redis://127.0.0.1:{self.redis}/1",
            "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
            "VAR_DIR": str(place / "var"),
            # On another disk than the database, as docs/operations.md asks.
            "ERASURE_LEDGER": str(place / "elsewhere" / "erasures.jsonl"),
        }

    # --- Starting and ending -------------------------------------------------------------------

    def install(self) -> None:
        """An empty database, and what the disk needs."""
        (self.place / "var").mkdir()
        postgres.initialise(self.place)
        self.start("database")
        server = f"postgresql://postgres@/postgres?host={self.place}"
        with psycopg.connect(server, autocommit=True) as line:
            line.execute("CREATE DATABASE site")
            # What was promised survives a crash of the server, as where fsync is on.
            line.execute("ALTER DATABASE site SET synchronous_commit = on")

    def set_up(self) -> None:
        self.manage("migrate", "-v0")
        self.manage("compile_translations")
        self.manage("collectstatic", "--no-input", "-v0")

    def run(self, *names: str) -> None:
        for name in names:
            self.start(name)
        self.wait_until_ready()

    def lose(self) -> None:
        """The machine burns: database, pictures and all. What lay elsewhere is left."""
        self.stop()
        for folder in ("data", "var"):
            shutil.rmtree(self.place / folder)

    def start(self, name: str) -> None:
        if name == "database":
            self.running[name] = postgres.serve(self.place)
        else:
            self.running[name] = self.spawn(*self.command(name), log=name)

    def command(self, name: str) -> list[str]:
        if name == "redis":
            # Nothing is kept: each start is as after FLUSHALL.
            return ["redis-server", "--port", str(self.redis), "--save", "", "--appendonly", "no"]
        words = {"web": WEB, "worker": WORKER, "office": OFFICE}.get(name, BEAT).split()
        own = {"web": ["--bind", f"127.0.0.1:{self.web}"], "worker": [], "office": []}
        schedule = ["--schedule", str(self.place / "var" / name)]
        return [sys.executable, "-m", *words, *own.get(name, schedule)]

    def spawn(self, *command: str, log: str = "work") -> subprocess.Popen[Any]:
        with (self.place / f"{log}.log").open("ab") as output:
            return subprocess.Popen(
                # None outlives the drill.
                ["setpriv", "--pdeathsig=KILL", *command],
                env=self.environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def kill(self, *names: str) -> float:
        """As a power cut would, and at once on again, as by systemd. Returns the moment between."""
        for name in names:
            self.end(name)
        moment = time.time()
        for name in names:
            self.start(name)
        return moment

    def end(self, name: str) -> None:
        process = self.running.pop(name)
        if name == "database":
            postgres.stop(process)  # immediate: it does not say good-bye, and recovers
        else:
            end_group(process)

    def stop(self) -> None:
        if self.clerk is not None:
            self.clerk.communicate()  # nobody asks any more
            self.clerk = None
        for name in list(self.running)[::-1]:
            self.end(name)

    # --- Asking it -----------------------------------------------------------------------------

    def managed(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "manage.py", *words]
        return subprocess.run(
            command, env=self.environment, capture_output=True, text=True, check=False
        )

    def manage(self, *words: str) -> str:
        done = self.managed(*words)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def prepare(self, first: int = 0, count: int = PEOPLE) -> None:
        self.asked(f"prepare {first} {count}")

    def examined(self) -> dict[str, Any]:
        told: dict[str, Any] = self.asked("examined")
        return told

    def asked(self, question: str) -> Any:
        """What the clerk says: a process of its own, which is not killed and keeps every guard."""
        if self.clerk is None:
            self.clerk = self._clerk()
        assert self.clerk.stdin is not None
        assert self.clerk.stdout is not None
        print(question, file=self.clerk.stdin, flush=True)
        answer = self.clerk.stdout.readline()
        assert answer, (self.place / "clerk.log").read_text()[-2000:]
        return json.loads(answer)

    def _clerk(self) -> subprocess.Popen[str]:
        environment = {**self.environment}
        environment.pop("DRILL_UNSAFE", None)
        with (self.place / "clerk.log").open("ab") as output:
            return subprocess.Popen(
                [sys.executable, "-m", "tests.drills.work", "clerk"],
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                text=True,
            )

    def work(self, activity: str, log: str = "work") -> subprocess.Popen[Any]:
        return self.spawn(sys.executable, "-m", "tests.drills.work", activity, log=log)

    def wait_until_ready(self, since: float | None = None) -> float:
        """Returns the seconds until the web answers, with all that it cannot do without; with
        `since`, also until beat has called and the worker has heard after that moment.
        """
        begun = time.monotonic()
        while time.monotonic() < begun + PATIENCE:
            if self.is_ready() and (since is None or self.heard_at() > since):
                return time.monotonic() - begun
            time.sleep(0.2)
            self.revive()
        raise AssertionError(f"the site did not come up: {self.told('/readyz')}\n{self.logged()}")

    def logged(self) -> str:
        """The end of each process's log."""
        logs = sorted(self.place.glob("*.log"))
        return "\n".join(f"--- {log.name}\n{log.read_text()[-2000:]}" for log in logs)

    def revive(self) -> None:
        """What has ended by itself is started again, as by systemd (`Restart=always`).

        The worker does so when the connection to its broker breaks at a certain moment: kombu
        then asks for the address of a connection that it has let go.
        """
        for name in [name for name, process in self.running.items() if process.poll() is not None]:
            self.ended[name] += 1
            self.start(name)

    def is_ready(self) -> bool:
        return self.told("/readyz")[0] == 200

    def heard_at(self) -> float:
        said = self.told("/metrics")[1]
        heard = re.search(r"^dpforum_heard_seconds ([\d.]+)$", said, re.MULTILINE)
        return float(heard[1]) if heard else 0.0

    def told(self, path: str) -> tuple[int, str]:
        """Asked on the machine itself: by the proxy it would have a header. 0 is no answer."""
        request = Request(f"http://127.0.0.1:{self.web}{path}", headers={"Host": "drill.example"})
        try:
            with urlopen(request, timeout=15) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except OSError:
            return 0, ""


def end_group(process: subprocess.Popen[Any]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def whole_site(on_disk: Callable[[Path], None] = lambda _data: None) -> Iterator[Site]:
    """`on_disk` is given the folder that the database will fill."""
    place = Path(tempfile.mkdtemp(prefix="drill."))
    post, mail_port = PostOffice(), free_port()
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    controller = Controller(post, hostname="127.0.0.1", port=mail_port)
    controller.start()
    site = Site(place, post, mail_port)
    on_disk(place / "data")
    try:
        site.install()
        site.set_up()
        yield site
    finally:
        site.stop()
        controller.stop()
        shutil.rmtree(place, ignore_errors=True)
