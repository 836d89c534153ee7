"""New code comes to the web one process after the other: somebody who answers is always there."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config import reloading
from config.gunicorn import workers
from tests.test_project import ROOT

pytestmark = [
    pytest.mark.skipif(not Path("/proc/self/comm").exists(), reason="Linux only"),
    pytest.mark.slow,
]

SLOW = "import time; time.sleep(0.6)\ndef application(environ, start_response): ...\n"
PATIENCE = 30


@pytest.fixture
def web(tmp_path: Path) -> Iterator[int]:
    (tmp_path / "slow_site.py").write_text(SLOW)
    command = ["gunicorn", "--config", "config/gunicorn.py", "--pythonpath", str(tmp_path)]
    command += ["--bind", f"unix:{tmp_path}/web.sock", "--log-level", "error", "slow_site"]
    process = subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT)
    try:
        watch(process.pid, lambda: len(reloading.loaded(process.pid)) == workers)
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def watch(parent: int, until: Callable[[], bool]) -> int:
    """The fewest that could answer at once, until then."""
    begun, fewest = time.monotonic(), workers
    while not until():
        assert time.monotonic() < begun + PATIENCE
        fewest = min(fewest, len(reloading.loaded(parent)))
        time.sleep(0.01)
    return fewest


def test_each_process_is_there_until_its_successor_has_loaded_the_site(web: int) -> None:
    earlier = reloading.children(web)
    command = [sys.executable, "-m", "config.reloading", str(web)]
    reload = subprocess.Popen(command, cwd=ROOT)
    fewest = watch(web, lambda: reload.poll() is not None)
    assert (reload.returncode, fewest) == (0, workers)
    assert (len(earlier), len(reloading.children(web))) == (workers, workers)
    assert not earlier & reloading.children(web)


def test_control_with_gunicorns_own_reload_nobody_is_there_for_a_while(web: int) -> None:
    earlier = reloading.children(web)
    os.kill(web, signal.SIGHUP)
    fewest = watch(web, lambda: len(reloading.loaded(web) - earlier) == workers)
    assert fewest == 0
