"""What people ask of us: taken in, the clock, identity, answers, and erasure on request."""

import datetime as dt
import io
import re
import zipfile
from html import unescape

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from events.models import Booking
from mail.models import Mail
from privacy import operations
from privacy.models import Copy, Erasure, Protection, Request
from privacy.operations.requesting import due_on
from privacy.refusals import AskedAlready, IdentityUnknown, NotOpen, ReasonMissing, WorksHere
from tests.factories import events, members
from tests.factories import privacy as factory
from tests.factories.privacy import NOW
from tests.members.test_reauthentication import enter_code

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ledger(settings, tmp_path):
    settings.ERASURE_LEDGER = str(tmp_path / "erasures.jsonl")


@pytest.mark.parametrize(
    ("received", "due", "longer"),
    [
        ("2026-11-23", "2026-12-23", "2027-02-23"),
        ("2027-01-31", "2027-02-28", "2027-04-30"),
        ("2028-01-31", "2028-02-29", "2028-04-30"),
        ("2026-12-31", "2027-01-31", "2027-03-31"),
    ],
)
def test_the_clock_is_one_month_and_three_at_most(received, due, longer):
    day = dt.date.fromisoformat(received)

    assert due_on(day) == dt.date.fromisoformat(due)
    assert due_on(day, is_extended=True) == dt.date.fromisoformat(longer)


def asked(kind="access", **changes) -> Request:
    person = changes.pop("person", None) or members.person()
    return operations.receive(
        **{"kind": kind, "now": NOW, "person": person, "identity": "known", **changes}
    )


def letters() -> list[str]:
    return [mail.key.split(":")[-1] for mail in Mail.objects.order_by("pk")]


def test_asking_starts_the_clock_and_is_confirmed_by_letter():
    request = asked()

    assert (request.state, request.due_on) == ("open", dt.date(2026, 12, 23))
    assert letters() == ["request_received"]
    with pytest.raises(AskedAlready):
        asked(person=request.person)
    assert Request.objects.count() == 1


def test_it_is_due_soon_a_week_before():
    asked()

    assert not Request.objects.due_soon(dt.date(2026, 12, 15)).exists()
    assert Request.objects.due_soon(dt.date(2026, 12, 16)).exists()


def test_nothing_is_granted_before_we_know_who_asks():
    request, officer = asked(identity=""), factory.officer()

    with pytest.raises(IdentityUnknown):
        operations.grant(request=request, answer="", by=officer, now=NOW)

    operations.note_identity(request=request, how="called back", by=officer)
    done = operations.grant(request=request, answer="Here you are.", by=officer, now=NOW)

    assert (done.state, done.answered_by, done.answered_at) == ("granted", officer, NOW)
    assert letters() == ["request_received", "request_granted"]
    with pytest.raises(NotOpen):
        operations.grant(request=request, answer="", by=officer, now=NOW)


def test_a_granted_access_brings_a_link_to_a_copy(client: Client):
    request = asked(language="sv")

    operations.grant(request=request, answer="", by=factory.officer(), now=NOW)

    [copy] = Copy.objects.all()
    assert (copy.person, copy.expires_at) == (request.person, NOW + dt.timedelta(hours=72))
    letter = Mail.objects.get(key__endswith="request_granted")
    assert re.search(r"http://\S+/[\w-]{43}/", letter.text)


def test_a_guest_fetches_the_copy_by_the_link_alone(client: Client):
    events.confirmed(events.event(), name="Gäst", email="gast@example.org")
    now = dt.datetime.now(dt.UTC)
    _copy, token = operations.make_copy(by=None, now=now, email="Gast@example.org")

    answer = client.post(reverse("privacy:copy", args=[token]))

    with zipfile.ZipFile(io.BytesIO(answer.content)) as folder:
        assert "gast@example.org" in folder.read("data.json").decode()


def test_restriction_protects_the_person():
    request = asked("restriction")

    operations.grant(request=request, answer="", by=factory.officer(), now=NOW)

    [protection] = Protection.objects.hides()
    assert (protection.person, protection.kind) == (request.person, "restricted")


def test_restriction_protects_a_guest_by_the_address():
    request = operations.receive(
        kind="restriction", now=NOW, name="Gun", email="Gun@example.org", identity="wrote from it"
    )

    operations.grant(request=request, answer="", by=factory.officer(), now=NOW)

    [protection] = Protection.objects.hides()
    assert (protection.person, protection.email) == (None, "gun@example.org")


def test_a_copy_that_cannot_be_made_spends_no_link(client: Client, monkeypatch):
    _copy, token = operations.make_copy(
        by=None, now=dt.datetime.now(dt.UTC), email="gast@example.org"
    )
    url = reverse("privacy:copy", args=[token])

    def broken(*_args, **_words):
        raise OSError

    with monkeypatch.context() as patched:
        patched.setattr("privacy.own_views.archive", broken)
        with pytest.raises(OSError):
            client.post(url)

    assert client.post(url).headers["Content-Type"] == "application/zip"


def test_a_refusal_says_why_and_where_to_complain():
    request, officer = asked("objection"), factory.officer()

    with pytest.raises(ReasonMissing):
        operations.refuse(request=request, reason=" ", by=officer, now=NOW)
    operations.refuse(request=request, reason="The law.", by=officer, now=NOW)

    letter = Mail.objects.get(key__endswith="request_refused")
    assert "The law." in letter.text
    assert "imy.se" in letter.text


