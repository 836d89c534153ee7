"""A page with a checked form, what a browser would answer, and a stand-in for Google's server."""

import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import altcha
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

import news.urls
from privacy import proof_of_work
from privacy.access import public
from privacy.google_check import loads_google
from privacy.human_check import LONGEST_S, HumanCheckLayout, HumanCheckMixin, Ticket

ACTION = "contact"
PAGE = """{% extends "base.html" %}{% load crispy_forms_tags %}
{% block title %}Form{% endblock %}
{% block content %}<h1>Form</h1>{% crispy form %}{% endblock %}"""


class ContactForm(HumanCheckMixin, forms.Form):
    email = forms.EmailField(label="E-mail")
    text = forms.CharField(label="Text")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout("email", "text", HumanCheckLayout(), Submit("send", "Send"))


@public
@loads_google
def page(request: HttpRequest) -> HttpResponse:
    form = ContactForm(request.POST or None, request=request, action=ACTION)
    if request.method == "POST" and form.is_valid():
        return HttpResponse(f"let through: {form.human.proof.value}")
    return HttpResponse(engines["django"].from_string(PAGE).render({"form": form}, request))


urlpatterns = [path("form/", page), *news.urls.pages]


def ticket(*, age_s: float = 60, action: str = ACTION, proof: str = "") -> str:
    fresh = Ticket.fresh(action)
    return str(Ticket(fresh.action, time.time() - age_s, fresh.number, proof))


def solution(challenge: str | None = None) -> str:
    """What the script sends when it has found the number."""
    asked = json.loads(challenge or proof_of_work.challenge(seconds=LONGEST_S))
    found = altcha.solve_challenge(
        asked["challenge"], asked["salt"], asked["algorithm"], asked["maxNumber"]
    )
    assert found is not None
    return base64.b64encode(json.dumps({**asked, "number": found.number}).encode()).decode()


def answers(**changes: Any) -> dict[str, Any]:
    """A form filled in by a person who took a minute, without any proof."""
    return {"email": "a@example.org", "text": "Hej", "human_ticket": ticket(), **changes}


class Google:
    """Answers siteverify as it is told, over real HTTP, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.says: Any = {"success": True, "hostname": "testserver"}
        self.status = 200
        self.delay_s = 0.0
        self.url = ""


@contextmanager
def google_stand_in() -> Iterator[Google]:
    google = Google()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            google.asked.append({name: value for name, [value] in parse_qs(body).items()})
            time.sleep(google.delay_s)
            said = (
                google.says if isinstance(google.says, bytes) else json.dumps(google.says).encode()
            )
            try:
                self.send_response(google.status)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)
            except BrokenPipeError:  # nobody waits any more
                pass

        def log_message(self, *_args: Any) -> None:
            """Not into the tests' output."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    google.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield google
    finally:
        server.shutdown()
        server.server_close()
