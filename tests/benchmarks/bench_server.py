"""CPU that a real web server takes for a page: gunicorn with two workers, on PostgreSQL.

User and system time of the server's processes over so many requests, from /proc: far steadier than
requests a second on a machine that others use as well. Beside it the times that a visitor waits.
"""

import http.client
import os
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from events.models import Booking
from members.models import User
from tests.benchmarks.bench_pages import cookie_of, member_of_three_years, programme
from tests.benchmarks.conftest import SERVED
from tests.factories import events, members
from tests.factories.news import create_articles
from tests.processes import database_url

pytestmark = [pytest.mark.usefixtures("site"), pytest.mark.benchmark(group=SERVED)]

REQUESTS = int(os.environ.get("BENCH_REQUESTS", "200"))
TICKS = os.sysconf("SC_CLK_TCK")


class Server:
    def __init__(self, port: int, environment: dict[str, str]) -> None:
        self.port = port
        command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--workers", "2"]
        command += ["--worker-class", "gthread", "--threads", "4", "--no-control-socket"]
        self.process = subprocess.Popen(
            [*command, "--bind", f"127.0.0.1:{port}"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def cpu(self) -> float:
        """Seconds that its processes have worked."""
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return sum(worked(number) for number in [str(pid), *children])

    def get(self, path: str, cookie: str = "", times: int = REQUESTS) -> list[float]:
        """Milliseconds until each answer was whole; one line, kept open."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        waited = []
        for _ in range(times):
            begun = time.perf_counter()
            line.request("GET", path, headers={"Cookie": cookie} if cookie else {})
            answer = line.getresponse()
            answer.read()
            waited.append((time.perf_counter() - begun) * 1000)
            assert answer.status == 200, (path, answer.status)
        line.close()
        return waited

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def worked(pid: str, *, with_ended: bool = False) -> float:
    """Seconds, user and system; `with_ended` also what its ended children had worked."""
    # After the name, which may hold spaces: they are the 12th and 13th, the children's next.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11 : 15 if with_ended else 13])) / TICKS


@contextmanager
def serving(directory: Path, **more: str) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "SITE_MODE": "test",
        "DATABASE_URL": database_url(),
        "VAR_DIR": str(directory),
        "CACHE_URL": f"filecache://{directory}/cache",
        "REMEMBERED_S": "10",
        **more,
    }
    (directory / "locale").symlink_to(Path("var").resolve() / "locale")
    (directory / "static").mkdir()
    started = Server(port, environment)
    for _ in range(200):
        try:
            started.get("/healthz", times=1)
            break
        except OSError:
            time.sleep(0.2)
    yield started
    started.stop()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serving(tmp_path) as started:
        yield started


@pytest.fixture
def served(server: Server, benchmark: Any) -> Callable[..., None]:
    return partial(measure, server, benchmark)


def measure(
    server: Server, benchmark: Any, path: str, cookie: str = "", times: int = REQUESTS
) -> None:
    server.get(path, cookie, times=min(times, 20))  # both workers have read the templates
    begun = server.cpu()
    waited = benchmark.pedantic(lambda: server.get(path, cookie, times), rounds=1)
    cpu = (server.cpu() - begun) / times
    ranked = statistics.quantiles(waited, n=100)
    benchmark.extra_info.update(cpu=cpu, p50=ranked[49], p99=ranked[98], items=times)


def bench_served_floor(served: Callable[..., None]) -> None:
    served(reverse("healthz"))


def bench_served_start(served: Callable[..., None]) -> None:
    create_articles(30)
    programme()
    served(reverse("start"))


def bench_served_start_when_kept(tmp_path: Path, benchmark: Any) -> None:
    """As nearly every visitor gets it: made by the first of ten seconds."""
    create_articles(30)
    programme()
    with serving(tmp_path, PAGES_KEPT_S="10") as server:
        measure(server, benchmark, reverse("start"), times=1_000)


def bench_served_news_list(served: Callable[..., None]) -> None:
    create_articles(30)
    served(reverse("news:list"))


def bench_served_event_list(served: Callable[..., None]) -> None:
    programme()
    served(reverse("events:list"))


def bench_served_event(served: Callable[..., None]) -> None:
    served(reverse("events:event", args=[programme().slug]))


def bench_served_log_in_page(served: Callable[..., None]) -> None:
    served(reverse("account_login"))


def bench_served_my_pages(served: Callable[..., None]) -> None:
    served(reverse("my-pages"), cookie_of(member_of_three_years()))


@pytest.mark.parametrize("people", [10_000, 100_000])
def bench_served_list_of_people(served: Callable[..., None], people: int) -> None:
    """The office's list of members; the same queries, whatever its length."""
    User.objects.bulk_create(
        (User(email=f"m{n}@example.org", name=f"Medlem {n}") for n in range(people)),
        batch_size=2_000,
    )
    chief = members.person(is_staff=True, is_superuser=True)
    served(reverse("admin:members_user_changelist"), cookie_of(chief))


# --- One hot event ------------------------------------------------------------------------------

SEATS, WISHES, BUYERS = 400, 500, 8


def bench_served_seats_of_a_hot_event(server: Server, benchmark: Any) -> None:
    """Seats a second: eight lines at once want more than there are, each time with a new cart."""
    event = events.event(capacity=SEATS, prices={"public": "500"})
    event.published_at = timezone.now() - timedelta(days=1)
    event.starts_at = timezone.now() + timedelta(days=30)
    event.ends_at = event.starts_at + timedelta(hours=2)
    event.save()
    path = reverse("events:hold", args=[event.slug, "on_site"])
    server.get(reverse("events:event", args=[event.slug]), times=20)
    waited: list[float] = []
    begun = server.cpu()
    benchmark.pedantic(lambda: rush(server.port, path, waited), rounds=1)
    ranked = statistics.quantiles(waited, n=100)
    cpu = (server.cpu() - begun) / WISHES
    benchmark.extra_info.update(cpu=cpu, p50=ranked[49], p99=ranked[98], items=WISHES)
    assert Booking.objects.filter(event=event, state="held").count() == SEATS
    assert len(waited) == WISHES


def rush(port: int, path: str, waited: list[float]) -> None:
    wishes = iter(range(WISHES))
    buyers = [
        threading.Thread(target=buy, args=(port, path, wishes, waited)) for _ in range(BUYERS)
    ]
    for buyer in buyers:
        buyer.start()
    for buyer in buyers:
        buyer.join()


def buy(port: int, path: str, wishes: Iterator[int], waited: list[float]) -> None:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for _ in wishes:
        begun = time.perf_counter()
        put_into_cart(line, path)
        waited.append((time.perf_counter() - begun) * 1000)
    line.close()


def put_into_cart(line: http.client.HTTPConnection, path: str) -> None:
    """As a browser does it: the token in cookie and form are the same."""
    token = "a" * 32
    headers = {
        "Cookie": f"csrftoken={token}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    line.request("POST", path, body=f"csrfmiddlewaretoken={token}", headers=headers)
    answer = line.getresponse()
    answer.read()
    assert answer.status < 500
