"""No test reaches another machine, and none gets away with trying."""

import os
import socket
import urllib.request

import pytest

from tests import isolation

ELSEWHERE = "192.0.2.1"  # an address that is reserved for documentation


@pytest.fixture(autouse=True)
def _refusals_are_wanted_here():
    yield
    isolation.refused.clear()


def test_a_connection_to_another_machine_is_refused() -> None:
    with socket.socket() as way_out, pytest.raises(isolation.OutsideWorldError):
        way_out.connect((ELSEWHERE, 443))
    assert isolation.refused == [ELSEWHERE]


def test_a_look_up_of_a_name_is_refused() -> None:
    with pytest.raises(isolation.OutsideWorldError):
        urllib.request.urlopen("https://www.example.se/")
    assert isolation.refused == ["www.example.se"]


def test_a_datagram_is_refused() -> None:
    with (
        socket.socket(type=socket.SOCK_DGRAM) as way_out,
        pytest.raises(isolation.OutsideWorldError),
    ):
        way_out.sendto(b"ping", (ELSEWHERE, 53))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_this_machine_may_be_asked(host: str) -> None:
    assert socket.getaddrinfo(host, 80)
    assert isolation.refused == []


def test_keys_in_the_shell_do_not_reach_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRIPE_SECRET_KEY", "sk_live_real")
    monkeypatch.setenv("SITE_MODE", "production")

    isolation.use_test_settings()

    assert "STRIPE_SECRET_KEY" not in os.environ
    assert os.environ["SITE_MODE"] == "test"
