"""The nightly work: renewals, endings, notices to students. Late, twice, or half-way."""

from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.db import transaction

import mail.operations
from billing.models import Invoice
from mail.models import Mail
from members import operations
from members.models import Fee, Membership, RenewalTerms, User
from members.operations import ending, renewing, starting
from privacy.batches import in_batches
from tests.factories import billing
from tests.factories import members as make

pytestmark = pytest.mark.django_db

FIRST = date(2026, 3, 2)
LAST = date(2027, 3, 1)
THIRTY_BEFORE = LAST - timedelta(30)


def renew(today=THIRTY_BEFORE, **options):
    renewals = []
    count = operations.issue_renewals(today=today, told=renewals.extend, **options)
    assert count == len(renewals)
    return renewals


def periods_of(user):
    rows = user.memberships.order_by("starts_on", "pk")
    return [(row.starts_on, row.last_day_on) for row in rows]


# --- Renewals -----------------------------------------------------------------------------------


def test_the_next_year_is_written_and_invoiced_thirty_days_before() -> None:
    row = make.membership(starts_on=FIRST)
    [renewal] = renew()
    year = renewal.membership
    assert (year.starts_on, year.ends_on) == (date(2027, 3, 2), date(2028, 3, 1))
    assert (year.invoice.issued_on, year.invoice.total) == (THIRTY_BEFORE, Decimal("1645.00"))
    assert Mail.objects.filter(key=f"membership:{year.pk}:renewal", person=row.user).exists()


def test_one_day_earlier_nothing_is_due() -> None:
    make.membership(starts_on=FIRST)
    assert renew(THIRTY_BEFORE - timedelta(1)) == []


def test_running_twice_makes_one_year() -> None:
    row = make.membership(starts_on=FIRST)
    renew()
    assert renew() == []
    assert renew(THIRTY_BEFORE + timedelta(3)) == []
    assert Invoice.objects.filter(buyer=row.user).count() == 2


@pytest.mark.parametrize("days_late", [1, 29, 30, 31, 60])
def test_a_late_job_leaves_no_gap(days_late: int) -> None:
    row = make.membership(starts_on=FIRST)
    renew(LAST + timedelta(days_late - 1))
    assert periods_of(row.user) == [(FIRST, LAST), (date(2027, 3, 2), date(2028, 3, 1))]


def test_whoever_was_gone_for_long_is_not_invoiced() -> None:
    make.membership(starts_on=FIRST)
    assert renew(LAST + timedelta(61)) == []


def test_when_the_money_came_does_not_move_the_year() -> None:
    row = make.membership(starts_on=FIRST, paid=False)
    billing.pay(row.invoice, paid_on=date(2026, 12, 24))
    assert renew()[0].year.period.first == date(2027, 3, 2)


def test_the_fee_is_the_one_in_force_on_the_first_day() -> None:
    make.membership(starts_on=FIRST)
    Fee.objects.create(kind=make.kind(), amount=1745, valid_from=date(2027, 3, 2))
    Fee.objects.create(kind=make.kind(), amount=1845, valid_from=date(2027, 3, 3))
    assert renew()[0].membership.invoice.total == Decimal("1745.00")


def test_the_payer_is_the_one_of_today() -> None:
    row = make.membership(starts_on=FIRST)
    make.employer(row.user, name="Nya jobbet AB", email="faktura@nya.example")
    invoice = renew()[0].membership.invoice
    assert (invoice.customer_name, invoice.customer_email) == (
        "Nya jobbet AB",
        "faktura@nya.example",
    )


@pytest.mark.parametrize("ended", ["left", "by_staff", "unpaid", "converted"])
def test_whoever_ended_is_not_renewed(ended: str) -> None:
    make.membership(starts_on=FIRST, ended_on=LAST, ended_why=ended)
    assert renew() == []


def test_students_are_never_renewed() -> None:
    make.student_year(starts_on=FIRST)
    assert renew() == []


def test_an_exempted_member_gets_a_year_and_no_invoice() -> None:
    row = make.membership(starts_on=FIRST)
    row.user.fee_exemptions.create(reason="Revisor", starts_on=date(2027, 1, 1))
    year = renew()[0].membership
    assert (year.invoice, year.exempt_reason) == (None, "Revisor")


