import datetime as dt

import pytest
from allauth.account.models import EmailAddress
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mail.models import Mail
from privacy.basic_purposes import ACCOUNT, SECURITY
from privacy.collection import collect, rows_of, subject_of, tables
from privacy.purposes import Category, Keep
from privacy.register import Data, Register, Subject, register, technical
from tests.privacy.people import NOW, browser_of, look_at, person

pytestmark = pytest.mark.django_db


def stored_of(user, label: str) -> list[object]:
    declared = register.declarations[label.lower()]
    return list(rows_of(declared, declared.model, subject_of(user.pk)))


def test_rows_of_a_person_and_nobody_elses():
    anna, bo = person(), person("bo@example.org")
    mine, other = browser_of(anna, key="a"), browser_of(bo, key="b")

    assert stored_of(anna, "usersessions.UserSession") == [mine]
    assert stored_of(bo, "usersessions.UserSession") == [other]


def test_sessions_are_found_by_the_list_of_log_ins():
    anna = person()
    for _ in range(2):
        SessionStore().create()
    mine = Session.objects.first()
    browser_of(anna, key=mine.session_key)

    assert stored_of(anna, "sessions.Session") == [mine]


def test_the_log_of_the_admin_is_found_as_the_one_who_acted_and_as_the_one_it_is_about():
    anna, staff = person(), person("kassor@example.org")
    kind = ContentType.objects.get_for_model(get_user_model())
    entry = LogEntry.objects.create(
        user=staff, content_type=kind, object_id=str(anna.pk), object_repr="A", action_flag=CHANGE
    )

    assert stored_of(anna, "admin.LogEntry") == [entry]
    assert stored_of(staff, "admin.LogEntry") == [entry]
    assert stored_of(person("bo@example.org"), "admin.LogEntry") == []


def letters() -> Register:
    known = Register()
    known.declare(
        "mail.Mail",
        person="person",
        person_email="to",
        purpose=ACCOUNT,
        kept_from="created_at",
        fields={"to subject": Data(Category.CORRESPONDENCE), "key": technical()},
    )
    return known


def letter(to: str, person: object = None) -> Mail:
    return Mail.objects.create(key=f"{to}:{person}", to=to, person=person, not_before=NOW)


def letters_of(user) -> list[Mail]:
    known = letters()
    [declared] = known
    return list(rows_of(declared, Mail, subject_of(user.pk)))


def test_a_guests_rows_are_found_by_a_proven_address():
    guest = letter("Anna@Example.org")

    assert letters_of(person("anna@example.org")) == [guest]


def test_an_unproven_address_finds_nothing():
    letter("anna@example.org")

    assert letters_of(person("anna@example.org", verified=False)) == []


def test_what_hangs_on_another_account_stays_theirs_whatever_the_address():
    anna, bo = person(), person("bo@example.org")
    theirs = letter("bo@example.org", person=anna)

    assert letters_of(anna) == [theirs]
    assert letters_of(bo) == []


def test_nobody_owns_nothing():
    letter("anna@example.org")
    [declared] = letters()

    assert list(rows_of(declared, Mail, Subject())) == []


def test_collected_with_the_moment_when_it_goes():
    anna = person()
    browser_of(anna, key="a")
    known = Register()
    known.declare(
        "usersessions.UserSession",
        person="user",
        purpose=SECURITY,
        keep=Keep(days=14, after="you used it"),
        kept_from="last_seen_at",
        fields={"ip user_agent": Data(Category.SECURITY)},
    )

    [table] = collect(subject_of(anna.pk), known)

    [row] = table.rows
    assert row.kept_until == {"security": NOW + dt.timedelta(days=14)}


def test_what_is_kept_with_another_row_goes_when_that_one_goes():
    anna = person(details_confirmed_on=dt.date(2026, 3, 31))
    known = Register()
    known.declare(
        "members.User",
        person="self",
        purpose=ACCOUNT,
        keep=Keep(months=6, after="you were last seen"),
        kept_from="details_confirmed_on",
        fields={"email": Data(Category.CONTACT)},
    )
    known.declare(
        "account.EmailAddress",
        person="user",
        purpose=ACCOUNT,
        kept_with="user",
        fields={"email": Data(Category.CONTACT)},
    )

    until = {
        table.model: [row.kept_until["account"] for row in table.rows]
        for table in collect(subject_of(anna.pk), known)
    }

    over = Keep(after="x", months=6).until(dt.date(2026, 3, 31))
    assert until[get_user_model()] == [over]
    assert until[EmailAddress] == [over]
    # History knows what the person looked like before, and goes with the person.
    assert until[get_user_model().history.model] == [over]


def test_the_number_of_queries_does_not_depend_on_the_number_of_rows():
    anna = person()
    counts = []
    for number in (1, 10, 100):
        for row in range(number):
            look_at(anna)
            browser_of(anna, key=f"{number}-{row}")
        with CaptureQueriesContext(connection) as queries:
            collect(subject_of(anna.pk))
        counts.append(len(queries))

    assert counts == [counts[0]] * 3
    assert counts[0] <= 1.5 * len(list(tables()))
