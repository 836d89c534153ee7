"""Two hundred browsers want fifty seats of a real server, on both databases; and a busy hour."""

import http.client
import ipaddress
import itertools
import os
import random
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import close_old_connections, connection, connections, transaction
from django.test import Client
from django.utils import timezone

from billing import ledger
from events import allocation, integrity, links, operations
from events.models import Booking, Event
from tests.factories import events as factory
from tests.factories import members
from tests.processes import database_url

SEATS, BROWSERS = 50, 200
CSRF = "a" * 32
DAY = timedelta(days=1)
NO_SESSION = ""
PATIENCE_S = 90
_networks = itertools.count()


@pytest.fixture
def shared(tmp_path: Path, transactional_db: None) -> Iterator[str]:
    """The address of a database that the tests and a server share; on SQLite one in a file."""
    factory.first_rows()
    if connection.vendor != "sqlite":
        yield database_url()
        return
    copy = tmp_path / "copy.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(copy)])
    own = connections.settings["default"]
    original, own["NAME"] = own["NAME"], str(copy)
    in_memory = connections["default"]
    del connections["default"]
    yield f"sqlite:///{copy}"
    connections["default"].close()
    connections["default"] = in_memory
    own["NAME"] = original


@contextmanager
def server(database: str, application: str = "config.wsgi") -> Iterator[int]:
    """gunicorn with processes and threads, as on the real machine. Gives its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}"]
    options = ["--workers", "2", "--threads", "16", "--backlog", "512", "--no-control-socket"]
    process = subprocess.Popen(
        [*command, *options, "--log-level", "error"],
        env={
            **os.environ,
            "SITE_MODE": "test",
            "DATABASE_URL": database,
            "TRUSTED_PROXY_COUNT": "1",
        },
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        try:
            if ask(port, "GET", "/healthz")[0] == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the server did not start")


def ask(
    port: int, method: str, path: str, session: str = NO_SESSION, **typed: str
) -> tuple[int, str]:
    """One request as a browser sends it. Status, and the answer's text or where it leads."""
    browser = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    cookies = f"csrftoken={CSRF}" + (
        f"; {settings.SESSION_COOKIE_NAME}={session}" if session else ""
    )
    headers = {
        "Cookie": cookies,
        "Content-Type": "application/x-www-form-urlencoded",
        # Everybody from a network of their own: one alone may not fill an event with carts.
        "X-Forwarded-For": str(ipaddress.ip_address("10.0.0.0") + next(_networks)),
    }
    body = urlencode({"csrfmiddlewaretoken": CSRF, **typed}) if method == "POST" else None
    try:
        browser.request(method, path, body=body, headers=headers)
        answer = browser.getresponse()
        return answer.status, answer.headers.get("Location") or answer.read().decode(
            errors="replace"
        )
    finally:
        browser.close()


def at_once(number: int, do: Callable[[int], str]) -> Counter[str]:
    outcomes: list[str] = []
    start = threading.Barrier(number)

    def run(who: int) -> None:
        start.wait()
        outcomes.append(do(who))

    threads = [threading.Thread(target=run, args=[who]) for who in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(outcomes)


def path(event: Event, rest: str) -> str:
    return f"/evenemang/{event.slug}/{rest}/on_site/"


def wants_a_seat(port: int, event: Event) -> Callable[[int], str]:
    def do(_who: int) -> str:
        status, text = ask(port, "POST", path(event, "lagg-i-varukorgen"))
        if status == 302:
            return "held"
        full = "Det finns ingen plats kvar." in text and "Ställ dig på väntelistan" in text
        return "full" if status == 409 and full else f"{status}"

    return do


def open_event(**changes: object) -> Event:
    now = timezone.now()
    return factory.event(starts_at=now + 30 * DAY, published_at=now - DAY, **changes)


def rush(port: int) -> tuple[Counter[str], list[int]]:
    event = open_event(capacity=SEATS)
    outcomes = at_once(BROWSERS, wants_a_seat(port, event))
    taken = Booking.objects.filter(event=event).seated().order_by("seat")
    return outcomes, list(taken.values_list("seat", flat=True))


RIGHT = (Counter(held=SEATS, full=BROWSERS - SEATS), list(range(1, SEATS + 1)))


@pytest.mark.both_databases
@pytest.mark.slow
def test_two_hundred_browsers_want_fifty_seats(shared: str) -> None:
    with server(shared) as port:
        assert rush(port) == RIGHT


@pytest.mark.drill
@pytest.mark.both_databases
def test_twenty_times_two_hundred_browsers(shared: str) -> None:
    with server(shared) as port:
        assert [rush(port) for _repeat in range(20)] == [RIGHT] * 20


@pytest.mark.drill
@pytest.mark.postgres
def test_without_lock_and_constraint_it_oversells(shared: str) -> None:
    """Shows that the tests above would notice."""
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX booking_seat_once")
    try:
        with server(shared, "tests.events.without_lock") as port:
            outcomes, taken = rush(port)
        assert outcomes["held"] > SEATS
        assert len(taken) > SEATS
    finally:
        Booking.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE UNIQUE INDEX booking_seat_once ON events_booking (event_id, mode, seat) "
                "WHERE seat IS NOT NULL"
            )


# --- A busy hour ----------------------------------------------------------------------------


