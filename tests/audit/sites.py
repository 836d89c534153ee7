"""Sites to attack, on this machine: the demo's association, and one as in production."""

import os
import secrets
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from tests.audit.tools import OUT, ROOT, Missed


@contextmanager
def demo_site() -> Iterator[str]:
    """The demo's association and the canary, on plain HTTP."""
    port, var = free_port(), OUT / "site"
    environment = {
        **os.environ,
        "SITE_MODE": "demo",
        "SITE_URL": f"http://localhost:{port}",
        "VAR_DIR": str(var),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    var.mkdir(exist_ok=True)
    manage(environment, "-m", "config.demo.preparation", "files", "database")
    with served("tests.audit.canary", port, environment, "--threads", "4"):
        wait_for(f"http://localhost:{port}/healthz")
        yield f"http://localhost:{port}"


@contextmanager
def production_site(application: str = "config.wsgi") -> Iterator[tuple[str, Path]]:
    """An empty site with the settings of a real one, behind HTTPS: its address and certificate."""
    port, var = free_port(), OUT / "production"
    environment = {
        **os.environ,
        "SITE_MODE": "production",
        "SITE_URL": f"https://localhost:{port}",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "DATABASE_URL": f"sqlite:///{var / 'site.sqlite3'}",
        "CELERY_BROKER_URL": "memory://",
        "CACHE_URL": f"filecache://{var / 'cache'}",
        "EMAIL_URL": "smtp://127.0.0.1:1",  # nobody there
        "VAR_DIR": str(var),
    }
    key, certificate = make_certificate(var)
    for command in (["migrate", "-v0"], ["compile_translations"], ["collectstatic", "--no-input"]):
        manage(environment, "manage.py", *command)
    https = ["--certfile", str(certificate), "--keyfile", str(key)]
    with served(application, port, environment, *https):
        trusting = ssl.create_default_context(cafile=str(certificate))
        wait_for(f"https://localhost:{port}/healthz", trusting)
        yield f"localhost:{port}", certificate


def make_certificate(folder: Path) -> tuple[Path, Path]:
    folder.mkdir(parents=True, exist_ok=True)
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    command += ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    command += ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    return key, certificate


def manage(environment: dict[str, str], *command: str) -> None:
    words = [sys.executable, *command]
    subprocess.run(words, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(
    application: str, port: int, environment: dict[str, str], *options: str
) -> Iterator[None]:
    serve = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}"]
    serve += ["--worker-class", "gthread", "--no-control-socket", *options]
    with (OUT / "site.log").open("w") as log:
        server = subprocess.Popen(serve, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            yield
        finally:
            server.terminate()
            server.wait()


def wait_for(address: str, trusting: ssl.SSLContext | None = None) -> None:
    for _ in range(300):
        try:
            urlopen(address, timeout=5, context=trusting).close()
            return
        except OSError:
            time.sleep(0.2)
    raise Missed("the site did not start; see var/audit/site.log")