def test_an_exemption_that_has_run_out_counts_no_more() -> None:
    row = make.membership(starts_on=FIRST)
    row.user.fee_exemptions.create(
        reason="Revisor", starts_on=date(2025, 1, 1), ends_on=date(2027, 3, 1)
    )
    assert renew()[0].membership.invoice.total == Decimal("1645.00")


def test_the_number_of_days_is_staffs() -> None:
    make.membership(starts_on=FIRST)
    RenewalTerms.objects.update(invoice_before=60)
    assert len(renew(LAST - timedelta(60))) == 1


def test_a_dry_run_says_what_and_writes_nothing() -> None:
    row = make.membership(starts_on=FIRST)
    [planned] = renew(dry_run=True)
    assert (planned.earlier, planned.membership) == (row, None)
    assert (planned.year.period.first, planned.year.fee) == (date(2027, 3, 2), Decimal("1645.00"))
    assert Membership.objects.count() == 1


def test_one_that_fails_does_not_stop_the_others(monkeypatch, caplog) -> None:
    unlucky = make.membership(make.person(name="Otur"), starts_on=FIRST)
    lucky = make.membership(starts_on=FIRST)
    whole = starting.fee_line

    def broken(membership, fee):
        if membership.user == unlucky.user:
            raise RuntimeError("no")
        return whole(membership, fee)

    monkeypatch.setattr(starting, "fee_line", broken)
    assert [renewal.earlier for renewal in renew()] == [lucky]
    assert "could not be handled" in caplog.text
    assert periods_of(unlucky.user) == [(FIRST, LAST)]
    monkeypatch.undo()
    assert [renewal.earlier for renewal in renew()] == [unlucky]


def test_five_years_from_29_february() -> None:
    row = make.membership(starts_on=date(2024, 2, 29))
    for year in (2025, 2026, 2027, 2028):
        renew(date(year, 2, 20))
    assert [first for first, _last in periods_of(row.user)] == [
        date(2024, 2, 29),
        date(2025, 2, 28),
        date(2026, 2, 28),
        date(2027, 2, 28),
        date(2028, 2, 29),
    ]


# --- Unpaid -------------------------------------------------------------------------------------

DUE = FIRST + timedelta(30)
ENDS = DUE + timedelta(45)


def end(today=ENDS + timedelta(1), **options):
    ended: list[Membership] = []
    count = operations.end_memberships(today=today, told=ended.extend, **options)
    assert count == len(ended)
    return ended


def test_an_unpaid_membership_ends_45_days_after_the_due_date() -> None:
    row = make.membership(starts_on=FIRST, paid=False)
    assert end() == [row]
    row.refresh_from_db()
    assert (row.ended_on, row.ended_why) == (ENDS, "unpaid")
    assert billing.balance(row.invoice) == Decimal(0)
    assert Mail.objects.filter(key=f"membership:{row.pk}:ended_unpaid").count() == 1


def test_on_the_45th_day_there_is_still_time() -> None:
    make.membership(starts_on=FIRST, paid=False)
    assert end(ENDS) == []


def test_a_late_night_gives_the_same_last_day() -> None:
    row = make.membership(starts_on=FIRST, paid=False)
    end(ENDS + timedelta(40))
    row.refresh_from_db()
    assert row.ended_on == ENDS


def test_ending_twice_credits_and_writes_once() -> None:
    row = make.membership(starts_on=FIRST, paid=False)
    end()
    assert end() == []
    assert row.invoice.credit_notes.count() == 1
    assert Mail.objects.filter(key__contains="ended_unpaid").count() == 1


def test_whoever_has_paid_stays() -> None:
    make.membership(starts_on=FIRST)
    assert end() == []


def test_whoever_paid_a_part_is_left_to_staff() -> None:
    row = make.membership(starts_on=FIRST, paid=False)
    billing.pay(row.invoice, amount="1000")
    assert end() == []


def test_whoever_pays_while_the_job_runs_stays(monkeypatch) -> None:
    """The list was made a moment ago; under the lock it is looked at again."""
    row = make.membership(starts_on=FIRST, paid=False)
    lock_people = ending.lock_people

    def pays_first(people, **how):
        billing.pay(row.invoice)
        return lock_people(people, **how)

    monkeypatch.setattr(ending, "lock_people", pays_first)
    assert end() == []
    row.refresh_from_db()
    assert row.ended_on is None


