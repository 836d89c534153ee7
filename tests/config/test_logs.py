"""Logs hold what happened and nobody's data: one line of JSON each, with known keys only."""

import json
import logging

import pytest
from django.test import RequestFactory

from config import logs

KEYS = {"time", "level", "logger", "event", "request_id", *logs.EXTRA, "error", "where"}


def written(message, *args, name="test", **extra):
    record = logging.getLogger(name).makeRecord(
        name, logging.WARNING, "file.py", 1, message, args, extra.pop("exc_info", None), extra=extra
    )
    return logs.JsonLines().format(record)


def test_a_line_is_json_with_known_keys_only():
    line = json.loads(written("mail %s not sent", 7, status=200, email="anna@example.org"))
    assert line["event"] == "mail 7 not sent"
    assert line["status"] == 200
    assert set(line) <= KEYS


def test_an_address_becomes_the_same_fingerprint_each_time():
    first = json.loads(written("refused by <anna.b+x@example.org>, bo@example.org"))["event"]
    again = json.loads(written("ANNA.B+x@example.org is back"))["event"]
    assert "@" not in first
    assert first.split("email:")[1][:8] == again.split("email:")[1][:8]
    assert first.split("email:")[1][:8] != first.split("email:")[2][:8]


@pytest.mark.parametrize("break_", ["\n", "\r\n", "\r", "\u2028", "\x1b[2K", "\0"])
def test_nobody_writes_a_line_of_their_own(break_):
    line = written("search for %s", f"x{break_}" + '{"level": "error", "event": "forged"}')
    assert len(line.splitlines()) == 1 or break_ == "\u2028"
    assert json.loads(line)["level"] == "warning"


def test_what_an_error_says_is_left_out_and_where_it_was_is_not():
    try:
        raise ValueError("anna@example.org, 19850101-1234")
    except ValueError as error:
        line = written("it failed", exc_info=(type(error), error, error.__traceback__))
    assert "anna" not in line and "1985" not in line
    told = json.loads(line)
    assert told["error"] == "ValueError"
    assert told["where"][-1].endswith("in_the_test") or "test_logs.py" in told["where"][-1]


@pytest.mark.django_db
def test_an_address_that_is_a_key_is_told_by_its_pattern(client, caplog):
    caplog.set_level(logging.INFO, "request")
    client.get("/faktura/abcdefghijklmnop/?hemligt=1")
    (line,) = [
        json.loads(logs.JsonLines().format(record))
        for record in caplog.records
        if record.name == "request"
    ]
    assert line["status"] == 404 and line["method"] == "GET"
    assert "<str:token>" in line["route"]
    everything = [logs.JsonLines().format(record) for record in caplog.records]
    assert not any("abcdefghijklmnop" in one or "hemligt" in one for one in everything)


@pytest.mark.django_db
def test_every_answer_has_a_number_of_its_own(client, caplog):
    caplog.set_level(logging.INFO, "request")
    numbers = {client.get("/healthz", HTTP_X_REQUEST_ID="forged")["X-Request-ID"] for _ in "abc"}
    assert len(numbers) == 3 and "forged" not in numbers


def test_the_number_is_in_every_line_on_the_way(caplog):
    def view(request):
        lines.append(json.loads(written("deep inside")))
        return logs.HttpResponse()

    lines = []
    response = logs.log_requests(view)(RequestFactory().get("/"))
    assert lines[0]["request_id"] == response["X-Request-ID"]
    assert json.loads(written("afterwards"))["request_id"] == ""
