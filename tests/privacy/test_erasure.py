import datetime as dt

import pytest
from allauth.account.models import EmailAddress
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from billing.models import Invoice
from events.models import Booking
from mail.models import Mail
from members.models import Application, BillingDetails, Consent, FreeYear, Membership, User
from members.operations import give_consent
from privacy import erasure_ledger
from privacy.collection import guest
from privacy.models import Erasure, Protection
from privacy.operations import erase
from privacy.refusals import OnHold, WorksHere
from tests.factories import events, mail, members
from tests.factories import privacy as factory
from tests.factories.privacy import NOW
from tests.privacy.people import browser_of, look_at

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(autouse=True)
def ledger(settings, tmp_path):
    settings.ERASURE_LEDGER = str(tmp_path / "erasures.jsonl")


def anna(**changes) -> User:
    """A member of some years, with something in most tables."""
    user = members.person(**{"email": "anna@example.org", "name": "Anna Åström", **changes})
    members.employer(user)
    members.in_review(user, state="approved", decided_at=NOW)
    members.membership(user, starts_on=dt.date(2025, 3, 2))
    members.membership(user, starts_on=dt.date(2026, 3, 2))
    events.confirmed(events.event(), user=user, name=user.name, email=user.email)
    mail.create_mail(key="test:anna", person=user, to=user.email)
    browser_of(user, key="annas")
    look_at(user)
    give_consent(user=user, text=members.consent_text(), channel="test", now=NOW)
    return user


def test_the_account_is_an_empty_row_and_nobody_can_log_in_to_it():
    user = anna(phone="070-111")

    factory.erased(user)

    user = factory.again(user)
    assert (user.name, user.phone, user.employer, user.title) == ("", "", "", "")
    assert user.email.endswith("@erased.invalid")
    assert (user.erased_at, user.is_active, user.is_staff) == (NOW, False, False)
    assert not user.has_usable_password()
    assert user.history.count() == 0
    assert not EmailAddress.objects.filter(user=user).exists()


def test_what_has_no_reason_to_stay_goes_everywhere():
    user = anna()

    factory.erased(user)

    left = [Application, BillingDetails, Booking, Mail, Booking.history.model]
    left += [Application.history.model, BillingDetails.history.model]
    assert [model.__name__ for model in left if model.objects.exists()] == []


def test_the_books_stay_and_the_running_year_ends():
    user = anna()
    invoices = list(Invoice.objects.values("number", "customer_name", "total"))

    factory.erased(user)

    assert list(Invoice.objects.values("number", "customer_name", "total")) == invoices
    years = Membership.objects.filter(user=user).order_by("starts_on")
    assert [year.ended_why for year in years] == ["", "erased"]
    assert years[1].ended_on == dt.date(2026, 11, 23)


def test_every_yes_is_taken_back_and_its_proof_stays():
    user = anna()

    factory.erased(user)

    said = Consent.objects.filter(user=user).order_by("pk").values_list("action", "channel")
    assert list(said) == [("given", "test"), ("withdrawn", "erasure")]


def test_the_receipt_counts_and_names_nobody():
    user = anna()

    done = factory.erased(user)

    found = {entry["table"]: (entry["did"], entry["rows"]) for entry in done.receipt}
    assert found["members.User"] == ("blanked", 1)
    assert found["members.Application"] == ("deleted", 1)
    assert found["members.Membership"] == ("kept", 2)
    [books] = [entry for entry in done.receipt if entry["table"] == "billing.Invoice"]
    assert (books["did"], books["rows"]) == ("kept", 2)
    assert books["until"] == "2034-01-01T00:00:00+01:00"
    for secret in ("anna", "Åström", str(user.public_id)):
        assert secret not in str(done.receipt) + done.who


def test_erased_twice_is_erased_once():
    user = anna()
    first = factory.erased(user)

    again = factory.erased(user, now=NOW + dt.timedelta(days=1))

    assert again == first
    assert again.receipt == first.receipt
    assert Erasure.objects.count() == 1
    assert factory.again(user).erased_at == NOW


def test_nobody_else_is_touched():
    bo = members.person(email="bo@example.org", name="Bo Alm")
    members.membership(bo)
    events.confirmed(events.event(), user=bo, name=bo.name, email=bo.email)
    before = (list(User.objects.filter(pk=bo.pk).values()), list(Booking.objects.values()))

    factory.erased(anna())

    assert (list(User.objects.filter(pk=bo.pk).values()), list(Booking.objects.values())) == before


