"""Webhooks: signed by Stripe's own signer, sent in the background, repeated until answered 2xx.

Tests can hold them back, double, delay, drop and shuffle them, as the internet does.
"""

import json
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

import stripe

from config.demo.stripe_stand_in.objects import Object
from config.demo.stripe_stand_in.state import State

# Seconds until the next attempt. Stripe goes on for three days.
RETRIES = (1.0, 3.0, 10.0, 30.0, 120.0, 600.0, 3600.0)
TIMEOUT = 20

Order = Callable[[Sequence[Object]], Sequence[Object]]


@dataclass(frozen=True)
class Sent:
    """One delivery: what was answered, 0 for no answer at all."""

    event: str
    kind: str
    status: int


@dataclass
class Webhooks:
    """The queue of deliveries to one address. Without an address nothing is queued."""

    state: State
    url: str | None
    secret: str
    retries: Sequence[float] = RETRIES
    # Controls: each event is sent so many times, so many seconds later; held back; lost.
    copies: int = 1
    delay: float = 0.0
    held: bool = False
    dropping: bool = False
    sent: list[Sent] = field(default_factory=list)
    _wake: threading.Event = field(default_factory=threading.Event)

    def accept(self, event: Object) -> None:
        """Called within the transaction that made the event."""
        if self.url and not self.dropping:
            for _copy in range(self.copies):
                self.state.queue(event["id"], time.time() + self.delay)
            self._wake.set()

    def signed(self, event: Object, *, timestamp: int | None = None) -> tuple[bytes, str]:
        """The body and its `Stripe-Signature` header."""
        body = json.dumps(event, indent=2, ensure_ascii=False)
        signature = stripe.WebhookSignature.generate_signature_header(body, self.secret, timestamp)
        return body.encode(), signature

    def waiting(self) -> list[Object]:
        """The events that are queued, oldest first, once for each delivery."""
        return [self._event(queued[1]) for queued in self.state.queued()]

    def send(self, event: Object) -> int:
        """One delivery now, outside of the queue. The status, 0 for no answer."""
        status = self._post(*self.signed(event)) if self.url else 0
        self.sent.append(Sent(event["id"], event["type"], status))
        return status

    def release(self, order: Order = lambda events: events) -> list[int]:
        """Send all that waits now, in this order, and empty the queue."""
        events = self.waiting()
        for number, _identifier, _due, _tries in self.state.queued():
            self.state.delivered(number)
        return [self.send(event) for event in order(events)]

    def wait_until_empty(self, *, seconds: float = 10) -> None:
        """For tests: until everything that was queued is delivered or given up."""
        patience = time.monotonic() + seconds
        while self.state.queued():
            if time.monotonic() > patience:
                raise TimeoutError("webhooks are still waiting")
            time.sleep(0.01)

    def run(self, stop: threading.Event, tick: Callable[[], None]) -> None:
        """The background: deliver what is due until told to stop."""
        while not stop.is_set():
            tick()
            if not self.held:
                self._deliver_what_is_due()
            self._wake.wait(timeout=0.2)
            self._wake.clear()

    def wake(self) -> None:
        self._wake.set()

    def _deliver_what_is_due(self) -> None:
        for number, identifier, due, tries in self.state.queued():
            if due > time.time() or self.held:
                continue
            status = self.send(self._event(identifier))
            if 200 <= status < 300 or tries >= len(self.retries):
                self.state.delivered(number)
            else:
                self.state.try_again(number, time.time() + self.retries[tries])

    def _event(self, identifier: str) -> Object:
        event = self.state.get(identifier)
        if event is None:
            raise LookupError(identifier)
        return event

    def _post(self, body: bytes, signature: str) -> int:
        parts = urlsplit(self.url or "")
        connect = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        connection = connect(parts.netloc, timeout=TIMEOUT)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": signature,
            "User-Agent": "Stripe/1.0 (stand-in)",
        }
        try:
            connection.request("POST", parts.path or "/", body, headers)
            return connection.getresponse().status
        except (OSError, HTTPException):
            return 0
        finally:
            connection.close()
