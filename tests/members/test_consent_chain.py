"""Consents are proof: texts and rows never change, and the chain tells if one did."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.utils import DatabaseError, IntegrityError
from django.utils import timezone

from mail.models import Mail
from mail.operations import send_one
from members import consent_chain
from members.consent_chain import findings, forget
from members.models import Consent, ConsentMark, ConsentText, PublishedText
from members.operations import give_consent, withdraw_consent
from tests.factories import mail, members
from tests.factories import privacy as privacy_factory

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def said(person=None, *, now=NOW) -> Consent:
    return give_consent(
        user=person or members.person(), text=members.consent_text(), channel="test", now=now
    )


def refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError:
        return True
    return False


def test_every_yes_and_no_is_a_link_of_the_chain():
    person = members.person()
    said(person)
    withdraw_consent(user=person, purpose="news", channel="test", now=NOW)

    marks = ConsentMark.objects.order_by("pk")
    assert [mark.consent_number for mark in marks] == [
        None,
        *Consent.objects.order_by("pk").values_list("pk", flat=True),
    ]
    assert [mark.before for mark in marks[1:]] == [mark.mark for mark in marks[:2]]
    assert list(findings()) == []
    call_command("check_ledger")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE members_consent SET action = 'withdrawn'",
        "UPDATE members_consent SET channel = 'x'",
        "DELETE FROM members_consent",
        "UPDATE members_consentmark SET content = 'x' WHERE consent_number IS NOT NULL",
        "DELETE FROM members_consentmark",
        "UPDATE members_consenttext SET body = 'x' WHERE published_at IS NOT NULL",
        "UPDATE members_consenttext SET sha256 = 'x' WHERE published_at IS NOT NULL",
        "UPDATE members_consenttext SET published_at = NULL WHERE published_at IS NOT NULL",
        "DELETE FROM members_consenttext WHERE published_at IS NOT NULL",
    ],
)
def test_the_database_refuses_to_change_proof(statement):
    said()

    assert refused(statement)
    assert list(findings()) == []


def test_a_draft_may_change_and_a_published_text_may_stop_being_asked():
    draft = ConsentText.objects.create(purpose="news", version="9", language="sv", body="a")
    draft.body = "b"
    draft.save()
    text = members.consent_text()
    text.withdrawn_at = NOW
    text.save()

    text.version = "other"
    with pytest.raises(PublishedText):
        text.save()


def test_the_proof_of_an_old_yes_shows_the_old_words():
    consent = said()
    old = consent.text.body
    ConsentText.objects.create(
        purpose="news", version="99", language="sv", body="Andra ord", published_at=timezone.now()
    )

    proof = Consent.objects.select_related("text").get(pk=consent.pk).text
    assert (proof.body, hashlib.sha256(proof.body.encode()).hexdigest()) == (old, proof.sha256)
    assert members.consent_text().body == "Andra ord"


def test_proofs_that_outlived_their_period_leave_the_chain_whole():
    for _number in range(5):
        said()
    old = Consent.objects.order_by("pk")[:3].values("pk")

    assert forget(Consent.objects.filter(pk__in=list(old.values_list("pk", flat=True)))) == 3

    assert Consent.objects.count() == 2
    assert list(findings()) == []


def drop_triggers() -> None:
    """As whoever has the database in their hands can."""
    with connection.cursor() as cursor:
        for table in consent_chain.TABLES:
            if connection.vendor == "postgresql":
                cursor.execute(f"DROP TRIGGER {table}_append_only ON {table}")
            else:
                cursor.execute(f"DROP TRIGGER {table}_append_only_update")
                cursor.execute(f"DROP TRIGGER {table}_append_only_delete")


def test_what_was_done_behind_our_back_is_found():
    first, second, third = said(), said(), said()
    drop_triggers()
    Consent.objects.filter(pk=first.pk).update(at=NOW - timedelta(days=1))
    Consent.objects.filter(pk=second.pk).delete()
    ConsentMark.objects.filter(consent_number=third.pk).update(before="x")

    found = list(findings())

    assert found[:3] == [
        f"table {t} is not guarded against change" for t in sorted(consent_chain.TABLES)
    ]
    assert f"consent {first.pk}: was changed" in found
    assert f"consent {second.pk}: was taken out" in found
    assert any("the chain is broken" in line for line in found)
    with pytest.raises(CommandError):
        call_command("check_ledger")


def test_the_chain_does_not_fork():
    said()
    mark = ConsentMark.objects.latest("pk")

    with pytest.raises(IntegrityError), transaction.atomic():
        ConsentMark.objects.create(consent_number=999, before=mark.before, mark="other")


# --- When a mail leaves ---------------------------------------------------------------------------


def newsletter(person) -> Mail:
    return mail.create_mail(
        key=f"news:{person.pk}",
        person=person,
        guard=[["consented", {"person_id": person.pk, "purpose": "news"}]],
    )


def test_a_yes_taken_back_stops_what_is_already_queued():
    stays, leaves = members.person(), members.person()
    letters = []
    for person in (stays, leaves):
        said(person)
        letters.append(newsletter(person))
    withdraw_consent(user=leaves, purpose="news", channel="test", now=NOW + timedelta(seconds=1))

    assert [send_one(mail_id=letter.pk) for letter in letters] == [True, False]


def test_nothing_leaves_to_somebody_whose_data_are_restricted():
    person = members.person()
    said(person)
    privacy_factory.protection(person, "restricted")

    assert not send_one(mail_id=newsletter(person).pk)


def test_what_was_taken_over_from_the_old_register_is_no_yes():
    person = members.person()
    members.consent(person, action=Consent.Action.IMPORTED)

    assert not send_one(mail_id=newsletter(person).pk)