def test_a_next_year_already_invoiced_goes_too() -> None:
    row = make.membership(starts_on=FIRST, paid=False)
    later = make.membership(row.user, starts_on=date(2027, 3, 2), paid=False)
    end()
    later.refresh_from_db()
    assert later.ended_on == date(2027, 3, 1)
    assert billing.balance(later.invoice) == Decimal(0)


def test_a_next_year_that_is_paid_stays() -> None:
    row = make.membership(starts_on=FIRST, paid=False)
    later = make.membership(row.user, starts_on=date(2027, 3, 2))
    assert end() == [row]
    later.refresh_from_db()
    assert (later.ended_on, billing.balance(later.invoice)) == (None, Decimal(0))


def test_a_next_year_that_ended_unpaid_is_not_invoiced_anew() -> None:
    row = make.membership(starts_on=FIRST)
    [renewal] = renew()
    due = renewal.membership.invoice.due_on
    assert end(due + timedelta(46)) == [renewal.membership]
    for days in (46, 47, 60):
        assert renew(due + timedelta(days)) == []
    assert row.user.memberships.count() == 2


def test_nor_when_it_ended_before_it_began() -> None:
    """Staff invoice so early that the patience is over before the year begins."""
    RenewalTerms.objects.update(invoice_before=150)
    row = make.membership(starts_on=FIRST)
    [renewal] = renew(LAST - timedelta(150))
    assert end(LAST - timedelta(150 - 76)) == [renewal.membership]
    renewal.membership.refresh_from_db()
    assert renewal.membership.ended_on == LAST
    assert renew(LAST - timedelta(70)) == renew(LAST) == []
    assert periods_of(row.user)[0] == (FIRST, LAST)


def test_a_dry_run_ends_nobody() -> None:
    row = make.membership(starts_on=FIRST, paid=False)
    assert end(dry_run=True) == [row]
    row.refresh_from_db()
    assert row.ended_on is None


def test_an_ended_member_comes_back_in_one_go() -> None:
    row = make.membership(starts_on=FIRST, paid=False)
    end()
    back = date(2026, 9, 1)
    operations.come_back(user=row.user, by=None, today=back)
    assert periods_of(row.user) == [(FIRST, ENDS), (back, date(2027, 8, 31))]
    with pytest.raises(operations.AlreadyMember):
        operations.come_back(user=row.user, by=None, today=back)


# --- Students -----------------------------------------------------------------------------------


def notices(today, **options):
    done: list[operations.Notice] = []
    count = operations.send_student_notices(today=today, told=done.extend, **options)
    assert count == len(done)
    return [notice.step for notice in done]


def test_students_are_told_30_and_7_days_before() -> None:
    make.student_year(starts_on=FIRST)
    assert notices(LAST - timedelta(31)) == []
    assert notices(LAST - timedelta(30)) == [30]
    assert notices(LAST - timedelta(30)) == []
    assert notices(LAST - timedelta(8)) == []
    assert notices(LAST - timedelta(7)) == [7]
    assert notices(LAST) == []
    assert Mail.objects.count() == 2


def test_a_job_that_was_away_sends_one_notice_not_two() -> None:
    make.student_year(starts_on=FIRST)
    assert notices(LAST - timedelta(3)) == [7]


def test_nobody_is_told_after_the_end() -> None:
    make.student_year(starts_on=FIRST)
    assert notices(LAST + timedelta(1)) == []


def test_a_student_with_a_next_year_or_an_application_is_left_alone() -> None:
    with_next = make.student_year(starts_on=FIRST).user
    make.student_year(with_next, starts_on=date(2027, 3, 2))
    applying = make.student_year(starts_on=FIRST).user
    make.in_review(applying)
    assert notices(LAST - timedelta(30)) == []


def test_ordinary_members_get_no_such_notice() -> None:
    make.membership(starts_on=FIRST)
    assert notices(LAST - timedelta(30)) == []


