"""The throw-away cluster goes with its user, however the user goes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_killed_run_leaves_neither_server_nor_files(number: signal.Signals) -> None:
    run = subprocess.Popen(
        [sys.executable, "-m", "tests.postgres", "sh", "-c", "echo $DATABASE_URL; sleep 60"],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    directory = Path(run.stdout.readline().strip().partition("host=")[2])
    server = int((directory / "data" / "postmaster.pid").read_text().split()[0])
    assert Path(f"/proc/{server}").exists()

    run.send_signal(number)
    run.wait()

    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and (directory.exists() or Path(f"/proc/{server}").exists()):
        time.sleep(0.05)
    assert not directory.exists()
    assert not Path(f"/proc/{server}").exists()
    os.killpg(run.pid, signal.SIGKILL)  # the sleeping command
    run.stdout.close()
