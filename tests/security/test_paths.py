"""What programs try on every site leads to the same "not found", and no folder shows itself."""

import http.client
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from tests.events.test_over_http import server
from tests.factories import members
from tests.processes import migrated_sqlite

# What scanners ask for first: sources and secrets, other people's software, looks inside.
TRIED = [
    *("/.git/config", "/.git/HEAD", "/.gitignore", "/.svn/entries", "/.hg/hgrc", "/.DS_Store"),
    *("/.env", "/.env.local", "/.env.production", "/.htaccess", "/.htpasswd", "/.ssh/id_rsa"),
    *("/.aws/credentials", "/.npmrc", "/.well-known/openid-configuration", "/.vscode/sftp.json"),
    *("/config/settings.py", "/settings.py", "/manage.py", "/requirements/base.txt"),
    *("/pyproject.toml", "/Makefile", "/Dockerfile", "/docker-compose.yml", "/var/demo.sqlite3"),
    *("/db.sqlite3", "/backup.zip", "/backup.sql", "/dump.sql.gz", "/site.tar.gz", "/index.php~"),
    *("/index.html.bak", "/settings.py.swp", "/robots.txt.old", "/media.zip", "/static.zip"),
    *("/server-status", "/server-info", "/nginx_status", "/status", "/debug", "/__debug__/"),
    *("/debug/default/view", "/console", "/actuator/env", "/actuator/health", "/trace.axd"),
    *("/phpinfo.php", "/info.php", "/wp-login.php", "/wp-admin/", "/xmlrpc.php", "/phpmyadmin/"),
    *(
        "/administrator/",
        "/cgi-bin/test.cgi",
        "/vendor/phpunit/src/Util/PHP/eval-stdin.php",
    ),
    *("/api/", "/graphql", "/swagger.json", "/openapi.json", "/docs/"),
    *("/celery", "/flower/", "/prometheus", "/healthz/", "/metrics/all"),
]
CLIMBING = [
    *("/static/../config/settings.py", "/static/%2e%2e/config/settings.py"),
    *("/static/..%2f..%2fmanage.py", "/static/%2e%2e%2fmanage.py", "/static//etc/passwd"),
    *("/static/....//....//etc/passwd", "/static/%252e%252e/manage.py", "/static/..\\manage.py"),
    *("/media/../erasures.jsonl", "/media/%2e%2e/erasures.jsonl", "/media/news/../../site.sqlite3"),
    *("/media/news/..%2f..%2fsite.sqlite3", "/media/news/%2e%2e%2fnone.webp", "/media//etc/passwd"),
    *("/static/../.env", "/media/../.env", "/media/erasures.jsonl", "/media/news/a.txt"),
]
FOLDERS = [
    *("/static/", "/static", "/static/js/", "/static/css/", "/static/bootstrap/", "/static/admin/"),
    *("/static/staticfiles.json", "/media/", "/media", "/media/news/", "/media/events/"),
]
# Once the nonce, the number of the form and the address itself are taken out.
OWN = re.compile(r'nonce="[^"]*"|value="[^"]*"|(?:href|action)="[^"]*"|(?<=next=)[^"&]*')


def skeleton(content: bytes) -> str:
    return OWN.sub("", content.decode())


@pytest.mark.django_db
def test_none_of_them_is_there(client: Client) -> None:
    """And the page says so as it does of any other; a slash more, and it says so there."""
    usual = skeleton(client.get("/finns-inte/").content)
    answers = {path: client.get(path, follow=True) for path in [*TRIED, *CLIMBING, *FOLDERS]}
    assert {path: one.status_code for path, one in answers.items() if one.status_code != 404} == {}
    assert [path for path, one in answers.items() if skeleton(one.content) != usual] == []


@pytest.mark.django_db
def test_the_office_has_none_of_them_either(client: Client) -> None:
    """Who has not logged in is asked to, whatever the address; it says nothing of what there is."""
    asked_for = ["/admin/doc/", "/admin/.git/config", "/admin/phpinfo.php", "/admin/jsi18n/../.env"]
    for path in asked_for:
        assert reverse("account_login") in client.get(path, follow=True).redirect_chain[-1][0]
    client.force_login(members.person(is_staff=True, is_superuser=True))
    assert {client.get(path, follow=True).status_code for path in asked_for} == {404}


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH", "CONNECT", "PROPFIND"])
def test_no_file_is_put_taken_away_or_echoed(client: Client, method: str) -> None:
    for path in ("/", "/static/js/", "/media/news/none.webp", "/.env"):
        answer = client.generic(method, path, b"canary", HTTP_COOKIE="a=canary")
        assert (answer.status_code, b"canary" in answer.content) == (405, False)


# --- On a real server ---------------------------------------------------------------------------


CANARY = "Kanariefågel"


@pytest.fixture
def port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """gunicorn and WhiteNoise as in production, beside files that nobody shall get."""
    ours = "static/js/ours.js"
    for name in (ours, ".env", "erasures.jsonl", "media/erasures.jsonl", "media/news/a.txt"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("ours();" if name == ours else CANARY)
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    with server(migrated_sqlite(tmp_path / "site.sqlite3")) as found:
        yield found


def asked(port: int, method: str, path: str) -> tuple[int, str]:
    """As it stands there: no library puts the dots in order."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        line.putrequest(method, path, skip_host=True)
        line.putheader("Host", "localhost")
        line.endheaders()
        answer = line.getresponse()
        return answer.status, answer.read().decode()
    finally:
        line.close()


@pytest.mark.slow
def test_nor_does_a_real_server_give_them_away(port: int) -> None:
    found = {path: asked(port, "GET", path) for path in [*TRIED, *CLIMBING, *FOLDERS]}
    # 301: the slash at the end, and then it is not there either.
    got = {path: told for path, told in found.items() if told[0] not in {301, 404}}
    assert got == {}
    leaking = (CANARY, "SQLite format", "root:", "ours.js")
    assert [
        path for path, (_, text) in found.items() if any(word in text for word in leaking)
    ] == []
    assert {asked(port, method, "/")[0] for method in ("TRACE", "PUT", "DELETE")} == {405}
    # All this would pass on a server that has nothing.
    assert asked(port, "GET", "/static/js/ours.js") == (200, "ours();")
