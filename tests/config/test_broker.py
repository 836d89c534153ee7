"""A page that queues something does not wait for a broker that is gone, or is there and silent."""

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from celery import Celery
from django.conf import settings
from kombu.exceptions import OperationalError

pytestmark = pytest.mark.slow

# What production has, with less patience still.
OPTIONS: dict[str, Any] = {**settings.CELERY_BROKER_TRANSPORT_OPTIONS, "socket_timeout": 0.2}
LONG = 2  # seconds; without the settings it is six, or for ever


def publish(port: int, options: dict[str, Any]) -> bool:
    """Whether the answer, that it cannot be had, came soon."""
    app = Celery(set_as_current=False, broker=f"redis://127.0.0.1:{port}/0")
    app.conf.update(
        broker_transport_options=options, task_publish_retry=settings.CELERY_TASK_PUBLISH_RETRY
    )
    refused = threading.Event()

    def send() -> None:
        try:
            app.send_task("anything", ignore_result=True)
        except OperationalError:
            refused.set()

    threading.Thread(target=send, daemon=True).start()
    return refused.wait(LONG)


def without(*names: str) -> dict[str, Any]:
    return {name: value for name, value in OPTIONS.items() if name not in names}


@pytest.fixture
def silent() -> Iterator[int]:
    """Takes connections, and answers nothing until the end."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def gone() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_production_waits_as_long_as_for_the_cache():
    assert settings.CELERY_BROKER_TRANSPORT_OPTIONS["socket_timeout"] == 3


def test_nobody_waits_for_a_broker_that_is_gone(gone: int):
    assert publish(gone, OPTIONS)
    assert not publish(gone, without("max_retries"))  # control


def test_nobody_waits_for_a_broker_that_is_silent(silent: int):
    assert publish(silent, OPTIONS)
    assert not publish(silent, without("socket_timeout"))  # control
