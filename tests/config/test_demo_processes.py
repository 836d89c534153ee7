"""The demo's processes: none stays behind, and none ends unnoticed."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.demo import launcher, processes
from config.demo.processes import DemoError, Processes, StopRequest
from config.demo.stripe_stand_in.api import KEY

# A process that starts another one, says who the two are, and waits.
PARENT = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(os.getpid(), child.pid, flush=True)
time.sleep(60)
"""
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)"
DYING = "print('I saw a ghost'); raise SystemExit(3)"


@pytest.fixture
def modules(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Processes]:
    monkeypatch.setattr(processes, "LOGS", tmp_path / "log")
    monkeypatch.setattr(processes, "PATIENCE", 0.5)
    started = Processes({**os.environ, "PYTHONPATH": str(tmp_path)})
    yield started
    started.stop()


def start(running: Processes, modules: Path, name: str, code: str) -> None:
    (modules / f"{name}_module.py").write_text(code)
    running.start(name, f"{name}_module")


def wait_for_words(running: Processes) -> str:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        words = running.all[0].last_words()
        if words:
            return words
        time.sleep(0.02)
    raise AssertionError("it said nothing")


def is_alive(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def wait_until_dead(*pids: int) -> None:
    """A signal takes its moment to work."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and any(map(is_alive, pids)):
        time.sleep(0.02)
    assert [pid for pid in pids if is_alive(pid)] == []


@pytest.mark.parametrize("habits", ["", DEAF])
def test_stopping_ends_children_and_grandchildren(
    running: Processes, modules: Path, habits: str
) -> None:
    start(running, modules, "web", habits + PARENT)
    family = [int(word) for word in wait_for_words(running).split()]

    running.stop()

    wait_until_dead(*family)
    assert running.all == []


def test_a_process_that_ends_by_itself_is_named_with_its_last_words(
    running: Processes, modules: Path
) -> None:
    start(running, modules, "worker", DYING)
    running.all[0].running.wait()

    with pytest.raises(DemoError) as told:
        running.pause(0)

    assert "The worker process has ended by itself (exit code 3)" in str(told.value)
    assert "I saw a ghost" in str(told.value)


def test_a_process_that_is_killed_is_started_again_however_often(
    running: Processes, modules: Path
) -> None:
    start(running, modules, "worker", PARENT)
    first, child = map(int, wait_for_words(running).split())
    pids = [first]

    for _time in range(2):
        os.kill(pids[-1], signal.SIGKILL)
        running.all[0].running.wait()
        running.pause(0)
        pids.append(running.all[0].running.pid)

    wait_until_dead(first, child, pids[1])
    (again,) = running.all
    assert (again.name, again.running.poll()) == ("worker", None)
    assert len(set(pids)) == 3


def test_a_process_that_has_run_for_a_while_is_started_again_whatever_it_died_of(
    running: Processes, modules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "STILLBORN", 0)
    start(running, modules, "worker", DYING)
    running.all[0].running.wait()

    running.pause(0)

    assert [process.name for process in running.all] == ["worker"]


def test_a_request_to_stop_is_heard_at_the_next_pause(running: Processes) -> None:
    before = signal.getsignal(signal.SIGTERM)
    try:
        with running, pytest.raises(StopRequest):
            os.kill(os.getpid(), signal.SIGTERM)
            running.pause(60)
    finally:
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, before)
        signal.signal(signal.SIGINT, signal.default_int_handler)


def test_killing_the_launcher_stops_what_it_started(tmp_path: Path) -> None:
    (tmp_path / "web_module.py").write_text(PARENT)
    program = (
        "import os, time\n"
        "from pathlib import Path\n"
        "from config.demo import processes\n"
        f"processes.LOGS = Path({str(tmp_path)!r})\n"
        "processes.Processes(dict(os.environ)).start('web', 'web_module')\n"
        "time.sleep(60)\n"
    )
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}:{launcher.ROOT}"}
    ours = subprocess.Popen([sys.executable, "-c", program], env=environment)
    log = tmp_path / "web.log"
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and not (log.exists() and log.read_text()):
        time.sleep(0.02)
    parent, child = map(int, log.read_text().split())

    ours.kill()
    ours.wait()

    wait_until_dead(parent)
    os.kill(child, signal.SIGKILL)  # this one's parent knows nothing of ending its children


# --- Before anything is started ---------------------------------------------------------------


@pytest.mark.parametrize("text", ["abc", "0", "65536", "-1", "80 80"])
def test_a_port_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("PORT", text)

    with pytest.raises(DemoError, match="is no port"):
        launcher.wanted_port()


def test_a_taken_port_is_refused_with_the_remedy() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(DemoError, match=rf"Port {port} is taken .*\n.*make demo PORT=\d+"):
            launcher.refuse_if_taken(port)


def test_a_second_demo_is_refused_and_told_where_the_first_one_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launcher, "KEEP", tmp_path)

    refusal = pytest.raises(DemoError, match="already running at http://localhost:8765")
    with launcher.only_demo(8765), refusal, launcher.only_demo(8766):
        pytest.fail("both at once")
    with launcher.only_demo(8766):
        pass


def test_own_keys_for_stripe_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRIPE_SECRET_KEY", "sk_test_own")

    assert launcher.stripe_stand_in(8765) == {}


def test_the_invented_keys_are_keys_to_the_stand_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("STRIPE_SECRET_KEY", raising=False)
    for number in range(20):
        monkeypatch.setattr(launcher, "KEEP", tmp_path / str(number))
        key = launcher.stripe_stand_in(8765)["STRIPE_SECRET_KEY"]
        assert KEY.fullmatch(f"Bearer {key}")


def test_texts_are_compiled_before_the_process_that_writes_mails_begins() -> None:
    begun = []

    class Recorder:
        def finish(self, *module: str, **_environment: str) -> bool:
            begun.append(module)
            return True

    launcher.run_preparation(Recorder(), ["files", "database"])

    assert begun == [
        ("config.demo.preparation", "files"),
        ("config.demo.preparation", "database"),
    ]


def test_an_unfinished_database_is_thrown_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A start that was interrupted while filling must not leave half an association."""
    monkeypatch.setattr(launcher, "VAR", tmp_path)
    monkeypatch.setattr(launcher, "DATABASE", tmp_path / "demo.sqlite3")
    (tmp_path / "demo.unfinished").write_text("half")
    (tmp_path / "demo.unfinished-wal").write_text("half")
    seen = []

    def prepare(_processes: object, _parts: list[str], DATABASE_URL: str) -> None:
        seen.append((sorted(tmp_path.iterdir()), DATABASE_URL))
        (tmp_path / "demo.unfinished").write_text("whole")

    monkeypatch.setattr(launcher, "run_preparation", prepare)

    launcher.fill_new_database(None, ["database"])

    assert seen == [([], f"sqlite:///{tmp_path}/demo.unfinished")]
    assert (tmp_path / "demo.sqlite3").read_text() == "whole"
