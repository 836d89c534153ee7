"""nginx with the file of docs/operations.md, run on this machine in front of a site that tells what
it was asked.
"""

import http.client
import json
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingUnixStreamServer

import pytest

from billing import bankfiles
from tests.config.test_operations_page import blocks, run

pytestmark = [
    pytest.mark.skipif(not shutil.which("nginx"), reason="no nginx on this machine"),
    pytest.mark.slow,
]

HOST = "www.dpforum.se"
Answer = tuple[int, http.client.HTTPMessage, str]


class Told(BaseHTTPRequestHandler):
    """Answers with the headers that came. It knows no files, as a process of an old version."""

    def do_GET(self) -> None:
        if self.path.startswith("/static/"):
            self.send_error(404, "unknown here")
            return
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        text = json.dumps({name.lower(): value for name, value in self.headers.items()}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_POST = do_GET

    def log_message(self, *_what: object) -> None:
        pass


@dataclass
class Proxy:
    plain: int
    safe: int
    site: ThreadingUnixStreamServer

    def ask(self, path: str = "/", host: str = HOST, **headers: str) -> Answer:
        return self.send("GET", path, host, None, headers)

    def send(
        self, method: str, path: str, host: str, body: bytes | None, headers: dict[str, str]
    ) -> Answer:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        line = http.client.HTTPConnection("127.0.0.1", self.safe, timeout=20)
        line.sock = context.wrap_socket(
            socket.create_connection(("127.0.0.1", self.safe)), server_hostname=host
        )
        return answered(line, method, path, {"Host": host, **headers}, body)

    def ask_plainly(self, path: str, host: str) -> Answer:
        line = http.client.HTTPConnection("127.0.0.1", self.plain, timeout=20)
        return answered(line, "GET", path, {"Host": host}, None)


def answered(
    line: http.client.HTTPConnection,
    method: str,
    path: str,
    headers: dict[str, str],
    body: bytes | None,
) -> Answer:
    try:
        line.request(method, path, body, headers)
        answer = line.getresponse()
        return answer.status, answer.headers, answer.read().decode()
    finally:
        line.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def on_this_machine(folder: Path, plain: int, safe: int) -> Path:
    """The page's file, with nothing changed but where things are."""
    (conf,) = blocks("nginx")
    conf = re.sub(r"/etc/letsencrypt/\S+\.pem", f"{folder}/key.pem", conf)
    conf = re.sub(r"listen \[::\]:.*;", "", conf)
    conf = conf.replace("listen 80", f"listen 127.0.0.1:{plain}")
    conf = conf.replace("listen 443", f"listen 127.0.0.1:{safe}")
    for there in ("/var/log/nginx", "/run/dpforum", "/var/lib/dpforum"):
        conf = conf.replace(there, str(folder))
    own = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    file = folder / "nginx.conf"
    file.write_text(
        f"pid {folder}/pid; error_log {folder}/error.log; daemon off; master_process off;\n"
        f"events {{}}\nhttp {{\ninclude /etc/nginx/mime.types;\n{own}{conf}\n}}\n"
    )
    return file


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[Proxy]:
    key = tmp_path / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=x"]
    run(*command, "-keyout", key, "-out", tmp_path / "certificate.pem")
    key.write_text(key.read_text() + (tmp_path / "certificate.pem").read_text())
    site = ThreadingUnixStreamServer(str(tmp_path / "web.sock"), Told)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    proxy = Proxy(free_port(), free_port(), site)
    nginx = subprocess.Popen(["nginx", "-c", on_this_machine(tmp_path, proxy.plain, proxy.safe)])
    try:
        wait_for(proxy.safe)
        yield proxy
    finally:
        nginx.terminate()
        nginx.wait()
        site.shutdown()
        site.server_close()


def wait_for(port: int) -> None:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("nginx does not listen")


def test_there_is_one_address_and_it_has_https(proxy: Proxy) -> None:
    to = "https://www.dpforum.se/nyheter/?a=1"
    answers = [proxy.ask_plainly("/nyheter/?a=1", name) for name in (HOST, "dpforum.se")]
    answers.append(proxy.ask("/nyheter/?a=1", "dpforum.se"))
    assert [(status, headers["Location"]) for status, headers, _ in answers] == [(301, to)] * 3
    assert answers[2][1]["Strict-Transport-Security"].startswith("max-age=63072000")


def test_other_names_are_not_answered(proxy: Proxy) -> None:
    with pytest.raises(http.client.RemoteDisconnected):
        proxy.ask_plainly("/", "evil.example")
    with pytest.raises(ssl.SSLError):
        proxy.ask(host="evil.example")


def test_the_site_is_told_who_asks_whatever_they_say(proxy: Proxy) -> None:
    lies = {"X-Forwarded-For": "10.1.1.1", "X-Forwarded-Proto": "http", "X_Forwarded_For": "::1"}
    status, _headers, text = proxy.ask(**lies)
    told = json.loads(text)
    assert (status, told["host"]) == (200, HOST)
    assert (told["x-forwarded-for"], told["x-forwarded-proto"]) == ("127.0.0.1", "https")
    assert "x_forwarded_for" not in told


def test_the_largest_bank_file_goes_through_and_a_larger_one_is_told_why(proxy: Proxy) -> None:
    def post(size: int) -> Answer:
        return proxy.send("POST", "/", HOST, bytes(size), {})

    assert post(bankfiles.MAX_BYTES + 5000)[0] == 200
    status, _headers, text = post(bankfiles.MAX_BYTES + 2 * 1024**2)
    assert (status, text.split(":")[0]) == (413, "Filen är för stor")


def test_pictures_are_served_by_nginx_and_can_do_nothing(proxy: Proxy, tmp_path: Path) -> None:
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "a.svg").write_text("<svg/>")
    (tmp_path / "secret").write_text("secret")
    status, headers, text = proxy.ask("/media/a.svg")
    assert (status, text, headers["X-Content-Type-Options"]) == (200, "<svg/>", "nosniff")
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "secret" not in {proxy.ask(path)[2] for path in ("/media../secret", "/media/../secret")}


def test_a_file_of_the_coming_version_is_there_before_its_processes_are(
    proxy: Proxy, tmp_path: Path
) -> None:
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "new.css").write_text("a {}")
    status, headers, text = proxy.ask("/static/new.css")
    assert (status, headers["Content-Type"], text) == (200, "text/css", "a {}")
    assert proxy.ask("/static/none.css")[0] == 404


def test_a_web_that_is_away_has_words(proxy: Proxy, tmp_path: Path) -> None:
    proxy.site.shutdown()
    (tmp_path / "web.sock").unlink()
    status, headers, text = proxy.ask()
    assert (status, headers["Retry-After"]) == (503, "60")
    assert text.startswith("Vi arbetar med webbplatsen.")
