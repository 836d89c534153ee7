"""Loaded before anything else (`-p tests.isolation`): test mode, and no way to other machines.

The guard is an audit hook of Python itself: it sees every connection and every look-up of a name,
whichever library asks, and nothing can patch it away.
"""

import os
import sys
from typing import Any

OUTSIDE_KEYS = ("STRIPE_", "RECAPTCHA_", "EMAIL_URL", "CACHE_URL", "CELERY_", "SITE_URL", "SECRET_")
LOOPBACK = ("127.", "::1", "localhost", "testserver")
CONNECTING = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
ASKING = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyname_ex"})

# Who was asked, even if the code under test swallowed the refusal. A fixture looks at it.
refused: list[str] = []


class OutsideWorldError(RuntimeError):
    """A test tried to reach another machine."""


def use_test_settings() -> None:
    """A key or an address in the developer's shell must not reach a test."""
    for name in [name for name in os.environ if name.startswith(OUTSIDE_KEYS)]:
        del os.environ[name]
    os.environ["SITE_MODE"] = "test"


def guard(event: str, args: tuple[Any, ...]) -> None:
    if event in CONNECTING:
        address = args[1]
        host = address[0] if isinstance(address, tuple) else None  # text: a unix socket
    elif event in ASKING:
        host = args[0]
    else:
        return
    if isinstance(host, bytes):
        host = host.decode()
    if isinstance(host, str) and host and not host.startswith(LOOPBACK):
        refused.append(host)
        raise OutsideWorldError(f"A test asked {host}; tests reach this machine only.")


use_test_settings()
sys.addaudithook(guard)
