"""The stand-in as a server: the API, the payment page and the webhooks behind one address."""

import json
import sys
import threading
import time
from collections.abc import Callable, Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qsl, urlsplit

from config.demo.stripe_stand_in.account import Account
from config.demo.stripe_stand_in.api import Answer, Api, Request
from config.demo.stripe_stand_in.page import STYLE, PaymentPage, Reply
from config.demo.stripe_stand_in.state import State
from config.demo.stripe_stand_in.webhooks import RETRIES, Webhooks

SECRET = "whsec_stand_in"
LARGEST_BODY = 1024 * 1024
PAGE_PATH = "/c/pay/"


class StripeStandIn:
    """Started by `start` or as a context manager; `account` and `webhooks` are the controls.

    `trouble` makes the API fail: "error" answers 500, "silence" never answers.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        state: str = ":memory:",
        webhook: str | None = None,
        secret: str = SECRET,
        merchant: str = "Forum för Dataskydd",
        clock: Callable[[], float] = time.time,
        retries: Sequence[float] = RETRIES,
    ) -> None:
        self.trouble = ""
        self.stopping = threading.Event()
        self.state = State(state)
        self.webhooks = Webhooks(self.state, webhook, secret, retries)
        self.account = Account(self.state, emit=self.webhooks.accept, clock=clock)
        self.api = Api(self.account)
        self.page = PaymentPage(self.account, merchant=merchant)
        self._server = Server((host, port), self)
        self._threads = [
            threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True),
            threading.Thread(target=self._deliver, daemon=True),
        ]

    @property
    def url(self) -> str:
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    def start(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def stop(self) -> None:
        self.stopping.set()
        self.webhooks.wake()
        self._server.shutdown()
        for thread in self._threads:
            thread.join()
        self._server.server_close()
        self.state.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_exception: object) -> None:
        self.stop()

    def _deliver(self) -> None:
        self.webhooks.run(self.stopping, tick=self.account.expire_what_is_due)


class Server(ThreadingHTTPServer):
    # A browser may hold a connection open and never use it: nobody waits for that one.
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], stand_in: StripeStandIn) -> None:
        self.stand_in = stand_in
        super().__init__(address, Handler)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "StripeStandIn"
    sys_version = ""
    timeout = 10
    server: Server

    def do_GET(self) -> None:
        self._guarded(self._get)

    def do_POST(self) -> None:
        self._guarded(self._post)

    def log_message(self, format: str, *args: object) -> None:
        """Only errors are worth a line, and those are written where they happen."""

    def _guarded(self, handle: Callable[[], None]) -> None:
        # One connection a request: no thread waits for a client that keeps its line open.
        self.close_connection = True
        try:
            handle()
        except ConnectionError:
            return
        except Exception as error:
            print(f"stripe stand-in: {self.path}: {error!r}", file=sys.stderr)
            self._send_json(500, json.dumps({"error": {"type": "api_error", "message": "Sorry"}}))

    def _get(self) -> None:
        path = urlsplit(self.path).path
        if path.startswith("/v1/"):
            self._send_answer(b"")
        elif path.startswith(PAGE_PATH):
            self._send_page(self.server.stand_in.page.show(self._session, **self._languages))
        elif path == "/stand-in.css":
            self._send(200, "text/css; charset=utf-8", STYLE)
        elif path == "/":
            self._send(200, "text/plain; charset=utf-8", b"A stand-in for Stripe.\n")
        else:
            self._send_page(Reply(404))

    def _post(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > LARGEST_BODY:
            self._send_page(Reply(413))
            return
        raw = self.rfile.read(int(length))
        path = urlsplit(self.path).path
        if path.startswith("/v1/"):
            self._send_answer(raw)
        elif path.startswith(PAGE_PATH):
            sent = dict(parse_qsl(raw.decode("ascii", errors="replace")))
            page = self.server.stand_in.page
            self._send_page(page.pay(self._session, sent, **self._languages))
        else:
            self._send_page(Reply(404))

    @property
    def _session(self) -> str:
        return urlsplit(self.path).path.removeprefix(PAGE_PATH)

    @property
    def _languages(self) -> dict[str, str]:
        return {"accepted_languages": self.headers.get("Accept-Language", "")}

    def _send_answer(self, body: bytes) -> None:
        stand_in = self.server.stand_in
        if stand_in.trouble == "silence":
            stand_in.stopping.wait()
            return
        if stand_in.trouble == "error":
            self._send_json(500, json.dumps({"error": {"type": "api_error", "message": "Sorry"}}))
            return
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, parts.path, parts.query, body, headers)
        self._send_api(stand_in.api.answer(request))

    def _send_api(self, answer: Answer) -> None:
        self._send_json(answer.status, answer.body, **answer.headers)

    def _send_json(self, status: int, body: str, **headers: str) -> None:
        self._send(status, "application/json", body.encode(), **headers)

    def _send_page(self, reply: Reply) -> None:
        html = reply.html or f"<!doctype html><title>{HTTPStatus(reply.status).phrase}</title>"
        headers = {
            "Content-Security-Policy": (
                f"default-src 'none'; style-src 'self'; form-action {reply.form_action}; "
                "base-uri 'none'; frame-ancestors 'none'"
            ),
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store",
        }
        if reply.location:
            headers["Location"] = reply.location
        self._send(reply.status, "text/html; charset=utf-8", html.encode(), **headers)

    def _send(self, status: int, kind: str, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