class Crowd:
    """Members who book, cancel, wait, accept and decline as it comes, each in their browser."""

    def __init__(self, port: int, event: Event, people: int) -> None:
        self.port, self.event = port, event
        self.sessions = [self._log_in() for _n in range(people)]
        self.outcomes: Counter[str] = Counter()
        self.stop = threading.Event()

    def _log_in(self) -> tuple[int, str]:
        person = members.membership(starts_on=timezone.localdate() - 30 * DAY).user
        client = Client()
        client.force_login(person)
        return person.pk, client.cookies[settings.SESSION_COOKIE_NAME].value

    def run(self, seconds: float) -> None:
        threads = [threading.Thread(target=self._live, args=[*who]) for who in self.sessions]
        for thread in threads:
            thread.start()
        self._disturb(seconds)
        self.stop.set()
        for thread in threads:
            thread.join()

    def _live(self, person: int, session: str) -> None:
        fate = random.Random(person)
        try:
            while not self.stop.is_set():
                self._act(person, session, fate)
        finally:
            close_old_connections()
            connections.close_all()

    def _act(self, person: int, session: str, fate: random.Random) -> None:
        own = Booking.objects.live().filter(event=self.event, user=person).first()
        if own is None:
            status, _text = ask(self.port, "POST", path(self.event, "boka"), session)
            if status == 409:
                status, _text = ask(self.port, "POST", path(self.event, "vantelista"), session)
        else:
            action = {"confirmed": "avboka", "waiting": "tacka-nej"}.get(own.state, "tacka-ja")
            if own.state == "offered" and fate.random() < 0.4:
                action = "tacka-nej"
            if own.state == "waiting" and fate.random() < 0.9:
                return self.stop.wait(0.05) and None
            token = links.token_of_booking(own)
            status, _text = ask(self.port, "POST", f"/bokningar/{token}/{action}/", session)
        self.outcomes[str(status)] += 1
        return None

    def _disturb(self, seconds: float) -> None:
        """The capacity goes up and down, offers run out, the sweep goes its rounds."""
        fate, end = random.Random(7), time.monotonic() + seconds
        # On a slow machine longer, until something has happened.
        while time.monotonic() < end or self._is_waiting_for_offers(end + PATIENCE_S):
            with transaction.atomic():
                event = allocation.locked(self.event.pk)
                taken = Booking.objects.filter(event=event).seated().count()
                event.capacity = max(taken, fate.randrange(3, 8))
                event.save()
            offered = Booking.objects.filter(event=self.event, state="offered")
            offered.update(held_until=timezone.now() + timedelta(seconds=fate.choice([0, 1, 60])))
            operations.settle_event(event=self.event)
            time.sleep(0.1)

    def _is_waiting_for_offers(self, deadline: float) -> bool:
        offers = Booking.history.filter(event=self.event, state="offered")
        return offers.count() < 3 and time.monotonic() < deadline


def offers_out_of_order(event: Event) -> list[str]:
    """Each offer went to the first in line at that moment, as the versions of the rows tell."""
    versions = Booking.history.filter(event=event).order_by("history_id")
    line: list[tuple[object, int]] = []
    wrong = []
    for version in versions:
        place = (version.created_at, version.id)
        if version.state == "waiting" and place not in line:
            line.append(place)
        elif version.state != "waiting" and place in line:
            if version.state == "offered" and place != min(line):
                wrong.append(f"booking {version.id} before {min(line)[1]}")
            line.remove(place)
    return wrong


def busy(database: str, *, seconds: float, people: int) -> None:
    event = open_event(capacity=4)
    with server(database) as port:
        crowd = Crowd(port, event, people)
        crowd.run(seconds)
    assert {status for status in crowd.outcomes if status >= "500"} == set()
    assert crowd.outcomes["302"] > people
    operations.settle_event(event=event)
    assert list(integrity.findings(timezone.now())) == []
    assert list(ledger.findings()) == []
    assert offers_out_of_order(event) == []
    assert Booking.history.filter(event=event, state="offered").count() > 0


@pytest.mark.postgres
@pytest.mark.slow
def test_a_busy_moment_leaves_the_seats_whole(shared: str) -> None:
    busy(shared, seconds=4, people=10)


@pytest.mark.drill
@pytest.mark.both_databases
def test_a_busy_minute_leaves_the_seats_whole(shared: str) -> None:
    busy(shared, seconds=60, people=40)


# --- The check itself -----------------------------------------------------------------------


@pytest.mark.django_db
def test_the_check_finds_what_is_wrong() -> None:
    now = factory.NOW
    full = factory.event(capacity=1)
    factory.confirmed(full, seat=1)
    assert list(integrity.findings(now)) == []
    factory.confirmed(full, seat=2)
    free = factory.event(capacity=1)
    factory.confirmed(free, state="waiting", seat=None)
    lapsed = factory.confirmed(factory.event(), state="held", held_until=now - DAY)
    called_off = factory.confirmed(factory.event(cancelled_at=now))
    costly = factory.confirmed(factory.event(), amount=500)
    assert list(integrity.findings(now)) == [
        f"booking {lapsed.pk}: its time ran out and nobody took the seat back",
        f"event {full.slug}: 2 seats taken of 1 (on_site)",
        f"event {free.slug}: a seat is free while 1 wait (on_site)",
        f"booking {called_off.pk}: confirmed at an event that was called off",
        f"booking {costly.pk}: costs something and stands on no invoice",
    ]
