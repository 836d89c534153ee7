"""Somebody joins while the worker is killed in the middle: nothing is lost, nothing comes twice."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from billing.models import Invoice
from config.celery import app
from mail.models import Mail
from mail.tasks import sweep
from members.models import Application, Membership, User
from tests.journeys.conftest import Visit
from tests.journeys.test_joining import EMAIL, PAYER, apply_for_membership
from tests.processes import database_url

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

PATIENCE = 120  # seconds; a worker starts slowly on a busy machine
MESSAGE = policy.default


def wait_until(true: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.02)


# --- Who takes the mails --------------------------------------------------------------------


@dataclass
class Postman:
    """A mail server on this machine. At one kind of mail he falls asleep with it in his hands."""

    port: int
    sleeps_at: str = ""
    asleep: bool = False
    taken: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        message = message_from_bytes(envelope.content, policy=MESSAGE)
        self.taken.append(message)
        if self.sleeps_at and message["Subject"].startswith(self.sleeps_at):
            self.asleep = True
            await asyncio.Event().wait()  # ends when the sender's line is cut
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        return [message for message in self.taken if address in message["To"]]

    def link(self, address: str, *, containing: str) -> str:
        body = self.to(address)[-1].get_body(("plain",))
        assert body is not None
        (link,) = (word for word in body.get_content().split() if containing in word)
        return link


@pytest.fixture
def postman() -> Iterator[Postman]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        handler = Postman(port=probe.getsockname()[1])
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port)
    controller.start()
    yield handler
    controller.stop()


# --- Who sends them -------------------------------------------------------------------------


@pytest.fixture
def broker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder like the demo's, with messages as files. The site in this process writes them."""
    folders = {name: tmp_path / "broker" / name for name in ("queue", "control")}
    for folder in folders.values():
        folder.mkdir(parents=True)
    options = {
        "data_folder_in": str(folders["queue"]),
        "data_folder_out": str(folders["queue"]),
        "control_folder": str(folders["control"]),
    }
    monkeypatch.setitem(app.conf, "task_always_eager", False)
    monkeypatch.setitem(app.conf, "broker_url", "filesystem://")
    monkeypatch.setitem(app.conf, "broker_transport_options", options)
    # Lines that were opened to another broker, and back to it afterwards.
    monkeypatch.setattr(app, "_pool", None)
    monkeypatch.setattr(app.amqp, "_producer_pool", None)
    return tmp_path


class Worker:
    """Celery's own, as `make demo` starts it, in a process group of its own."""

    def __init__(self, place: Path, *, mail_port: int, site: str) -> None:
        environment = {
            **os.environ,
            "SITE_MODE": "test",
            "SITE_URL": site,
            "DATABASE_URL": database_url(),
            "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
            "CELERY_TASK_ALWAYS_EAGER": "no",
            "CELERY_BROKER_URL": "filesystem://",
            "VAR_DIR": str(place),
            "TMPDIR": str(place),
        }
        command = [sys.executable, "-m", "celery", "--app", "config", "worker"]
        options = ["--concurrency", "1", "--loglevel", "WARNING"]
        self.process = subprocess.Popen(
            [*command, *options, "--without-gossip", "--without-mingle", "--without-heartbeat"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def kill(self) -> None:
        """As a power cut would: the worker and its children, none of them asked."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def start_worker(broker: Path, postman: Postman, live_server) -> Iterator[Callable[[], Worker]]:
    workers: list[Worker] = []
    # Translations are compiled once for all processes.
    (broker / "locale").symlink_to(settings.VAR_DIR / "locale")

    def start() -> Worker:
        workers.append(Worker(broker, mail_port=postman.port, site=live_server.url))
        return workers[-1]

    yield start
    for worker in workers:
        if worker.process.poll() is None:
            worker.kill()


def let_leases_run_out() -> None:
    """What two minutes of waiting would do."""
    Mail.objects.filter(state=Mail.State.SENDING).update(
        leased_until=timezone.now() - timedelta(seconds=1)
    )


# --- The journey ----------------------------------------------------------------------------


def test_a_killed_worker_loses_nothing_and_doubles_one_mail(
    visit: Visit, start_worker: Callable[[], Worker], postman: Postman
):
    postman.sleeps_at = "Faktura"
    first = start_worker()
    page: Page = visit()
    page.goto(reverse("start"))

    # The application's mail goes from the site by the broker and the worker to the mail server.
    apply_for_membership(page)
    wait_until(lambda: len(postman.to(EMAIL)) == 1, "the application's mail was taken")
    page.goto(postman.link(EMAIL, containing="/bekrafta/"))
    page.get_by_role("button", name="Bekräfta").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Välkommen, Anna!")

    # The worker dies with the invoice half handed over.
    wait_until(lambda: postman.asleep, "the invoice was in the air")
    first.kill()
    (in_the_air,) = Mail.objects.filter(state=Mail.State.SENDING)
    # One or two: the welcome may leave before the invoice.
    assert Mail.objects.filter(state=Mail.State.SENT).count() == len(postman.taken) - 1

    # A new one takes over; what the broker has lost is found by the sweep.
    postman.sleeps_at = ""
    let_leases_run_out()
    start_worker()
    sweep.delay()
    unsent = Mail.objects.exclude(state=Mail.State.SENT)
    wait_until(lambda: not unsent.exists(), "every mail had left")

    taken = Counter(message["Message-ID"] for message in postman.taken)
    once = {mail.message_id: 1 for mail in Mail.objects.all()}
    assert taken == {**once, in_the_air.message_id: 2}
    assert in_the_air.to == PAYER
    assert [message["Subject"] for message in postman.to(EMAIL)] == [
        "Bekräfta din ansökan om medlemskap",
        "Välkommen som medlem",
    ]
    person, membership = User.objects.get(), Membership.objects.get()
    assert (person.email, membership.user) == (EMAIL, person)
    assert Application.objects.get().user == person
    assert Invoice.objects.get() == membership.invoice
