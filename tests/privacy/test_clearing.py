"""Every rule of the register: kept one second before its time is over, gone one second after."""

import datetime as dt
import io
import logging

import pytest
from allauth.account.models import EmailConfirmation
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.utils import timezone

from billing.ledger import findings
from billing.models import Invoice, InvoiceLine, InvoiceOpening, Payment
from config import jobs
from events.models import Needs
from mail.models import Mail
from members.models import Consent, FreeYear, User
from news.models import Subscriber
from privacy.models import Copy, Erasure, Protection, RetentionRun
from privacy.operations import clearing
from privacy.operations.clearing import clear, clear_after_all, clear_expired
from privacy.periods import COUNTED_FROM, annotated
from privacy.retention import rules
from tests.factories import billing, events, mail, members
from tests.factories import privacy as factory
from tests.privacy.people import browser_of, look_at

pytestmark = pytest.mark.django_db

SECOND = dt.timedelta(seconds=1)
DAY = dt.date(2026, 3, 2)
NOON = members.noon(DAY)


@pytest.fixture(autouse=True)
def ledger(settings, tmp_path):
    settings.ERASURE_LEDGER = str(tmp_path / "erasures.jsonl")


def booking(**changes):
    return events.confirmed(events.event(starts_at=NOON), **changes)


def withdrawn():
    user = members.person()
    members.consent(user, at=NOON)
    return members.consent(user, action=Consent.Action.WITHDRAWN, at=NOON)


def logged():
    about = ContentType.objects.get_for_model(User)
    row = LogEntry.objects.create(
        user=members.staff(), content_type=about, object_id="0", object_repr="x", action_flag=CHANGE
    )
    LogEntry.objects.update(action_time=NOON)
    return row


def copy_of(user):
    ends = NOON + dt.timedelta(hours=72)
    return Copy.objects.create(person=user, token_hash="x", made_at=NOON, expires_at=ends)


def letter(key):
    row = mail.create_mail(key=key)
    type(row).objects.filter(pk=row.pk).update(created_at=NOON)
    return row


def unconfirmed():
    row = members.application()
    type(row).objects.filter(pk=row.pk).update(created_at=NOON)
    return row


def confirmation():
    address = members.person().emailaddress_set.get()
    return EmailConfirmation.objects.create(email_address=address, created=NOON, key="k")


def subscriber(**changes):
    return Subscriber.objects.create(
        email="prenumerant@example.org", language="sv", consent="x", asked_at=NOON, **changes
    )


def decided(state):
    return members.in_review(state=state, decided_at=NOON)


ROWS = {
    "members.User": lambda: members.membership().user,
    "members.Application": lambda: decided("approved"),
    "members.Application#1": unconfirmed,
    "members.Application#2": lambda: decided("rejected"),
    "members.Application (mecenat_number, school, studies_end_on, is_employed)": lambda: decided(
        "approved"
    ),
    "members.Membership": members.membership,
    "members.FreeYear": lambda: FreeYear.objects.create(fingerprint="f", given_on=DAY),
    "members.Consent": withdrawn,
    "billing.Invoice": billing.issue_invoice,
    "billing.BankTransaction": billing.bank_transaction,
    "billing.InvoiceOpening": lambda: InvoiceOpening.objects.create(
        invoice=billing.issue_invoice(), opened_at=NOON
    ),
    "events.Booking": booking,
    "events.Booking#1": lambda: booking(state="waiting", seat=None, confirmed_at=None),
    "events.Booking#2": lambda: booking(state="lapsed", seat=None, confirmed_at=None),
    "events.Needs": lambda: Needs.objects.create(booking=booking(), consented_at=NOON),
    "news.Subscriber": lambda: subscriber(confirmed_at=NOON, ended_at=NOON),
    "news.Subscriber#1": subscriber,
    "mail.Mail": lambda: letter("test:1"),
    "mail.Mail#1": lambda: letter("account:1"),
    "mail.Mail#2": lambda: letter("erasure:1"),
    "privacy.AccessLog": lambda: look_at(members.person(), at=NOON),
    "privacy.Request": lambda: factory.request(state="granted", identity="known", answered_at=NOON),
    "privacy.Protection": lambda: factory.protection(members.person(), ended_at=NOON),
    "privacy.Copy": lambda: copy_of(members.person()),
    "privacy.Erasure": lambda: Erasure.objects.create(who="x", at=NOON),
    "account.EmailConfirmation": confirmation,
    "usersessions.UserSession": lambda: browser_of(members.person(), key="a", seen_at=NOON),
    "sessions.Session": lambda: Session.objects.create(
        session_key="s", session_data="x", expire_date=NOON
    ),
    "admin.LogEntry": logged,
}


