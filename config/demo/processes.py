"""The processes of the demo: started in groups of their own, watched, and stopped to the last."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO, Self

from config.demo.places import LOGS, ROOT

PATIENCE = 3.0  # seconds between asking a process to stop and ending it
STILLBORN = 10.0  # a process that ends by itself sooner than this would end again
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


class StopRequest(Exception):
    """Ctrl-C, or a polite request from outside, while the demo starts or runs."""


class DemoError(Exception):
    """Something the demo cannot go on without; the text says what, and where to look."""


@dataclass(frozen=True)
class Process:
    name: str
    module: tuple[str, ...]
    running: subprocess.Popen[bytes]
    started_at: float

    @property
    def is_stillborn(self) -> bool:
        """Whoever is killed from outside may be killed at once, and again."""
        was_killed = self.running.returncode == -signal.SIGKILL
        return not was_killed and time.monotonic() - self.started_at < STILLBORN

    @property
    def log(self) -> Path:
        return LOGS / f"{self.name}.log"

    def last_words(self, lines: int = 15) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


@dataclass
class Processes:
    """All that the demo has started, with this environment. Leaving the block stops them all."""

    environment: dict[str, str]
    all: list[Process] = field(default_factory=list)
    asked_to_stop: bool = False

    def __enter__(self) -> Self:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._note_request)
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()

    def _note_request(self, _number: int, _frame: FrameType | None) -> None:
        """Only notes it: an exception here could strike between a start and its bookkeeping."""
        self.asked_to_stop = True

    def start(self, name: str, *module: str) -> None:
        """Run a Python module for as long as the demo runs, with a log of its own."""
        LOGS.mkdir(parents=True, exist_ok=True)
        (LOGS / f"{name}.log").unlink(missing_ok=True)
        self.all.append(self._started(name, module))

    def _started(self, name: str, module: tuple[str, ...]) -> Process:
        with (LOGS / f"{name}.log").open("ab") as log:
            running = self._spawn(module, self.environment, log)
        return Process(name, module, running, time.monotonic())

    def finish(self, *module: str, **environment: str) -> bool:
        """Run a Python module to its end, its output on the screen. Did it succeed?"""
        running = self._spawn(module, {**self.environment, **environment}, output=None)
        try:
            while running.poll() is None:
                self.pause(0.05)
        finally:
            end_group(running)
        return running.returncode == 0

    def _spawn(
        self, module: tuple[str, ...], environment: dict[str, str], output: IO[bytes] | None
    ) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", *module],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches us alone; we stop them in order
            preexec_fn=_end_with_parent,  # noqa: PLW1509 -- there is only this one thread
        )

    def pause(self, seconds: float) -> None:
        """Wait; raises when we are asked to stop. A process that was killed is started again."""
        if not self.asked_to_stop:
            time.sleep(seconds)
        if self.asked_to_stop:
            raise StopRequest
        for place, process in enumerate(self.all):
            if process.running.poll() is not None:
                self.all[place] = self._again(process)

    def _again(self, ended: Process) -> Process:
        """As systemd would. Its children go first, or they would take from the same queue."""
        end_group(ended.running)
        code = ended.running.returncode
        if ended.is_stillborn:
            raise DemoError(
                f"The {ended.name} process has ended by itself (exit code {code}). "
                f"The end of {ended.log}:\n\n{ended.last_words()}"
            )
        print(f" · The {ended.name} process has ended ({code}). Starting it again.", flush=True)
        return self._started(ended.name, ended.module)

    def stop(self) -> None:
        """Ask all, wait a little, then end what is left, grandchildren included."""
        for process in self.all:
            process.running.terminate()
        deadline = time.monotonic() + PATIENCE
        for process in self.all:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.running.wait(timeout=max(0.0, deadline - time.monotonic()))
        for process in self.all:
            end_group(process.running)
        self.all.clear()


def end_group(running: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):  # the whole group had already gone
        os.killpg(running.pid, signal.SIGKILL)
    running.wait()


def _end_with_parent() -> None:
    """Has the kernel stop the child, should the launcher be killed and not do it itself."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
