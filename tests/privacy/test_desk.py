"""The privacy officer's pages in the admin."""

import datetime as dt
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config import today
from mail.models import Mail
from privacy import breaches
from privacy.fingerprints import fingerprint
from privacy.models import AccessLog, Erasure, Incident, Protection, Request, RetentionRun
from privacy.operations.clearing import clear_expired
from privacy.refusals import OnHold
from privacy.retention import rules
from tests.factories import events, mail, members
from tests.factories import privacy as factory
from tests.privacy.people import look_at

pytestmark = pytest.mark.django_db

NOW = timezone.now()
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def ledger(settings, tmp_path):
    settings.ERASURE_LEDGER = str(tmp_path / "erasures.jsonl")


@pytest.fixture
def officer(client: Client):
    person = factory.officer(name="Pia Dataskydd")
    client.force_login(person)
    return person


def test_a_request_says_whose_it_is_and_is_entered_once(client: Client, officer):
    url, person = reverse("admin:privacy_request_add"), members.person()
    said = {"kind": "erasure", "name": "Gun", "language": "sv", "message": "", "identity": ""}

    nobody = client.post(url, said)
    assert (nobody.status_code, Request.objects.count()) == (200, 0)
    client.post(url, {**said, "person": person.pk})
    again = client.post(url, {**said, "person": person.pk})

    assert (again.status_code, Request.objects.count()) == (200, 1)


def page(request: Request, act: str) -> str:
    return reverse(f"admin:privacy_request_{act}", args=[request.pk])


def test_a_request_by_phone_is_entered_and_confirmed(client: Client, officer):
    client.post(
        reverse("admin:privacy_request_add"),
        {
            "kind": "access",
            "name": "Gun Gäst",
            "email": "Gun@example.org",
            "language": "sv",
            "message": "Vad har ni om mig?",
            "identity": "",
        },
    )

    [request] = Request.objects.all()
    assert (request.email, request.state, request.person) == ("gun@example.org", "open", None)
    assert request.due_on > timezone.localdate()
    assert [mail.to for mail in Mail.objects.all()] == ["gun@example.org"]


def test_it_is_answered_by_its_buttons_and_no_other_way(client: Client, officer):
    request = factory.request(members.person(), received_at=NOW, language="en")

    shown = client.get(reverse("admin:privacy_request_change", args=[request.pk])).text
    assert page(request, "grant") in shown
    client.post(page(request, "grant"), {"answer": "x"})
    assert factory_again(request).state == "open"  # nobody knows yet who asks

    client.post(page(request, "identity"), {"how": "called back"})
    begun = client.get(page(request, "grant")).text
    assert "Here is a copy of everything" in begun
    client.post(page(request, "grant"), {"answer": "Here it is."})

    request = factory_again(request)
    assert (request.state, request.answer, request.answered_by) == (
        "granted",
        "Here it is.",
        officer,
    )
    assert client.get(page(request, "grant")).status_code == 404


def factory_again(request: Request) -> Request:
    return Request.objects.get(pk=request.pk)


def test_refusing_and_taking_more_time_want_a_reason(client: Client, officer):
    request = factory.request(members.person(), kind="objection", received_at=NOW)

    assert client.post(page(request, "extend"), {"reason": ""}).status_code == 200
    client.post(page(request, "extend"), {"reason": "Mycket att gå igenom."})
    client.post(page(request, "refuse"), {"reason": "Lagen."})

    request = factory_again(request)
    assert (request.state, request.extended_because) == ("refused", "Mycket att gå igenom.")


def test_erasing_shows_the_plan_and_leads_to_the_receipt(client: Client, officer):
    person = members.membership().user
    request = factory.request(person, kind="erasure", identity="log-in")

    plan = client.get(page(request, "erase")).context["plan"]
    assert {"deleted", "blanked", "kept"} == {line.did for line in plan}
    answer = client.post(page(request, "erase"))

    [done] = Erasure.objects.all()
    assert (answer.url, done.by) == (done.get_absolute_url(), officer)
    assert factory.again(person).name == ""


def test_a_legal_hold_is_told_and_nothing_happens(client: Client, officer):
    person = members.person()
    factory.protection(person)
    request = factory.request(person, kind="erasure", identity="log-in")

    answer = client.post(page(request, "erase"), follow=True)

    assert [str(told) for told in answer.context["messages"]] == [str(OnHold())]
    assert factory.again(person).name == person.name


def test_others_of_the_staff_stay_outside(client: Client):
    request = factory.request(members.person())
    client.force_login(members.staff())

    for act in ("identity", "extend", "grant", "refuse", "erase"):
        assert client.post(page(request, act), {"reason": "x", "how": "x"}).status_code == 403
    assert client.get(reverse("admin:privacy_incident_changelist")).status_code == 403


def test_protections_are_entered_and_ended_never_changed(client: Client, officer):
    person = members.person()
    client.post(
        reverse("admin:privacy_protection_add"),
        {"person": person.pk, "kind": "hold", "reason": "a claim"},
    )
    [row] = Protection.objects.in_force()
    assert (row.person, row.decided_by) == (person, officer)

    client.post(reverse("admin:privacy_protection_change", args=[row.pk]), {"reason": "other"})
    client.post(
        reverse("admin:privacy_protection_changelist"),
        {"action": "end", "_selected_action": [row.pk]},
    )

    assert Protection.objects.values_list("reason", flat=True).get() == "a claim"
    assert not Protection.objects.in_force().exists()