def test_every_rule_is_tried():
    assert sorted({rule.key for rule in rules()}) == sorted(ROWS)


@pytest.mark.parametrize("key", ROWS)
def test_kept_one_second_before_and_gone_one_second_after(key):
    row = ROWS[key]()
    [rule] = [rule for rule in rules() if rule.key == key]
    begun = annotated(rule.rows.filter(pk=row.pk), start=rule.start).values_list(COUNTED_FROM)
    over = rule.keep.until(begun[0][0])

    clear(rule, now=over - SECOND)
    assert row.pk in rule.rows.values_list("pk", flat=True)

    clear(rule, now=over + SECOND)
    assert row.pk not in rule.rows.values_list("pk", flat=True)
    run = RetentionRun.objects.get(night=timezone.localdate(over + SECOND), rule=key)
    assert (run.removed >= 1, run.left) == (True, 0)


def test_an_invoice_keeps_number_and_amounts_and_the_ledger_stays_whole():
    invoice = billing.issue_invoice()
    billing.pay(invoice, note="Anna ringde")
    before = Invoice.objects.values("number", "total", "net", "vat").get()

    clear_expired(today=dt.date(2033, 12, 31))
    assert Invoice.objects.get().customer_name == "Kanslibyrån i Umeå AB"

    clear_expired(today=dt.date(2034, 1, 1))
    row = Invoice.objects.get()
    assert Invoice.objects.values("number", "total", "net", "vat").get() == before
    assert (row.customer_name, row.customer_address, row.buyer) == ("█", "", None)
    assert (InvoiceLine.objects.get().detail, Payment.objects.get().note) == ("", "")
    assert list(findings()) == []


def test_an_account_is_erased_as_if_asked_for():
    user = members.membership().user
    members.employer(user)

    clear_expired(today=dt.date(2028, 3, 3))

    assert factory.again(user).name == ""
    assert [(done.by, done.who != "") for done in Erasure.objects.all()] == [(None, True)]


def test_whoever_logged_in_lately_is_still_somebody():
    user = members.membership().user
    User.objects.filter(pk=user.pk).update(last_login=members.noon(dt.date(2028, 1, 1)))

    clear_expired(today=dt.date(2028, 3, 3))

    assert factory.again(user).name == user.name


def test_twice_a_night_is_once_and_leaves_one_row_a_rule():
    letter("test:1")
    night = DAY + dt.timedelta(days=370)

    clear_expired(today=night)
    assert clear_expired(today=night) == []

    assert RetentionRun.objects.filter(night=night).count() == len(list(rules()))
    run = RetentionRun.objects.get(night=night, rule="mail.Mail")
    assert (run.found, run.removed, run.left) == (1, 1, 0)


def letters_of_that_day(count: int) -> dt.date:
    """The night on which they have just outlived their year."""
    for number in range(count):
        letter(f"test:{number}")
    return DAY + dt.timedelta(days=366)


def test_much_on_one_night_is_ordinary_when_it_has_just_become_due(settings):
    """A newsletter to everybody is a year old for everybody on the same night."""
    settings.RETENTION_CAP = 2
    night = letters_of_that_day(3)
    for number in range(4):
        mail.create_mail(key=f"newer:{number}")

    clear_expired(today=night)

    run = RetentionRun.objects.get(night=night, rule="mail.Mail")
    assert (run.found, run.removed, run.stopped) == (3, 3, False)


def test_much_that_should_have_gone_before_is_an_accident(settings):
    settings.RETENTION_CAP = 2
    night = letters_of_that_day(3) + dt.timedelta(days=8)
    for number in range(4):
        mail.create_mail(key=f"newer:{number}")

    clear_expired(today=night)

    run = RetentionRun.objects.get(night=night, rule="mail.Mail")
    assert (run.found, run.removed, run.stopped, run.left) == (3, 0, True, 3)


