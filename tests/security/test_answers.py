"""What every answer of the site carries, whoever asks: headers, cookies, and nobody's own ideas."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.core.mail import BadHeaderError
from django.test import Client
from django.urls import reverse

from mail.models import Mail
from mail.operations import send_one
from members.models import Application, User
from tests.factories.mail import create_mail
from tests.security.addresses import Address, described, office
from tests.security.association import MEMBER, SUPERUSER, VISITOR, Association

pytestmark = pytest.mark.slow


EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
CLOSED = ("default-src", "object-src", "base-uri", "frame-ancestors")
COOKIES = {site_settings.SESSION_COOKIE_NAME, site_settings.CSRF_COOKIE_NAME}


def pages(site: Association, role: str) -> list[str]:
    paths = [one.path(site) for one in described()]
    paths += [f"/en{path}" for path in paths if path.startswith(("/mina-sidor", "/konto"))]
    paths += [page.path for page in office(site)] if role == SUPERUSER else []
    return [*paths, "/finns-inte/", "/admin/finns-inte/"]


def faults(response: Any, *, logged_in: bool) -> list[str]:
    wrong = [name for name, value in EVERYWHERE.items() if response.get(name) != value]
    if "geolocation=()" not in response.get("Permissions-Policy", ""):
        wrong.append("Permissions-Policy")
    wrong += policy_faults(response.get("Content-Security-Policy", ""))
    wrong += [
        name
        for name, cookie in response.cookies.items()
        if name not in COOKIES or cookie["samesite"] != "Lax" or cookie["domain"]
    ]
    session = response.cookies.get(site_settings.SESSION_COOKIE_NAME)
    if session is not None and not session["httponly"]:
        wrong.append("a session that scripts can read")
    if logged_in and response.status_code == 200 and not is_private(response):
        wrong.append("a cache may keep it")
    return wrong


def is_private(response: Any) -> bool:
    return "no-store" in response.get("Cache-Control", "")


def policy_faults(policy: str) -> list[str]:
    told = dict(part.strip().partition(" ")[::2] for part in policy.split(";") if part.strip())
    wrong = [name for name in CLOSED if told.get(name) != "'none'"]
    if re.search(r"unsafe-|\*|http:|https:(?!//)", policy.replace("http://localhost", "")):
        wrong.append("a loose policy")
    return wrong


@pytest.mark.parametrize("role", [VISITOR, MEMBER, SUPERUSER])
def test_every_answer_carries_the_headers(readers_site: Association, role: str):
    client = readers_site.client(role)
    found = {}
    for path in pages(readers_site, role):
        response = client.get(path)
        # What does not depend on the cookie says nothing of anybody.
        is_personal = role != VISITOR and "Cookie" in response.get("Vary", "")
        if wrong := faults(response, logged_in=is_personal):
            found[path] = (response.status_code, wrong)
    assert found == {}


def test_a_script_of_ours_carries_them_too_and_is_for_our_pages_only(settings, db):
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
    script = next(Path(site_settings.BASE_DIR, "static", "js").glob("*.js"))
    response = Client().get(f"/static/js/{script.name}")
    response.close()
    assert response.status_code == 200
    assert [name for name, value in EVERYWHERE.items() if response.get(name) != value] == [
        "X-Frame-Options"  # its content policy denies frames as well
    ]
    assert "geolocation=()" in response["Permissions-Policy"]
    assert policy_faults(response["Content-Security-Policy"]) == []
    assert not response.has_header("Access-Control-Allow-Origin")


def test_the_crawl_sees_a_missing_header(client, db):
    response = client.get("/healthz")
    del response.headers["X-Content-Type-Options"]
    response.headers["Content-Security-Policy"] = "default-src 'self' 'unsafe-inline'"
    response.set_cookie("tracker", "1")
    assert {"X-Content-Type-Options", "a loose policy", "tracker"} <= set(
        faults(response, logged_in=False)
    )


def test_each_answer_has_a_nonce_of_its_own(client, db):
    def nonces() -> set[str]:
        response = client.get(reverse("members:join"))
        return set(re.findall(r"nonce-([\w+/=-]+)", response["Content-Security-Policy"]))

    assert not (nonces() & nonces())


# --- Other people's hosts and addresses ---------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "localhost@evil.example",
        "evil.example:80",
        "[::2]",
    ],
)
def test_another_host_name_is_refused(client, host):
    client.raise_request_exception = False
    assert client.get("/", HTTP_HOST=host).status_code == 400


@pytest.mark.django_db
def test_a_forwarded_host_is_not_believed(client):
    response = client.get("/", HTTP_X_FORWARDED_HOST="evil.example")
    assert b"evil.example" not in response.content


ELSEWHERE = (
    "https://evil.example/",
    "//evil.example",
    "https:evil.example",
    "http:///evil.example",
    "\\\\evil.example",
    "/\\evil.example",
    "javascript:alert(1)//evil",
    "https://testserver@evil.example/",
    "\thttps://evil.example",
)
OURS = "/evil/"


@pytest.mark.django_db
def test_no_address_of_ours_leads_elsewhere(site: Association):
    """Every page that goes on somewhere is asked to go on to a place of somebody else's choice."""
    answers = asked(site, OURS, described())
    going_on = list(dict.fromkeys(address for address, answer in answers if is_on(answer)))
    # The log-in would be refused anything if its parameter had another name.
    assert {"account_login", "account_logout"} <= {name for name, _ in led_to(site, OURS, going_on)}

    led = {target: led_to(site, target, going_on) for target in ELSEWHERE}
    assert not any(led.values()), led