# --- Nights of clearing ---------------------------------------------------------------------------


def test_what_would_go_is_seen_and_a_stopped_rule_let_go(client: Client, officer, settings):
    settings.RETENTION_CAP = 1
    for number in range(2):
        row = mail.create_mail(key=f"test:{number}")
        type(row).objects.filter(pk=row.pk).update(created_at=NOW - dt.timedelta(days=400))

    shown = client.get(reverse("admin:privacy_retentionrun_preview"))
    told = {one.rule.key: (one.run.found, one.run.stopped) for one in shown.context["runs"]}
    assert told["mail.Mail"] == (2, True)
    assert len(told) == len(list(rules()))
    assert not RetentionRun.objects.exists()

    clear_expired(today=timezone.localdate())
    run = RetentionRun.objects.get(rule="mail.Mail")
    url = reverse("admin:privacy_retentionrun_release", args=[run.pk])
    assert url in client.get(reverse("admin:privacy_retentionrun_change", args=[run.pk])).text
    assert client.get(url).status_code == 200
    assert Mail.objects.count() == 2
    client.post(url)

    run.refresh_from_db()
    assert (run.removed, run.stopped, run.released_by) == (2, False, officer)
    assert client.post(url).status_code == 404


def test_nobody_else_lets_a_rule_go(client: Client):
    run = RetentionRun.objects.create(
        night=timezone.localdate(), rule="mail.Mail", found=9, stopped=True, ran_at=NOW
    )
    client.force_login(members.staff())

    assert (
        client.post(reverse("admin:privacy_retentionrun_release", args=[run.pk])).status_code == 403
    )
    assert client.get(reverse("admin:privacy_retentionrun_preview")).status_code == 403


# --- Breaches -------------------------------------------------------------------------------------


def incident(**changes) -> Incident:
    return Incident.objects.create(
        **{
            "title": "A stolen session",
            "kind": "confidentiality",
            "discovered_at": NOW,
            "began_at": NOW - 3 * HOUR,
            "ended_at": NOW - HOUR,
            "happened": "Somebody used a colleague's log-in.",
            **changes,
        }
    )


def test_who_was_affected_by_a_stolen_session_is_all_and_only_those_looked_at_meanwhile():
    thief, other = members.staff(), members.staff()
    seen = [members.person() for _number in range(5)]
    for person in seen:
        look_at(person, actor=thief, at=NOW - 2 * HOUR)
    look_at(members.person(), actor=thief, at=NOW - 4 * HOUR)
    look_at(members.person(), actor=thief, at=NOW)
    look_at(members.person(), actor=other, at=NOW - 2 * HOUR)
    AccessLog.objects.create(
        actor=thief, guest="f" * 64, role="x", purpose="x", view="x", at=NOW - 2 * HOUR
    )

    found = breaches.affected(incident(actor=thief))

    assert found.people == seen
    assert (found.guests, found.count) == (1, 6)


def test_who_was_affected_by_a_lost_table_is_everybody_in_it():
    booked = members.person()
    events.confirmed(events.event(), user=booked)
    members.person()

    events.confirmed(events.event(), name="Gun", email="Gun@example.org")

    found = breaches.affected(incident(tables=["events.Booking"]))

    assert (found.people, found.addresses) == ([booked], ["gun@example.org"])
    assert (found.guests, found.count) == (1, 2)


def test_a_guest_that_was_looked_at_is_found_by_the_fingerprint():
    thief = members.staff()
    events.confirmed(events.event(), name="Gun", email="Gun@example.org")
    events.confirmed(events.event(), name="Bo", email="bo@example.org")
    for mark in (fingerprint("gun@example.org"), "f" * 64):
        AccessLog.objects.create(
            actor=thief, guest=mark, role="x", purpose="x", view="x", at=NOW - 2 * HOUR
        )

    found = breaches.affected(incident(actor=thief))

    assert (found.people, found.addresses, found.unknown) == ([], ["gun@example.org"], 1)


def test_the_page_has_the_clock_the_draft_and_the_letter(client: Client, officer):
    person = members.person(name="Anna Åström")
    look_at(person, actor=officer, at=NOW - 2 * HOUR)
    row = incident(actor=officer, tables=[], consequences="Spam", measures="New keys")

    text = unescape(client.get(reverse("admin:privacy_incident_affected", args=[row.pk])).text)

    for said in ("Anna Åström", "Somebody used a colleague's log-in.", "Spam", "New keys"):
        assert said in text
    assert row.hours_left(NOW) == 72
    assert row.hours_left(NOW + 73 * HOUR) == -1
    draft = dict(breaches.draft(row, breaches.affected(row), NOW + 73 * HOUR))
    assert "?" in draft.values()


# --- What waits -----------------------------------------------------------------------------------


def test_the_front_page_tells_what_waits(officer):
    factory.request(members.person(), due_on=timezone.localdate())
    incident()
    RetentionRun.objects.create(
        night=timezone.localdate(), rule="mail.Mail", found=900, stopped=True, ran_at=NOW
    )

    waiting = today.for_staff(factory.again(officer))

    privacy = [task.count for task in waiting if "/privacy/" in task.url]
    assert privacy == [1, 1, 1, 1]