def test_more_than_the_cap_and_most_of_a_table_stops_and_raises_the_alarm(settings, caplog):
    settings.RETENTION_CAP = 2
    night = letters_of_that_day(3)

    with caplog.at_level(logging.ERROR), pytest.raises(CommandError):
        call_command("clear_expired", date=night, stdout=io.StringIO())

    run = RetentionRun.objects.get(night=night, rule="mail.Mail")
    assert (run.found, run.removed, run.stopped, run.left) == (3, 0, True, 3)
    assert caplog.messages == ["retention stopped: mail.Mail found 3 rows"]

    with pytest.raises(PermissionDenied):
        clear_after_all(stopped=run, by=members.staff(), now=members.noon(night))
    officer = factory.officer()
    clear_after_all(stopped=run, by=officer, now=members.noon(night + dt.timedelta(days=1)))
    clear_after_all(stopped=run, by=officer, now=members.noon(night + dt.timedelta(days=1)))

    [row] = RetentionRun.objects.filter(rule="mail.Mail")
    assert (row.night, row.found, row.removed, row.stopped) == (night, 3, 3, False)
    assert row.released_by == officer


def test_a_legal_hold_keeps_what_is_past_its_time_and_no_more():
    held, other = members.person(), members.person()
    factory.protection(held)
    row = look_at(held, at=NOON)
    look_at(other, at=NOON)

    clear_expired(today=dt.date(2028, 3, 3))

    run = RetentionRun.objects.get(rule="privacy.AccessLog")
    assert (run.found, run.removed, run.held, run.left) == (2, 1, 1, 0)
    assert list(type(row).objects.filter(at=NOON)) == [row]


def test_a_legal_hold_on_an_address_keeps_the_rows_of_a_guest():
    held, other = booking(email="Gun@example.org"), booking(email="bo@example.org")
    Protection.objects.create(email="gun@example.org", kind="hold", reason="a claim")

    clear_expired(today=dt.date(2028, 3, 3))

    assert list(type(other).objects.all()) == [held]


def test_dry_run_counts_and_changes_nothing(capsys):
    letter("test:1")

    call_command("clear_expired", date=DAY + dt.timedelta(days=370), dry_run=True)

    assert capsys.readouterr().out.startswith("mail.Mail: 1 past their time, 0 removed, 0 held")
    assert not RetentionRun.objects.exists()


def test_one_rule_that_fails_does_not_stop_the_others(monkeypatch):
    letter("test:1")
    look_at(members.person(), at=NOON)
    monkeypatch.setattr("privacy.operations.clearing.delete_rows", _refuse_mail)

    clear_expired(today=dt.date(2028, 3, 3))

    runs = {run.rule: run.left for run in RetentionRun.objects.exclude(found=0)}
    assert runs["mail.Mail"] == 1
    assert runs["privacy.AccessLog"] == 0


def _refuse_mail(model, pks, known):
    if model._meta.label == "mail.Mail":
        raise RuntimeError
    return len(pks)


def test_one_row_that_fails_does_not_keep_the_others(monkeypatch, caplog):
    """Rows go in batches; the one at fault is found by halves and stays for the next night."""
    night = letters_of_that_day(5)
    stuck = Mail.objects.get(key="test:3").pk
    whole = clearing.delete_rows

    def refuse_one(model, pks, known):
        if model is Mail and stuck in pks:
            raise RuntimeError
        return whole(model, pks, known)

    monkeypatch.setattr(clearing, "SIZE", 2)
    monkeypatch.setattr(clearing, "delete_rows", refuse_one)
    clear_expired(today=night)

    run = RetentionRun.objects.get(night=night, rule="mail.Mail")
    assert (run.found, run.removed, run.left) == (5, 4, 1)
    assert list(Mail.objects.values_list("pk", flat=True)) == [stuck]
    assert f"{stuck} could not be handled" in caplog.messages

    monkeypatch.setattr(clearing, "delete_rows", whole)
    clear_expired(today=night)
    run.refresh_from_db()
    assert (run.found, run.removed, run.left) == (5, 5, 0)


def test_a_night_that_is_broken_off_has_told_what_it_did(monkeypatch):
    night = letters_of_that_day(5)
    whole, calls = clearing.delete_rows, []

    def break_off(model, pks, known):
        calls.append(len(pks))
        if len(calls) == 3:
            raise KeyboardInterrupt
        return whole(model, pks, known)

    monkeypatch.setattr(clearing, "SIZE", 2)
    monkeypatch.setattr(clearing, "delete_rows", break_off)
    with pytest.raises(KeyboardInterrupt):
        clear_expired(today=night)

    run = RetentionRun.objects.get(night=night, rule="mail.Mail")
    assert (run.found, run.removed, Mail.objects.count()) == (5, 4, 1)
    monkeypatch.setattr(clearing, "delete_rows", whole)
    clear_expired(today=night)
    run.refresh_from_db()
    assert (run.found, run.removed, run.left) == (5, 5, 0)


def test_it_runs_every_night():
    assert "clear_expired" in [job.name for job in jobs.NIGHTLY]