def led_to(site: Association, target: str, addresses: list[Address]) -> list[tuple[str, str]]:
    return [
        (address.name, answer["Location"])
        for address, answer in asked(site, target, addresses)
        if "evil" in answer.get("Location", "").partition("?")[0]
    ]


def asked(
    site: Association, target: str, addresses: list[Address]
) -> Iterator[tuple[Address, Any]]:
    client = site.client(MEMBER)
    wanted = {"next": target, "return_to": target, "redirect": target, "url": target}
    for address in addresses:
        yield address, client.get(address.path(site), wanted)
        if "log" in address.name:
            yield address, client.post(address.path(site), wanted)
        client.force_login(site.member)


def is_on(answer: Any) -> bool:
    return 300 <= answer.status_code < 400


# --- Fields that nobody asked for ---------------------------------------------------------------


def flags(user: User) -> dict[str, Any]:
    user.refresh_from_db()
    kept = ("is_staff", "is_superuser", "is_active", "email", "password", "public_id", "erased_at")
    return {name: getattr(user, name) for name in kept} | {"groups": user.groups.count()}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["members:details", "members:payer", "members:consents"])
def test_a_form_takes_only_what_it_shows(site: Association, name: str):
    """Every column of a person and more, posted to each form of "my pages"."""
    client, before = site.client(MEMBER), flags(site.member)
    path = reverse(name)
    form = client.get(path).context.get("form", ())
    shown = {field.html_name: field.value() for field in form if field.value()}
    everything = {field.attname: "1" for field in User._meta.concrete_fields if field.attname}
    client.post(path, {**everything, "groups": "1", "user": "999", "user_id": "999", **shown})
    assert flags(site.member) == before


@pytest.mark.django_db
def test_an_application_cannot_approve_itself(client, site: Association):
    everything = {field.attname: "1" for field in Application._meta.concrete_fields}
    client.post(reverse("members:join"), {**everything, "state": "approved", "user": "1"})
    assert not Application.objects.filter(state="approved").exists()


# --- Mail ---------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["A\nBcc: x@evil.example", "A\r\nTo: x@evil.example", "A\rB"])
def test_a_name_cannot_add_a_header(site: Association, name: str, mailoutbox):
    client = site.client(MEMBER)
    form = client.get(reverse("members:details")).context["form"]
    shown = {field.html_name: field.value() or "" for field in form}
    client.post(reverse("members:details"), {**shown, "name": name})
    site.member.refresh_from_db()
    assert "\n" not in site.member.name and "\r" not in site.member.name


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["subject", "to", "cc"])
def test_a_header_that_got_into_the_queue_stops_there(field: str, mailoutbox):
    """It is not sent, not tried for ever, and does not hold up the next one."""
    mail = create_mail(**{field: "x@example.org\nBcc: evil@evil.example"})
    good = create_mail(key="test:2")

    assert not send_one(mail_id=mail.pk)
    assert send_one(mail_id=good.pk)

    mail.refresh_from_db()
    assert mail.state == Mail.State.FAILED
    assert "evil@evil.example" not in str([message.recipients() for message in mailoutbox])
    assert BadHeaderError.__name__ in mail.problem


# --- Log-out ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_logging_out_leaves_nothing_behind(site: Association):
    client = site.client(MEMBER)
    key = client.session.session_key
    response = client.post(reverse("account_logout"))
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert not client.session.exists(key)
    client.cookies[site_settings.SESSION_COOKIE_NAME] = key
    assert client.get(reverse("my-pages")).status_code == 302


@pytest.mark.django_db
def test_a_session_that_was_planted_is_not_promoted(site: Association, client):
    client.get(reverse("members:join"))
    planted = "a" * 32
    client.cookies[site_settings.SESSION_COOKIE_NAME] = planted
    client.post(
        reverse("account_login"),
        {"login": site.member.email, "password": "correct horse battery"},
    )
    assert client.cookies[site_settings.SESSION_COOKIE_NAME].value != planted