def test_the_free_year_is_known_again():
    user = anna()
    members.student_year(members.person(email="stina@example.org"))
    members_free = FreeYear.objects.create(fingerprint="f" * 64, given_on=dt.date(2025, 1, 1))

    factory.erased(user)

    assert FreeYear.objects.filter(pk=members_free.pk).exists()


def test_the_log_of_the_admin_forgets_the_name():
    user, karin = anna(), members.staff()
    LogEntry.objects.create(
        user=karin,
        content_type=ContentType.objects.get_for_model(Membership),
        object_id=str(user.memberships.first().pk),
        object_repr="Anna Åström, ordinarie",
        action_flag=CHANGE,
        change_message="Anna",
    )

    factory.erased(user)

    assert list(LogEntry.objects.values_list("object_repr", "change_message")) == [("█", "")]


def test_a_guest_is_erased_by_the_address():
    events.confirmed(events.event(), email="gast@example.org", name="Gäst Gästsson")
    other = events.confirmed(events.event(), email="annan@example.org")

    done = erase(subject=guest("Gast@example.org"), by=factory.officer(), now=NOW)

    assert list(Booking.objects.all()) == [other]
    assert [(e["table"], e["did"]) for e in done.receipt][:1] == [("events.Booking", "deleted")]


def test_a_legal_hold_stops_it():
    user = anna()
    factory.protection(user)

    with pytest.raises(OnHold):
        factory.erased(user)
    assert factory.again(user).name == "Anna Åström"


def test_a_legal_hold_on_an_address_stops_it_too():
    seat = events.confirmed(events.event(), email="gast@example.org", name="Gäst Gästsson")
    Protection.objects.create(email="gast@example.org", kind="hold", reason="a claim")

    with pytest.raises(OnHold):
        erase(subject=guest("Gast@example.org"), by=factory.officer(), now=NOW)
    assert Booking.objects.get() == seat


def test_staff_is_not_erased_before_the_role_is_taken_away():
    with pytest.raises(WorksHere):
        factory.erased(members.staff())


def test_only_whoever_may_erase_does():
    user = anna()

    with pytest.raises(PermissionDenied):
        factory.erased(user, by=members.staff())

    assert factory.erased(user, by=factory.officer()).by.name == "Karin Kansli"


# --- A restored backup --------------------------------------------------------------------------


def backup_of(user) -> dict:
    return {
        "user": User.objects.filter(pk=user.pk).values().get(),
        "addresses": list(EmailAddress.objects.filter(user=user).values()),
    }


def restore(kept: dict, user) -> None:
    """The day before the erasure is back, with a guest booking too."""
    Erasure.objects.all().delete()
    User.objects.filter(pk=user.pk).update(**kept["user"])
    EmailAddress.objects.bulk_create(EmailAddress(**row) for row in kept["addresses"])


def test_after_a_restored_backup_the_ledger_erases_again(
    capsys, django_capture_on_commit_callbacks
):
    user, bo = anna(), members.person(email="bo@example.org", name="Bo Alm")
    kept = backup_of(user)
    with django_capture_on_commit_callbacks(execute=True):
        first = factory.erased(user)
    restore(kept, user)

    call_command("replay_erasures")

    assert capsys.readouterr().out.split("\n")[1] == "1 erased again"
    assert factory.again(user).name == ""
    assert factory.again(bo).name == "Bo Alm"
    assert [done.pk for done in Erasure.objects.all()] == [first.pk]

    call_command("replay_erasures")

    assert capsys.readouterr().out.split("\n")[1] == "0 erased again"


def test_with_another_key_nobody_is_recognised_and_the_replay_says_so(
    settings, django_capture_on_commit_callbacks
):
    user = anna()
    kept, key = backup_of(user), settings.SECRET_KEY
    with django_capture_on_commit_callbacks(execute=True):
        factory.erased(user)
    restore(kept, user)
    settings.SECRET_KEY = "made anew, since nobody found the old one"

    with pytest.raises(CommandError, match="1 were erased under another SECRET_KEY"):
        call_command("replay_erasures")
    assert factory.again(user).name == kept["user"]["name"]

    settings.SECRET_KEY_FALLBACKS = [key]
    call_command("replay_erasures")
    assert factory.again(user).name == ""


def test_the_ledger_catches_up_and_forgets_what_no_backup_can_hold(ledger):
    done = factory.erased(anna())

    assert erasure_ledger.catch_up() == 1
    assert erasure_ledger.catch_up() == 0
    assert [entry.number for entry in erasure_ledger.entries()] == [done.pk]

    erasure_ledger.forget(NOW - dt.timedelta(days=1))
    assert len(list(erasure_ledger.entries())) == 1
    erasure_ledger.forget(NOW + dt.timedelta(days=1))
    assert list(erasure_ledger.entries()) == []
