"""Own details, who pays, consents."""

from datetime import date
from decimal import Decimal

import pytest

from billing.models import Invoice
from members import choices, operations
from members.models import Consent, ConsentText, PublishedText
from tests.factories import billing
from tests.factories import members as make

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 1)
NOW = make.noon(TODAY)


def test_details_are_kept_with_the_day_they_were_looked_over() -> None:
    person = make.person()
    person.name = "Anna Ny"
    operations.change_details(person=person, by=person, today=TODAY)
    person.refresh_from_db()
    assert (person.name, person.details_confirmed_on) == ("Anna Ny", TODAY)
    assert person.history.first().history_user == person


# --- The payer ----------------------------------------------------------------------------------


def test_whoever_pays_alone_is_called_what_they_are_called_now() -> None:
    row = make.membership(make.person(name="Anna Åström"), paid=False)
    make.employer(row.user, payer="private", name="Gamla jobbet AB", organisation_number="")
    row.user.name = "Anna Nygift"
    row.user.save()
    invoice = operations.move_invoice(user=row.user, by=row.user, today=TODAY)
    assert invoice.customer_name == "Anna Nygift"


def test_a_new_job_is_said_once_with_its_payer() -> None:
    person = make.person(employer="Gamla", title="Jurist")
    details, work = make.employer(person), {"employer": "Nya", "title": "Jurist"}
    for _time in range(2):
        operations.change_payer(details=details, work=work, by=person)
    person.refresh_from_db()
    assert (person.employer, person.title) == ("Nya", "Jurist")
    assert [row.employer for row in person.history.all()] == ["Nya", "Gamla"]


def test_an_open_invoice_moves_to_the_new_payer_once() -> None:
    row = make.membership(paid=False)
    old = row.invoice
    make.employer(row.user)
    new = operations.move_invoice(user=row.user, by=row.user, today=TODAY)
    row.refresh_from_db()
    assert (row.invoice, new.total) == (new, Decimal("1645.00"))
    assert new.customer_name == "Kanslibyrån i Umeå AB"
    assert billing.balance(old) == Decimal(0)
    assert old.credit_notes.count() == 1
    with pytest.raises(operations.MovedAlready):
        operations.move_invoice(user=row.user, by=row.user, today=TODAY)
    assert Invoice.objects.invoices().count() == 2


@pytest.mark.parametrize("amount", ["1645", "1000"])
def test_what_somebody_has_begun_to_pay_does_not_move(amount: str) -> None:
    row = make.membership(paid=False)
    billing.pay(row.invoice, amount=amount)
    with pytest.raises(operations.NothingToMove):
        operations.move_invoice(user=row.user, by=row.user, today=TODAY)


def test_without_an_invoice_there_is_nothing_to_move() -> None:
    with pytest.raises(operations.NothingToMove):
        operations.move_invoice(user=make.person(), by=make.person(), today=TODAY)


def test_a_moved_invoice_ends_the_membership_when_unpaid() -> None:
    row = make.membership(starts_on=date(2026, 5, 15), paid=False)
    operations.move_invoice(user=row.user, by=row.user, today=TODAY)
    assert operations.end_memberships(today=date(2026, 8, 1)) == 0
    assert operations.end_memberships(today=date(2026, 8, 20)) == 1


# --- Consents -----------------------------------------------------------------------------------


def say_yes(person, purpose="news"):
    text = make.consent_text(purpose)
    return operations.give_consent(user=person, text=text, channel="test", now=NOW)


def say_no(person, purpose="news"):
    return operations.withdraw_consent(user=person, purpose=purpose, channel="test", now=NOW)


def test_a_yes_and_a_no_are_both_kept() -> None:
    person = make.person()
    say_yes(person)
    say_no(person)
    rows = Consent.objects.filter(user=person).order_by("pk").values_list("action", flat=True)
    assert list(rows) == ["given", "withdrawn"]
    assert not Consent.objects.live().exists()


def test_saying_yes_twice_is_one_row() -> None:
    person = make.person()
    assert say_yes(person) == say_yes(person)
    assert Consent.objects.count() == 1


def test_taking_back_what_was_not_given_writes_nothing() -> None:
    assert say_no(make.person()) is None
    assert Consent.objects.count() == 0


def test_the_last_word_counts_for_each_person_and_purpose() -> None:
    person, other = make.person(), make.person()
    say_yes(person)
    say_yes(person, "participants")
    say_yes(other)
    say_no(person)
    live = Consent.objects.live().values_list("user", "text__purpose")
    assert sorted(live) == sorted([(person.pk, "participants"), (other.pk, "news")])


def test_what_was_taken_over_from_the_old_register_is_not_relied_upon() -> None:
    make.consent(make.person(), action=Consent.Action.IMPORTED)
    assert not Consent.objects.live().exists()


def test_a_published_text_never_changes() -> None:
    text = make.consent_text()
    text.body = "Something else"
    with pytest.raises(PublishedText):
        text.save()


def test_the_first_text_is_the_associations_own() -> None:
    text = make.consent_text()
    assert (text.version, text.language) == ("seed-1", "sv")
    assert text.body.startswith("Genom att fylla i formuläret, godkänner jag att Forum för")


def test_a_newer_text_is_asked_and_the_old_yes_still_shows_its_own_words() -> None:
    person = make.person()
    given = say_yes(person)
    ConsentText.objects.filter(purpose="news", version="2").update(published_at=NOW)
    [choice] = [c for c in choices.of_person(person) if c.purpose == "news"]
    assert (choice.text.version, choice.shown) == ("2", given.text)
