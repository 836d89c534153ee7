import datetime as dt
import io
import json
import re
import zipfile
from html import unescape

import jsonschema
import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from django.utils import translation

from privacy.collection import subject_of
from privacy.export import archive
from privacy.models import Copy
from privacy.operations import waiting_copy
from privacy.register import register
from tests.factories import members
from tests.privacy.people import NOW, browser_of, company, look_at, person

pytestmark = pytest.mark.django_db


def copy_of(user) -> tuple[dict, str]:
    """Both files of the archive."""
    with translation.override("en"):
        packed = archive(subject_of(user.pk), now=NOW)
    with zipfile.ZipFile(io.BytesIO(packed)) as folder:
        assert sorted(folder.namelist()) == ["data.json", "index.html", "schema.json"]
        data = json.loads(folder.read("data.json"))
        jsonschema.validate(data, json.loads(folder.read("schema.json")))
        return data, folder.read("index.html").decode()


def rows(data: dict, label: str) -> list[dict]:
    [table] = [table for table in data["tables"] if table["table"] == label]
    return [row["values"] for row in table["rows"]]


def test_the_copy_holds_mine_and_nobody_elses():
    anna, bo = person(phone="070-111"), person("bo@example.org", name="Bo Alm")
    browser_of(anna, key="annas")
    browser_of(bo, key="bos")
    look_at(bo, purpose="Bos invoice")

    data, page = copy_of(anna)

    [me] = rows(data, "members.User")
    assert (me["email"], me["name"], me["phone"]) == ("anna@example.org", "Anna Ek", "070-111")
    [session] = rows(data, "usersessions.UserSession")
    assert session["user_agent"] == "Browser annas"
    for text in (json.dumps(data), unescape(page)):
        assert "070-111" in text
        for others in ("bo@example.org", "Bo Alm", "Browser bos", "Bos invoice"):
            assert others not in text


def test_every_declared_column_is_in_the_copy_or_withheld_with_a_reason():
    anna = person()
    browser_of(anna, key="a")
    look_at(anna)

    data, _page = copy_of(anna)

    for table in data["tables"]:
        declared = register.declarations.get(table["table"].lower())
        if declared:
            known = set(table["columns"]) | set(table["withheld"])
            assert known == {name for name, _held in declared.personal()}
            assert all(set(row["values"]) == set(table["columns"]) for row in table["rows"])


def test_secrets_are_left_out():
    anna = person()
    anna.set_password("a secret of hers")
    anna.save()
    UserSession.objects.create(user=anna, session_key="sessionsecret", ip="192.0.2.7")

    data, page = copy_of(anna)

    for text in (json.dumps(data), page):
        assert "sessionsecret" not in text
        assert anna.password not in text


def test_it_tells_purposes_recipients_and_until_when():
    company(name="Värd AB")
    anna = person()
    browser_of(anna, key="a")

    data, page = copy_of(anna)

    [security] = [purpose for purpose in data["purposes"] if purpose["key"] == "security"]
    assert security["recipients"][0]["companies"] == ["Värd AB"]
    [sessions] = [t for t in data["tables"] if t["table"] == "usersessions.UserSession"]
    assert sessions["rows"][0]["kept_until"] == {"security": "2026-12-07T13:00:00+01:00"}
    assert "7 December 2026" in page
    assert "Värd AB" in page


def test_the_page_can_be_read_without_the_net():
    _data, page = copy_of(person())

    assert re.findall(r'(?:src|href|action)="', page) == []


def test_a_name_cannot_become_part_of_the_page():
    _data, page = copy_of(person(name="<script>alert(1)</script>"))

    assert "<script>" not in page


def test_invoices_go_along_as_paper():
    anna, bo = members.person(), members.person()
    own = members.membership(anna).invoice
    members.membership(bo)

    packed = archive(subject_of(anna.pk), now=NOW)

    with zipfile.ZipFile(io.BytesIO(packed)) as folder:
        papers = [name for name in folder.namelist() if name.startswith("papers/")]
        assert papers == [f"papers/faktura-{own.number.lower()}.pdf"]
        assert folder.read(papers[0]).startswith(b"%PDF")


# --- The way to it ---------------------------------------------------------------------------

PASSWORD = members.PASSWORD


def member() -> object:
    return members.person(email="anna@example.org", name="Anna Ek")


def link_to_copy(client: Client, user) -> str:
    """Asked for on my data, confirmed with the password."""
    client.force_login(user)
    asked = client.post(reverse("privacy:export"))
    return client.post(asked.url, {"password": PASSWORD}).url


def test_the_copy_is_given_once_after_the_password_was_given_again(client: Client):
    client.force_login(member())

    asked = client.post(reverse("privacy:export"))
    assert asked.status_code == 302
    assert asked.url.startswith(reverse("account_reauthenticate"))

    link = client.post(asked.url, {"password": PASSWORD}).url
    assert client.get(link).status_code == 200
    answer = client.post(link)

    assert answer.headers["Content-Type"] == "application/zip"
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as folder:
        assert "anna@example.org" in folder.read("data.json").decode()
    assert client.post(link).status_code == 410
    assert client.get(link).status_code == 410


def test_the_link_is_nobody_elses_and_wants_the_log_in(client: Client):
    link = link_to_copy(client, member())

    client.force_login(members.person())
    assert client.get(link).status_code == 404
    client.logout()
    assert client.post(link).url.startswith(reverse("account_login"))


def test_the_link_lives_for_72_hours_and_is_stored_as_a_hash(client: Client):
    link = link_to_copy(client, member())
    made = Copy.objects.get()

    assert made.token_hash not in link
    Copy.objects.update(made_at=NOW, expires_at=NOW + dt.timedelta(hours=72))
    token = link.rstrip("/").split("/")[-1]
    seconds = dt.timedelta(seconds=1)
    assert waiting_copy(token=token, now=made.made_at.replace(year=2020)) == made
    assert waiting_copy(token=token, now=NOW + dt.timedelta(hours=72) - seconds) == made
    assert waiting_copy(token=token, now=NOW + dt.timedelta(hours=72)) is None


def test_a_wrong_password_gives_nothing(client: Client):
    client.force_login(member())
    asked = client.post(reverse("privacy:export"))

    answer = client.post(asked.url, {"password": "wrong"})

    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/html")
    assert not Copy.objects.exists()


def test_looking_changes_and_gives_nothing(client: Client):
    client.force_login(member())

    assert client.get(reverse("privacy:export")).status_code == 405


def test_without_an_account_there_is_no_copy(client: Client):
    answer = client.post(reverse("privacy:export"))

    assert answer.url.startswith(reverse("account_login"))


def test_a_made_up_link_leads_nowhere(client: Client):
    assert client.get(reverse("privacy:copy", args=["x"])).status_code == 410