def test_more_time_is_taken_once_and_told():
    request, officer = asked(), factory.officer()

    operations.extend(request=request, because="Many of them.", by=officer)
    operations.extend(request=request, because="Even more.", by=officer)

    request.refresh_from_db()
    assert (request.due_on, request.extended_because) == (dt.date(2027, 2, 23), "Many of them.")
    assert letters() == ["request_received", "request_extended"]


def test_only_those_with_the_right_answer():
    request = asked()

    for do in (
        lambda by: operations.grant(request=request, answer="", by=by, now=NOW),
        lambda by: operations.refuse(request=request, reason="x", by=by, now=NOW),
        lambda by: operations.grant_erasure(request=request, by=by, now=NOW),
    ):
        with pytest.raises(PermissionDenied):
            do(members.staff())


def test_erasure_on_request_leaves_a_receipt_by_mail_and_forgets_the_address():
    person = members.person(email="anna@example.org", name="Anna Åström")
    request = asked("erasure", person=person)

    done = operations.grant_erasure(request=request, by=factory.officer(), now=NOW)

    assert factory.again(person).name == ""
    [letter] = Mail.objects.all()
    assert (letter.key, letter.to) == (f"erasure:{done.pk}", "anna@example.org")
    assert str(done.pk) in letter.text
    assert not Request.objects.exists()


def test_a_guest_is_erased_on_request():
    events.confirmed(events.event(), name="Gäst", email="gast@example.org")
    request = operations.receive(
        kind="erasure", now=NOW, name="Gäst", email="gast@example.org", identity="wrote from it"
    )

    operations.grant_erasure(request=request, by=factory.officer(), now=NOW)

    assert not Booking.objects.exists()


# --- The pages -----------------------------------------------------------------------------------


def test_the_page_says_what_would_happen_and_asking_wants_the_password(client: Client):
    person = members.membership().user
    client.force_login(person)

    page = unescape(client.get(reverse("privacy:erase")).text)
    assert "1 januari 2034" in page

    again = client.post(reverse("privacy:erase-now"), {"sure": "on"})
    assert again.url.startswith(reverse("account_reauthenticate"))
    assert factory.again(person).name == person.name


def erase_me(client: Client, person, **said):
    """The button, and the password that it asks for."""
    client.force_login(person)
    again = client.post(reverse("privacy:erase-now"), said)
    return client.post(again.url, {"password": members.PASSWORD})


def test_whoever_confirms_is_erased_at_once_logged_out_and_shown_the_receipt(client: Client):
    person = members.membership(members.person(name="Anna Åström")).user
    address = person.email

    answer = erase_me(client, person, sure="on")

    [done] = Erasure.objects.all()
    assert (answer.url, done.by) == (done.get_absolute_url(), None)
    assert factory.again(person).name == ""
    assert client.get(reverse("privacy:my-data")).url.startswith(reverse("account_login"))
    assert client.get(answer.url).status_code == 200
    [letter] = Mail.objects.all()
    assert (letter.key, letter.to) == (f"erasure:{done.pk}", address)
    assert not Request.objects.exists()


def test_whoever_has_no_password_confirms_by_the_code_in_the_mail(client: Client):
    person = members.person(password=None)
    client.force_login(person)
    asked = client.post(reverse("privacy:erase-now"), {"sure": "on"})
    assert asked.url.startswith(reverse("members:confirm-by-code"))

    answer = enter_code(client, next=reverse("privacy:erase-now"))

    [done] = Erasure.objects.all()
    assert answer.url == done.get_absolute_url()
    assert factory.again(person).name == ""


def test_a_press_without_the_tick_changes_nothing_and_says_so(client: Client):
    person = members.person()

    answer = erase_me(client, person)

    assert answer.context["form"].errors["sure"]
    assert factory.again(person).name == person.name


def test_what_may_not_be_erased_becomes_a_request_that_is_answered(client: Client):
    person = members.person()
    factory.protection(person)

    erase_me(client, person, sure="on")
    erase_me(client, person, sure="on")

    [request] = Request.objects.all()
    assert (request.kind, request.person, request.identity != "") == ("erasure", person, True)
    assert factory.again(person).name == person.name


def test_staff_does_not_vanish_by_a_press(client: Client):
    person = members.staff()
    with pytest.raises(WorksHere):
        operations.erase_own(person=person, now=NOW)

    assert factory.again(person).name == person.name
    assert not Mail.objects.exists()


def test_anything_else_is_asked_by_form(client: Client):
    person = members.person()
    client.force_login(person)

    empty = client.post(reverse("privacy:ask"), {"kind": "objection", "message": ""})
    assert (empty.status_code, Request.objects.count()) == (200, 0)
    client.post(reverse("privacy:ask"), {"kind": "objection", "message": "No more of it"})

    [request] = Request.objects.all()
    assert (request.kind, request.message, request.identity) == ("objection", "No more of it", "")
    page = unescape(client.get(reverse("privacy:my-data")).text)
    assert request.get_kind_display().lower() in page.lower()


def test_the_receipt_is_read_without_an_account_and_names_nobody(client: Client):
    person = members.membership(members.person(name="Anna Åström")).user
    done = factory.erased(person)

    page = unescape(client.get(done.get_absolute_url()).text)

    assert "Åström" not in page
    assert client.get(reverse("privacy:receipt", args=[Erasure().pk])).status_code == 404
