"""Senders are killed in the middle of their work: nothing is lost, a kill doubles at most one."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from django.utils import timezone

from mail.models import Mail
from tests.factories.mail import create_mail
from tests.processes import database_url

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres, pytest.mark.slow]

MAILS = 150
KILLS = 5


class Sink:
    """A mail server that remembers what it took, and takes its time about it."""

    def __init__(self):
        self.taken = Counter()
        self.lock = threading.Lock()

    async def handle_DATA(self, server, session, envelope):
        subject = next(
            line for line in envelope.content.decode().splitlines() if line.startswith("Subject:")
        )
        with self.lock:
            self.taken[subject.removeprefix("Subject: ")] += 1
        return "250 OK"

    @property
    def count(self):
        with self.lock:
            return sum(self.taken.values())


@pytest.fixture
def sink():
    handler = Sink()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        handler.port = probe.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port)
    controller.start()
    yield handler
    controller.stop()


def start_sender(port):
    environment = {
        **os.environ,
        "SITE_MODE": "test",
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "DATABASE_URL": database_url(),
    }
    return subprocess.Popen(
        [sys.executable, "manage.py", "send_mails"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def let_leases_run_out():
    """What two minutes of waiting would do."""
    Mail.objects.filter(state=Mail.State.SENDING).update(
        leased_until=timezone.now() - timedelta(seconds=1)
    )


def test_killed_senders_lose_nothing_and_double_at_most_one_each(sink):
    for number in range(MAILS):
        create_mail(key=f"test:{number}", subject=f"Brev {number}")

    for kill in range(KILLS):
        senders = [start_sender(sink.port), start_sender(sink.port)]
        goal = (kill + 1) * MAILS // (KILLS + 2)
        deadline = time.monotonic() + 30
        while sink.count < goal and time.monotonic() < deadline:
            time.sleep(0.005)
        for sender in senders:
            os.kill(sender.pid, signal.SIGKILL)
            sender.communicate()
        let_leases_run_out()
    last = start_sender(sink.port)
    assert last.communicate(timeout=60)[1] == b"" and last.returncode == 0

    assert Mail.objects.exclude(state=Mail.State.SENT).count() == 0
    assert set(sink.taken) == {f"Brev {number}" for number in range(MAILS)}
    doubled = sum(count - 1 for count in sink.taken.values())
    assert doubled <= 2 * KILLS, sink.taken.most_common(5)
