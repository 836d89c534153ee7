"""A real web server and somebody who asks it: gunicorn with two workers and the settings of
production, on PostgreSQL and Redis, asked over HTTP as through the reverse proxy.

CPU is user and system time of the server's processes, from /proc: far steadier than requests a
second on a machine that others use as well.
"""

import functools
import gzip
import http.client
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings

from tests.benchmarks.counting import HEADER
from tests.drills.whole_site import free_port
from tests.events import pages
from tests.processes import database_url

REQUESTS = int(os.environ.get("BENCH_REQUESTS", "50"))
TICKS = os.sysconf("SC_CLK_TCK")
WARM = 10
HOST = "bench.example"
GUNICORN = "gunicorn config.wsgi --workers 2 --worker-class gthread --threads 4 --keep-alive 75"


# --- Who asks -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    status: int
    content: bytes
    location: str

    def fields(self, having: str) -> dict[str, str]:
        """What the form with that field would send if nothing were typed."""
        return pages.fields(self, having)  # type: ignore[arg-type]

    def token(self) -> dict[str, str]:
        """What a form with nothing but a button sends."""
        name = "csrfmiddlewaretoken"
        tokens = [form["fields"][name] for form in pages.forms(self) if name in form["fields"]]  # type: ignore[arg-type]
        return {name: tokens[0]}


class Browser:
    """Of one visitor: a line that is kept open, cookies, an address of its own."""

    def __init__(
        self, port: int, cookies: Mapping[str, str] | None = None, number: int = 0
    ) -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies = dict(cookies or {})
        self.number = number
        self.waited_ms, self.queries = 0.0, 0

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None)

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        return self._ask("POST", path, urlencode(fields))

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        begun = time.perf_counter()
        self.line.request(method, path, body=body, headers=self._headers())
        answer = self.line.getresponse()
        content = answer.read()
        self.waited_ms += (time.perf_counter() - begun) * 1000
        self.queries += int(answer.headers[HEADER])
        self._remember(answer.headers.get_all("Set-Cookie") or [])
        if answer.headers["Content-Encoding"] == "gzip":
            content = gzip.decompress(content)
        return Answer(answer.status, content, urlsplit(answer.headers["Location"] or "").path)

    def _headers(self) -> dict[str, str]:
        headers = {
            "Host": HOST,
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": f"10.{self.number // 250}.{self.number % 250}.7",
            "Referer": f"https://{HOST}/",
            "Accept-Encoding": "gzip",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        told = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {**headers, "Cookie": told} if told else headers

    def _remember(self, cookies: Iterable[str]) -> None:
        for cookie in cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value


# --- What is asked ------------------------------------------------------------------------------


class Server:
    def __init__(self, port: int, environment: dict[str, str]) -> None:
        self.port = port
        self.browsers: list[Browser] = []
        bound = ["--no-control-socket", "--bind", f"127.0.0.1:{port}"]
        self.process = started([sys.executable, "-m", *GUNICORN.split(), *bound], environment)

    def cpu(self) -> float:
        """Seconds that its processes have worked."""
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return sum(worked(number) for number in [str(pid), *children])

    def browser(self, cookies: Mapping[str, str] | None = None, number: int = 0) -> Browser:
        self.browsers.append(Browser(self.port, cookies, number))
        return self.browsers[-1]

    def wait(self) -> None:
        browser = self.browser()
        for _ in range(200):
            try:
                browser.get("/healthz")
                return
            except (OSError, http.client.HTTPException):
                browser.line.close()
                time.sleep(0.1)
        raise AssertionError("the server did not start")

    def stop(self) -> None:
        for browser in self.browsers:
            browser.line.close()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def started(
    command: list[str], environment: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """It does not outlive whoever measures."""
    return subprocess.Popen(
        ["setpriv", "--pdeathsig=TERM", *command],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def worked(pid: str, *, with_ended: bool = False) -> float:
    """Seconds, user and system; `with_ended` also what its ended children had worked."""
    # After the name, which may hold spaces: they are the 12th and 13th, the children's next.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11 : 15 if with_ended else 13])) / TICKS


@contextmanager
def serving(directory: Path, **more: str) -> Iterator[Server]:
    """`more` are settings: pages are made anew for each unless PAGES_KEPT_S says otherwise."""
    with redis() as port:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings",
            "SITE_MODE": "production",
            "SITE_URL": f"https://{HOST}",
            "SECRET_KEY": settings.SECRET_KEY,  # by which people are logged in
            "DATABASE_URL": database_url(),
            "CELERY_BROKER_URL": f"redis://127.0.0.1:{port}/0",
            "CACHE_URL": f"redis://127.0.0.1:{port}/1",
            "EMAIL_URL": "smtp://127.0.0.1:9",
            "VAR_DIR": str(directory),
            "PAGES_KEPT_S": "0",
            **more,
        }
        (directory / "locale").symlink_to(Path("var/locale").resolve())
        (directory / "static").symlink_to(static_files())
        server = Server(free_port(), environment)
        try:
            server.wait()
            yield server
        finally:
            server.stop()


@contextmanager
def redis() -> Iterator[int]:
    port = free_port()
    command = ["redis-server", "--port", str(port), "--save", "", "--appendonly", "no"]
    process = started(command)
    try:
        yield port
    finally:
        process.terminate()
        process.wait()


@functools.cache
def static_files() -> Path:
    """Collected once for all servers of a run."""
    var = Path("var/benchmarks/site").resolve()
    environment = {**os.environ, "VAR_DIR": str(var), "SITE_MODE": "demo"}
    command = [sys.executable, "manage.py", "collectstatic", "--no-input", "-v0"]
    subprocess.run(command, env=environment, check=True)
    return var / "static"


# --- Measuring ----------------------------------------------------------------------------------


def measure(
    server: Server, benchmark: Any, act: Callable[[Browser], Any], browsers: Iterable[Browser]
) -> None:
    """What each does, one after the other. What a browser does between its requests is its own."""
    told: list[tuple[float, int]] = []
    begun = server.cpu()
    benchmark.pedantic(lambda: told.extend(done(act, browser) for browser in browsers), rounds=1)
    benchmark.extra_info.update(figures(told, server.cpu() - begun))


def done(act: Callable[..., Any], browser: Browser, *more: Any) -> tuple[float, int]:
    """Milliseconds that were waited for, and queries."""
    waited, queries = browser.waited_ms, browser.queries
    act(browser, *more)
    return browser.waited_ms - waited, browser.queries - queries


def figures(told: list[tuple[float, int]], cpu: float) -> dict[str, float]:
    """`cpu` is the server's for all of it."""
    waited, queries = zip(*told, strict=True)
    ranked = statistics.quantiles(waited, n=100, method="inclusive")
    return {
        "cpu": cpu / len(told),
        "p50": ranked[49],
        "p99": ranked[98],
        "queries": statistics.median(queries),
        "items": len(told),
    }


def measure_page(
    server: Server, benchmark: Any, path: str, cookie: str = "", times: int = REQUESTS
) -> None:
    """`cookie` as a browser would send it."""
    browser = server.browser(dict(one.split("=", 1) for one in cookie.split("; ") if one))

    def look(browser: Browser) -> None:
        answer = browser.get(path)
        assert answer.status == 200, (path, answer.status, answer.location)

    for _ in range(min(times, WARM)):  # both workers have read the templates
        look(browser)
    measure(server, benchmark, look, [browser] * times)
