"""Endings of many at once: the same as one at a time, by a few statements."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

import mail.operations
from billing.models import Invoice
from mail.models import Mail
from members import links, operations
from members.models import Membership, User
from members.operations import ending
from privacy.batches import in_batches
from tests.factories import billing
from tests.factories import members as make

pytestmark = pytest.mark.django_db

FIRST, SECOND = date(2026, 3, 2), date(2027, 3, 2)
DUE = FIRST + timedelta(30)
ENDS = DUE + timedelta(45)
TODAY = SECOND + timedelta(90)  # a next year, too, has been unpaid for too long


def end(today: date = TODAY) -> list[Membership]:
    ended: list[Membership] = []
    assert operations.end_memberships(today=today, told=ended.extend) == len(ended)
    return ended


def unpaid(name: str, **person: str) -> Membership:
    return make.membership(make.person(name=name, **person), starts_on=FIRST, paid=False)


def seven_people() -> None:
    unpaid("Anna")
    unpaid("Bo", language="en")
    make.membership(unpaid("Carl").user, starts_on=SECOND, paid=False)
    make.membership(unpaid("Doris").user, starts_on=SECOND)
    colleagues = [unpaid("Eva"), unpaid("Fia")]
    for row in colleagues:
        make.employer(row.user)
    operations.collect_fees(memberships=colleagues, by=make.staff(), today=FIRST)
    make.membership(make.person(name="Gun"), starts_on=FIRST)


def written() -> list[tuple]:
    """What is left of each period, without the keys of its rows."""
    rows = Membership.objects.select_related("user", "invoice", "invoice_line")
    return [
        (
            row.user.name,
            (row.starts_on, row.ended_on, row.ended_why),
            billing.balance(row.invoice),
            list(row.history.values_list("history_type", "ended_on", "history_user")[:1]),
            [described(note) for note in row.invoice.credit_notes.order_by("pk")],
            Mail.objects.filter(key=f"membership:{row.pk}:ended_unpaid").count(),
        )
        for row in rows.order_by("user__name", "starts_on")
    ]


def described(note: Invoice) -> tuple:
    return (
        (note.number, note.issued_on, note.reason, note.buyer, note.total),
        list(note.lines.values_list("text", "quantity", "net", "credits__invoice")),
        list(note.vat_rows.values_list("category", "rate", "net", "vat")),
        Mail.objects.filter(key=f"credit-note:{note.pk}").count(),
    )


def test_a_batch_writes_what_one_at_a_time_writes(monkeypatch) -> None:
    seven_people()
    with transaction.atomic():
        assert len(end()) == 6
        together = written()
        transaction.set_rollback(True)
    monkeypatch.setattr(ending, "in_batches", partial(in_batches, size=1))
    assert len(end()) == 6
    assert written() == together
    late, never = (ENDS, "unpaid"), (SECOND - timedelta(1), "unpaid")
    assert [(name, *end) for name, (_first, *end), *_rest in together] == [
        ("Anna", *late),
        ("Bo", *late),
        ("Carl", *late),
        ("Carl", *never),
        ("Doris", *late),
        ("Doris", None, ""),
        ("Eva", *late),
        ("Fia", *late),
        ("Gun", None, ""),
    ]


def test_colleagues_on_one_invoice_are_credited_line_by_line() -> None:
    seven_people()
    end()
    (shared,) = Invoice.objects.filter(source__startswith="memberships:")
    notes = list(shared.credit_notes.order_by("sequence"))
    details = [note.lines.get().detail.split(",")[0] for note in notes]
    assert details == ["Eva", "Fia"]
    assert [note.source for note in notes] == [f"credit:{shared.pk}:{n}" for n in (1, 2)]
    assert billing.balance(shared) == 0


def test_a_batch_asks_as_much_for_two_as_for_twenty() -> None:
    assert questions_for(2) == questions_for(20) <= 40


def questions_for(count: int) -> int:
    for number in range(count):
        unpaid(f"M {number}")
    with CaptureQueriesContext(connection) as asked:
        assert len(end()) == count
    return len(asked)


def test_one_that_fails_does_not_stop_the_others(monkeypatch, caplog) -> None:
    unlucky, lucky = unpaid("Otur"), unpaid("Tur")
    whole = ending._reason

    def broken(invoice, *rest):
        if invoice.buyer == unlucky.user:
            raise RuntimeError("no")
        return whole(invoice, *rest)

    monkeypatch.setattr(ending, "_reason", broken)
    assert end() == [lucky]
    assert "could not be handled" in caplog.text
    assert unlucky.history.count() == 2
    monkeypatch.undo()
    assert end() == [unlucky]
    numbers = Invoice.objects.filter(kind="credit").order_by("pk").values_list("number", flat=True)
    assert list(numbers) == ["K10001", "K10002"]


def test_letters_are_worded_when_they_leave() -> None:
    first, _second = unpaid("Anna"), unpaid("Bo")
    end()
    letter = Mail.objects.get(key=f"membership:{first.pk}:ended_unpaid")
    assert (letter.subject, letter.text) == ("Ditt medlemskap har upphört", "")
    User.objects.filter(pk=first.user_id).update(name="Anna Nygift")
    mail.operations.sweep()
    letter.refresh_from_db()
    assert (letter.state, letter.wording) == ("sent", [])
    assert "Hej Anna Nygift" in letter.text
    assert first.invoice.number in letter.text
    assert back(letter, links.COME_BACK) == str(first.user.public_id)


def test_a_student_is_led_through_a_new_application() -> None:
    student = make.student_year(starts_on=FIRST, fee="200", paid=False)
    end()
    letter = Mail.objects.get(key=f"membership:{student.pk}:ended_unpaid")
    assert back(letter, links.APPLY_AGAIN) == str(student.user.public_id)


def back(letter: Mail, link: links.Link) -> str:
    """Whom the link in the letter lets come back; NotOurs where it is of another kind."""
    (url,) = (word for word in letter.text.split() if str(letter.person.public_id) in word)
    return link.read(url.rstrip("/").split("/")[-1])
