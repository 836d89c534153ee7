from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from billing.models import Invoice
from mail.models import Mail
from members import operations, roles
from members.fingerprints import fingerprint
from members.models import Application, FreeYear, Membership
from tests.factories import members as make

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 2)
NOW = make.noon(TODAY)
State = Application.State


def approve(application, by=None, today=TODAY):
    return operations.approve(
        application=application, by=by or make.staff(), now=make.noon(today), today=today
    )


def keys_to(user):
    return list(Mail.objects.filter(person=user).order_by("pk").values_list("key", flat=True))


# --- Approving ----------------------------------------------------------------------------------


def test_the_first_year_is_free() -> None:
    application, secretary = make.in_review(), make.staff()
    membership = approve(application, secretary)
    application.refresh_from_db()
    assert (membership.starts_on, membership.ends_on) == (TODAY, date(2027, 3, 1))
    assert membership.invoice is None
    assert (application.state, application.decided_by) == (State.APPROVED, secretary)
    assert Invoice.objects.count() == 0
    assert FreeYear.objects.count() == 2
    assert keys_to(application.user) == [f"membership:{membership.pk}:application:{application.pk}"]


def test_the_second_year_costs_200_kr() -> None:
    first = make.in_review()
    person = first.user
    approve(first, today=date(2025, 3, 2))
    second = make.in_review(person, mecenat_number="99887766")
    membership = approve(second)
    assert membership.invoice.total == Decimal("200.00")
    assert membership.starts_on == TODAY


def test_a_new_address_does_not_give_a_second_free_year() -> None:
    approve(make.in_review(mecenat_number="1234567890"), today=date(2025, 3, 2))
    again = approve(make.in_review(mecenat_number="1234567890"))
    assert again.invoice.total == Decimal("200.00")


def test_a_new_card_does_not_give_a_second_free_year() -> None:
    """Also after erasure, when nothing but the fingerprint is left."""
    FreeYear.objects.create(fingerprint=fingerprint("stina@example.org"), given_on=date(2024, 3, 2))
    person = make.person(email="stina@example.org")
    assert approve(make.in_review(person)).invoice.total == Decimal("200.00")


def test_a_fingerprint_made_under_an_earlier_key_is_known(settings) -> None:
    approve(make.in_review(mecenat_number="1234567890"), today=date(2025, 3, 2))
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key" * 6
    assert approve(make.in_review(mecenat_number="1234567890")).invoice is not None


def test_fingerprints_tell_nothing_without_the_key(settings) -> None:
    mark = fingerprint("stina@example.org")
    settings.SECRET_KEY = "another-key" * 6
    assert fingerprint("stina@example.org") != mark
    assert fingerprint(" Stina@Example.org") == fingerprint("stina@example.org")


def test_the_next_student_year_follows_the_one_that_runs() -> None:
    year = make.student_year(starts_on=date(2025, 3, 20))
    membership = approve(make.in_review(year.user))
    assert (membership.starts_on, membership.ends_on) == (date(2026, 3, 20), date(2027, 3, 19))


def test_an_unpaid_ordinary_renewal_gives_way() -> None:
    person = make.membership(starts_on=date(2025, 3, 20)).user
    renewal = make.membership(person, starts_on=date(2026, 3, 20), paid=False)
    membership = approve(make.in_review(person))
    renewal.refresh_from_db()
    assert (renewal.ended_on, renewal.ended_why) == (date(2026, 3, 19), "converted")
    assert not Invoice.objects.open().filter(pk=renewal.invoice_id).exists()
    assert membership.starts_on == date(2026, 3, 20)


def test_approving_twice_gives_the_same_membership() -> None:
    application, secretary = make.in_review(), make.staff()
    assert approve(application, secretary) == approve(application, secretary)
    assert Membership.objects.count() == 1


def test_only_who_has_the_right_decides() -> None:
    application = make.in_review()
    for somebody in (make.person(), make.staff(roles.TREASURER), application.user):
        with pytest.raises(PermissionDenied):
            approve(application, somebody)
    assert Membership.objects.count() == 0


def test_nobody_decides_on_their_own_application() -> None:
    secretary = make.staff()
    with pytest.raises(operations.NotYourOwn):
        approve(make.in_review(secretary), secretary)


def test_an_unconfirmed_application_cannot_be_approved() -> None:
    with pytest.raises(operations.NotToReview):
        approve(make.application(code="student"))


def test_a_rejected_application_cannot_be_approved() -> None:
    application, secretary = make.in_review(), make.staff()
    operations.reject(application=application, reason="Nej.", by=secretary, now=NOW)
    with pytest.raises(operations.NotToReview):
        approve(application, secretary)


def test_the_preview_says_what_approving_does() -> None:
    application = make.in_review()
    plan = operations.plan_approval(application=application, today=TODAY)
    assert (plan.period.first, plan.period.last) == (TODAY, date(2027, 3, 1))
    assert (plan.fee, plan.is_first_student_year) == (Decimal(0), True)
    assert Membership.objects.count() == 0


# --- Rejecting and asking -----------------------------------------------------------------------


def test_a_rejection_mails_its_reason() -> None:
    application, secretary = make.in_review(), make.staff()
    operations.reject(application=application, reason="Kortet gäller inte.", by=secretary, now=NOW)
    application.refresh_from_db()
    assert (application.state, application.decided_at) == (State.REJECTED, NOW)
    assert keys_to(application.user) == [f"application:{application.pk}:rejected"]
    assert "Kortet gäller inte." in Mail.objects.get().text


def test_rejecting_twice_mails_once() -> None:
    application, secretary = make.in_review(), make.staff()
    for _ in range(2):
        operations.reject(application=application, reason="Nej.", by=secretary, now=NOW)
    assert Mail.objects.count() == 1


def test_a_rejection_wants_a_reason() -> None:
    with pytest.raises(operations.ReasonMissing):
        operations.reject(application=make.in_review(), reason="  ", by=make.staff(), now=NOW)
    assert Mail.objects.count() == 0


def test_a_question_is_mailed_and_the_application_waits() -> None:
    application = make.in_review()
    operations.ask_applicant(
        application=application, question="Vilken kurs?", by=make.staff(), now=NOW
    )
    application.refresh_from_db()
    assert (application.state, application.question) == (State.IN_REVIEW, "Vilken kurs?")
    assert "Vilken kurs?" in Mail.objects.get().text


def test_only_who_has_the_right_rejects_or_asks() -> None:
    application, treasurer = make.in_review(), make.staff(roles.TREASURER)
    with pytest.raises(PermissionDenied):
        operations.reject(application=application, reason="Nej.", by=treasurer, now=NOW)
    with pytest.raises(PermissionDenied):
        operations.ask_applicant(application=application, question="?", by=treasurer, now=NOW)
    assert Mail.objects.count() == 0
