"""Many at the same moment, on real connections: one person, one year, one invoice."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from billing.models import Invoice
from billing.operations.paying import lock_invoices
from config import integrity
from mail.models import Mail
from members import links, operations
from members.models import Application, Membership, User
from members.operations import applying, ending, renewing, starting
from tests.billing.at_once import Meeting
from tests.factories import billing
from tests.factories import members as make
from tests.members.pages import join_data, join_url

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("impatient"),
]

FIRST = date(2026, 3, 2)
NOW = make.noon(FIRST)


@pytest.fixture(autouse=True)
def _first_rows() -> None:
    """The end of a test that commits empties every table."""
    make.first_rows()


def at_once(number: int, do: Callable[[int], Any]) -> Counter:
    """Outcomes by the name of what came back or was raised."""
    start = threading.Barrier(number)

    def run(index: int) -> str:
        start.wait()
        try:
            return type(do(index)).__name__
        except Exception as error:
            return type(error).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        return Counter(pool.map(run, range(number)))


def confirm(application: Application) -> operations.Confirmed:
    return operations.confirm_application(application=application, now=NOW, today=FIRST)


# --- Signing up ---------------------------------------------------------------------------------


def test_fifty_sign_ups_of_one_address_make_one_person() -> None:
    applications = [make.application(email="asa@example.org") for _ in range(50)]
    outcomes = at_once(50, lambda index: confirm(applications[index]))
    assert outcomes == {"Confirmed": 1, "AlreadyMember": 49}
    assert (User.objects.count(), Membership.objects.count()) == (1, 1)
    assert Invoice.objects.count() == 1


def test_without_the_lock_they_would_not(monkeypatch) -> None:
    """The control: the test above has teeth."""

    def naive(application):
        return User.objects.create(email=application.email, name=application.name), True

    monkeypatch.setattr(applying, "_person_of", naive)
    applications = [make.application(email="asa@example.org") for _ in range(20)]
    outcomes = at_once(20, lambda index: confirm(applications[index]))
    assert outcomes["IntegrityError"] > 0


def test_fifty_presses_on_one_link_confirm_once() -> None:
    application = make.application()
    outcomes = at_once(50, lambda _index: confirm(application))
    assert outcomes == {"Confirmed": 50}
    assert (User.objects.count(), Membership.objects.count()) == (1, 1)
    assert Mail.objects.filter(key__startswith="membership:").count() == 1


def test_fifty_posts_of_one_form_are_one_application_and_no_fault() -> None:
    data = join_data(Client())
    statuses: list[int] = []
    outcomes = at_once(50, lambda _i: statuses.append(Client().post(join_url(), data).status_code))
    assert outcomes == {"NoneType": 50}
    assert set(statuses) <= {200, 302}
    assert (Application.objects.count(), Mail.objects.count()) == (1, 1)


def test_fifty_forms_with_one_address_are_no_fault() -> None:
    forms = [join_data(Client()) for _ in range(50)]
    statuses: list[int] = []
    at_once(50, lambda i: statuses.append(Client().post(join_url(), forms[i]).status_code))
    assert len(statuses) == 50
    assert set(statuses) <= {200, 302}
    assert User.objects.count() == 0


# --- Deciding and renewing ----------------------------------------------------------------------


def test_two_secretaries_approve_at_once() -> None:
    application = make.in_review()
    staff = [make.staff() for _ in range(8)]

    def approve(index: int) -> Membership:
        return operations.approve(application=application, by=staff[index], now=NOW, today=FIRST)

    assert at_once(8, approve) == {"Membership": 8}
    assert Membership.objects.count() == 1


def test_eight_nights_at_once_renew_each_member_once() -> None:
    for _ in range(5):
        make.membership(starts_on=FIRST)
    at_once(8, lambda _index: operations.issue_renewals(today=date(2027, 2, 20)))
    assert Membership.objects.filter(starts_on=date(2027, 3, 2)).count() == 5
    assert Invoice.objects.invoices().count() == 10
    numbers = sorted(Invoice.objects.values_list("sequence", flat=True))
    assert numbers == list(range(numbers[0], numbers[0] + 10))


def test_whom_another_one_holds_is_renewed_last() -> None:
    """A member who is changing their details does not stop the night; it waits for them at last."""
    rows = [make.membership(starts_on=FIRST) for _ in range(3)]
    held, let_go = threading.Event(), threading.Event()
    order: list[int] = []

    def hold() -> None:
        with transaction.atomic():
            starting.locked(rows[0].user)
            held.set()
            let_go.wait(30)
        connection.close()

    def told(renewals) -> None:
        order.extend(one.earlier.pk for one in renewals)
        let_go.set()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(30)
    operations.issue_renewals(today=date(2027, 2, 20), told=told)
    holder.join()
    assert order == [rows[1].pk, rows[2].pk, rows[0].pk]


def test_without_the_lock_the_database_still_refuses_a_second_year(monkeypatch, caplog) -> None:
    """The control: unlocked, jobs collide, and the constraint is what stands between."""
    make.membership(starts_on=FIRST)
    monkeypatch.setattr(renewing, "lock_people", lambda people, **_how: people)
    at_once(8, lambda _index: operations.issue_renewals(today=date(2027, 2, 20)))
    assert "membership_" in caplog.text
    assert Membership.objects.filter(starts_on=date(2027, 3, 2)).count() == 1


def test_leaving_while_the_night_renews() -> None:
    """Whoever comes first, nobody who has left is invoiced for the next year."""
    rows = [make.membership(starts_on=FIRST) for _ in range(6)]
    today = date(2027, 2, 20)

    def act(index: int) -> Any:
        if index == 0:
            return operations.issue_renewals(today=today)
        user = rows[index - 1].user
        return operations.leave(user=user, by=user, now=NOW, today=today)

    at_once(7, act)
    operations.issue_renewals(today=today)
    for row in rows:
        later = row.user.memberships.filter(starts_on=date(2027, 3, 2), ended_on=None)
        left = row.user.memberships.filter(ended_why="left").exists()
        assert later.exists() == (not left)
        open_ones = Invoice.objects.open().filter(buyer=row.user)
        assert open_ones.exists() == later.exists()
    assert Membership.objects.filter(ended_why="left").count() >= 5


# --- Ending -------------------------------------------------------------------------------------

TOO_LATE = FIRST + timedelta(76)


def end_at_once(number: int) -> None:
    at_once(number, lambda _index: operations.end_memberships(today=TOO_LATE))


def written_by_the_night() -> dict[str, Any]:
    return {
        "ended": Membership.objects.filter(ended_why="unpaid").count(),
        "versions": Membership.history.filter(history_type="~", ended_why="unpaid").count(),
        "credit notes": list(
            Invoice.objects.filter(kind="credit").order_by("sequence").values_list("number")
        ),
        "letters": Counter(key.split(":")[0] for key in Mail.objects.values_list("key", flat=True)),
        "findings": list(integrity.findings()),
    }


ONCE_EACH = {
    "ended": 5,
    "versions": 5,
    "credit notes": [(f"K{number}",) for number in range(10001, 10006)],
    "letters": {"invoice": 5, "credit-note": 5, "membership": 5},
    "findings": [],
}


def test_eight_nights_at_once_end_each_member_once() -> None:
    for _ in range(5):
        make.membership(starts_on=FIRST, paid=False)
    end_at_once(8)
    assert written_by_the_night() == ONCE_EACH


def test_without_the_lock_members_would_end_twice(monkeypatch) -> None:
    """The control: both runs have found the same people before one of them has written."""
    for _ in range(5):
        make.membership(starts_on=FIRST, paid=False)
    meeting, later = Meeting(2), ending._unpaid_after

    def found_by_both(*arguments):
        found = later(*arguments)
        meeting.wait()
        return found

    monkeypatch.setattr(ending, "_unpaid_after", found_by_both)
    monkeypatch.setattr(ending, "lock_people", lambda people, **_how: people)
    monkeypatch.setattr(ending, "lock_invoices", lambda _keys: None)
    end_at_once(2)
    assert written_by_the_night()["versions"] == 10


def pay_while_the_night_begins(row: Membership) -> None:
    """The invoice is locked; before the money and the receipt are written, the night comes."""
    begun = threading.Event()

    def pay() -> None:
        with transaction.atomic():
            lock_invoices({row.invoice_id})
            begun.set()
            time.sleep(1)
            billing.pay(row.invoice)
        connection.close()

    payer = threading.Thread(target=pay)
    payer.start()
    begun.wait(30)
    operations.end_memberships(today=TOO_LATE)
    payer.join()
    row.refresh_from_db()


def test_whoever_is_paying_as_the_night_comes_stays() -> None:
    row = make.membership(starts_on=FIRST, paid=False)
    pay_while_the_night_begins(row)
    assert (row.ended_on, row.invoice.credit_notes.count()) == (None, 0)
    assert Mail.objects.filter(key__startswith="receipt:").count() == 1


def test_without_the_lock_on_the_invoice_they_would_pay_for_nothing(monkeypatch) -> None:
    """The control."""
    monkeypatch.setattr(ending, "lock_invoices", lambda _keys: None)
    row = make.membership(starts_on=FIRST, paid=False)
    pay_while_the_night_begins(row)
    assert row.ended_why == "unpaid"


# --- Over the site ------------------------------------------------------------------------------


def test_a_confirmation_over_the_site_makes_one_member() -> None:
    """The pages too: no answer is a fault."""
    applications = [make.application(email="asa@example.org") for _ in range(20)]
    urls = [
        reverse("members:confirm", args=[links.CONFIRM.url(a.public_id).rstrip("/").split("/")[-1]])
        for a in applications
    ]
    statuses: list[int] = []
    at_once(20, lambda index: statuses.append(Client().post(urls[index]).status_code))
    assert Counter(statuses) == {302: 1, 409: 19}
    assert User.objects.count() == 1