def test_a_dry_run_tells_nobody() -> None:
    make.student_year(starts_on=FIRST)
    assert notices(LAST - timedelta(30), dry_run=True) == [30]
    assert Mail.objects.count() == 0


def test_the_student_year_ends_by_itself() -> None:
    row = make.student_year(starts_on=FIRST)
    assert Membership.objects.current(LAST).get() == row
    assert not Membership.objects.current(LAST + timedelta(1)).exists()


# --- Lists stay as cheap with many people -------------------------------------------------------


@pytest.mark.parametrize("job", ["end_memberships", "send_student_notices"])
def test_looking_costs_the_same_for_one_and_for_twenty(
    job: str, django_assert_max_num_queries
) -> None:
    for _ in range(20):
        make.membership(starts_on=FIRST, paid=False)
        make.student_year(starts_on=FIRST)
    today = LAST - timedelta(20)
    with django_assert_max_num_queries(8):
        assert getattr(operations, job)(today=today, dry_run=True) == 20


# --- Many at once are the same as one at a time -------------------------------------------------


def written() -> list[tuple]:
    """Everything a run writes for each person, without the keys of its rows."""
    rows = Membership.objects.filter(starts_on__year=2027).select_related("user", "invoice")
    return [
        (
            row.user.name,
            (row.starts_on, row.ends_on, row.exempt_reason),
            row.invoice and (row.invoice.customer_name, row.invoice.total, row.invoice.due_on),
            row.invoice and row.invoice.source == f"membership:{row.pk}",
            row.invoice and row.invoice.buyer == row.user,
            row.invoice and list(row.invoice.lines.values_list("text", "detail", "net")),
            row.invoice and list(row.invoice.vat_rows.values_list("category", "net", "vat")),
            list(row.history.values_list("history_type", "invoice", "history_user"))
            == [("+", row.invoice_id, None)],
            sorted(
                (letter.subject.replace(row.invoice.number, "N") if row.invoice else letter.subject)
                for letter in Mail.objects.filter(
                    key__in=[f"membership:{row.pk}:renewal", f"invoice:{row.invoice_id}"]
                )
            ),
        )
        for row in rows.order_by("user__name")
    ]


def four_people() -> None:
    make.membership(make.person(name="Anna"), starts_on=FIRST)
    make.membership(make.person(name="Bo", language="en"), starts_on=FIRST)
    exempt = make.membership(make.person(name="Carl"), starts_on=FIRST)
    exempt.user.fee_exemptions.create(reason="Revisor", starts_on=date(2027, 1, 1))
    employed = make.person(name="Doris")
    make.employer(employed)
    make.membership(employed, starts_on=FIRST)


def test_a_batch_writes_what_one_at_a_time_writes(monkeypatch) -> None:
    four_people()
    with transaction.atomic():
        assert len(renew()) == 4
        together = written()
        transaction.set_rollback(True)
    monkeypatch.setattr(renewing, "in_batches", partial(in_batches, size=1))
    assert len(renew()) == 4
    assert written() == together
    assert [row[0] for row in together] == ["Anna", "Bo", "Carl", "Doris"]
    assert [len(row[-1]) for row in together] == [2, 2, 1, 2]


def test_a_batch_costs_the_same_questions_for_two_and_for_twenty(
    django_assert_max_num_queries,
) -> None:
    for count in (2, 20):
        for _ in range(count):
            make.membership(starts_on=FIRST)
        with django_assert_max_num_queries(40):
            assert len(renew()) == count


def test_letters_are_worded_when_they_leave() -> None:
    first, _second = make.membership(starts_on=FIRST), make.membership(starts_on=FIRST)
    year = renew()[0].membership
    letter = Mail.objects.get(key=f"membership:{year.pk}:renewal")
    assert (letter.subject, letter.text) == ("Ditt nästa år som medlem", "")
    User.objects.filter(pk=first.user_id).update(name="Anna Nygift")
    mail.operations.sweep()
    letter.refresh_from_db()
    assert (letter.state, letter.wording) == ("sent", [])
    assert "Hej Anna Nygift" in letter.text
    assert year.invoice.number in letter.text
    bill = Mail.objects.get(key=f"invoice:{year.invoice_id}")
    assert year.invoice.ocr in bill.text
