"""From the application to the first day: what is written, mailed, refused."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from allauth.account.models import EmailAddress

from billing.models import Invoice
from mail.models import Mail
from members import links, operations
from members.models import Application, BillingDetails, Consent, Membership, User
from tests.factories import members as make

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 2)
NOW = make.noon(TODAY)
State = Application.State


def apply(**changes):
    application = make.application(save=False, **changes)
    return operations.apply(application=application, today=TODAY)


def confirm(application, **how):
    return operations.confirm_application(application=application, now=NOW, today=TODAY, **how)


def mails_to(email: str) -> list[str]:
    """By their keys: they say what about what, in every language."""
    return list(Mail.objects.filter(to=email).order_by("pk").values_list("key", flat=True))


def links_in(application: Application) -> list[str]:
    """What the confirming links of the mail stand for."""
    text = Mail.objects.get(key=f"application:{application.pk}:received").text
    tokens = re.findall(r"/([0-9a-f-]{36}:[^/\s]+)/", text)
    return [links.CONFIRM.read(token) for token in tokens]


# --- Applying -----------------------------------------------------------------------------------


def test_an_application_is_kept_and_its_link_mailed() -> None:
    application = apply(email="Asa@Example.ORG")
    assert (application.state, application.email) == (State.UNCONFIRMED, "asa@example.org")
    assert mails_to("asa@example.org") == [f"application:{application.pk}:received"]
    assert links_in(application) == [str(application.public_id)]
    assert User.objects.count() == 0


def test_a_form_sent_twice_is_one_application() -> None:
    first = apply(email="asa@example.org")
    again = make.application(
        save=False, email="asa@example.org", form_token=first.form_token, name="Någon Annan"
    )
    assert operations.apply(application=again, today=TODAY) == first
    assert Application.objects.count() == 1
    assert mails_to("asa@example.org") == [f"application:{first.pk}:received"]


def test_a_member_is_told_in_the_mail_and_gets_no_link() -> None:
    member = make.membership(starts_on=TODAY).user
    application = apply(email=member.email)
    assert links_in(application) == []


def test_a_student_may_apply_to_become_ordinary() -> None:
    student = make.student_year(starts_on=date(2026, 1, 7)).user
    application = apply(email=student.email)
    assert links_in(application) == [str(application.public_id)]


def test_a_student_may_apply_again_when_the_year_runs_out() -> None:
    student = make.student_year(starts_on=date(2025, 3, 20)).user
    application = apply(code="student", email=student.email)
    assert links_in(application) == [str(application.public_id)]


def test_whoever_is_logged_in_under_the_address_gets_no_link() -> None:
    person = make.person()
    application = make.application(save=False, email=person.email)
    operations.apply(application=application, by=person, today=TODAY)
    assert mails_to(person.email) == []


# --- Confirming as ordinary ---------------------------------------------------------------------


def test_an_ordinary_member_begins_today_and_is_invoiced() -> None:
    done = confirm(apply(email="asa@example.org", phone="070-123 45 67"))
    membership = done.membership
    assert (done.is_new_person, done.application.state) == (True, State.APPROVED)
    assert (membership.starts_on, membership.ends_on) == (TODAY, date(2027, 3, 1))
    assert membership.invoice.total == Decimal("1645.00")
    assert membership.invoice.source == f"membership:{membership.pk}"
    assert membership.invoice.buyer == done.user
    assert (done.user.name, done.user.phone) == ("Åsa Öberg", "070-123 45 67")
    assert not done.user.has_usable_password()
    address = EmailAddress.objects.get(user=done.user)
    assert (address.verified, address.primary) == (True, True)
    assert mails_to("asa@example.org") == [
        f"application:{done.application.pk}:received",
        f"invoice:{membership.invoice.pk}",
        f"membership:{membership.pk}:application:{done.application.pk}",
    ]


def test_an_employer_gets_the_invoice_with_its_references() -> None:
    done = confirm(
        apply(
            payer="employer",
            payer_name="Kanslibyrån i Umeå AB",
            organisation_number="8029999995",
            street="Storgatan 1",
            postcode="903 21",
            city="Umeå",
            invoice_email="ekonomi@kansli.example",
            reference="Avd 7",
            order_number="PO 12",
            cost_centre="4711",
            peppol_id="0007:8029999995",
        )
    )
    invoice = done.membership.invoice
    assert invoice.customer_name == "Kanslibyrån i Umeå AB"
    assert invoice.customer_address == "Storgatan 1\n903 21 Umeå"
    assert invoice.customer_email == "ekonomi@kansli.example"
    assert invoice.customer_reference == "Avd 7"
    assert (invoice.order_number, invoice.cost_centre) == ("PO 12", "4711")
    assert invoice.peppol_id == "0007:8029999995"
    assert invoice.lines.get().detail == "Åsa Öberg, 2026-03-02 – 2027-03-01"


def test_confirming_twice_changes_nothing_and_logs_nobody_in() -> None:
    application = apply()
    first = confirm(application)
    second = confirm(application)
    assert (second.is_new_person, second.user) == (False, first.user)
    assert Membership.objects.count() == 1
    assert Invoice.objects.count() == 1


def test_two_applications_of_one_address_make_one_member() -> None:
    first, second = apply(email="asa@example.org"), apply(email="ASA@example.org")
    confirm(first)
    with pytest.raises(operations.AlreadyMember):
        confirm(second)
    second.refresh_from_db()
    assert second.state == State.UNCONFIRMED
    assert (User.objects.count(), Membership.objects.count()) == (1, 1)


def test_a_known_person_is_found_and_not_new() -> None:
    person = make.person(email="asa@example.org", name="Åsa Förr", phone="08-123 456 78")
    done = confirm(apply(email="asa@example.org", employer="Nya jobbet AB"))
    person.refresh_from_db()
    assert (done.user, done.is_new_person) == (person, False)
    assert (person.name, person.employer) == ("Åsa Öberg", "Nya jobbet AB")
    assert person.phone == "08-123 456 78"
    assert person.check_password(make.PASSWORD)


def test_a_former_member_begins_anew_and_the_gap_shows() -> None:
    person = make.membership(starts_on=date(2024, 5, 1)).user
    done = confirm(apply(email=person.email))
    periods = list(person.memberships.order_by("starts_on").values_list("starts_on", "ends_on"))
    assert done.user == person
    assert periods == [
        (date(2024, 5, 1), date(2025, 4, 30)),
        (TODAY, date(2027, 3, 1)),
    ]


def test_a_member_who_has_left_may_come_on_from_the_last_day() -> None:
    left = make.membership(
        starts_on=date(2025, 3, 20), ended_on=date(2026, 3, 19), ended_why="left"
    )
    done = confirm(apply(email=left.user.email))
    assert done.membership.starts_on == date(2026, 3, 20)


def test_a_student_becomes_ordinary_and_the_student_year_ends_yesterday() -> None:
    year = make.student_year(starts_on=date(2026, 1, 7))
    done = confirm(apply(email=year.user.email))
    year.refresh_from_db()
    assert (year.ended_on, year.ended_why) == (TODAY - timedelta(1), "converted")
    assert (done.membership.starts_on, done.membership.ends_on) == (TODAY, date(2027, 3, 1))


def test_consents_are_given_one_by_one() -> None:
    news = make.consent_text("news")
    application = operations.apply(
        application=make.application(save=False), consents=[news], today=TODAY
    )
    assert Consent.objects.count() == 0
    done = confirm(application)
    rows = Consent.objects.values_list("user", "text", "action", "at", "channel")
    assert list(rows) == [(done.user.pk, news.pk, "given", NOW, "application")]


def test_joining_works_without_any_consent() -> None:
    done = confirm(apply())
    assert done.membership is not None
    assert Consent.objects.live().count() == 0


def test_an_exempted_person_gets_no_invoice() -> None:
    person = make.person()
    person.fee_exemptions.create(reason="Hedersmedlem", starts_on=date(2020, 1, 1))
    membership = confirm(apply(email=person.email)).membership
    assert (membership.invoice, membership.exempt_reason) == (None, "Hedersmedlem")
    assert Invoice.objects.count() == 0


# --- Confirming as a student --------------------------------------------------------------------


def test_a_student_waits_for_review() -> None:
    done = confirm(apply(code="student", email="stina@example.org"))
    assert (done.membership, done.application.state) == (None, State.IN_REVIEW)
    assert done.is_new_person
    assert Membership.objects.count() == 0
    assert mails_to("stina@example.org") == [
        f"application:{done.application.pk}:received",
        f"application:{done.application.pk}:in_review",
    ]


def test_an_employed_student_is_an_ordinary_member() -> None:
    done = confirm(apply(code="student", is_employed=True))
    assert done.membership.kind.code == "ordinary"
    assert done.membership.invoice.total == Decimal("1645.00")


def test_a_second_application_waits_for_the_first() -> None:
    confirm(apply(code="student", email="stina@example.org"))
    second = apply(code="student", email="stina@example.org")
    with pytest.raises(operations.AlreadyInReview):
        confirm(second)
    assert Application.objects.to_review().count() == 1


def test_what_staff_decided_cannot_be_confirmed_again() -> None:
    application = apply(code="student")
    confirm(application)
    secretary = make.staff()
    application.refresh_from_db()
    operations.reject(application=application, reason="Kortet gäller inte.", by=secretary, now=NOW)
    assert confirm(application).application.state == State.REJECTED


def test_what_a_stranger_ticked_need_not_be_said_yes_to() -> None:
    text = make.consent_text()
    application = operations.apply(
        application=make.application(save=False), consents=[text], today=TODAY
    )
    assert list(operations.ticked(application)) == [text]
    user = confirm(application, with_consents=False).user
    assert Consent.objects.filter(user=user).count() == 0
    assert user.memberships.count() == 1


# --- Who pays -----------------------------------------------------------------------------------


def test_an_application_as_student_leaves_the_employer_until_it_is_approved() -> None:
    row = make.membership(starts_on=date(2025, 3, 10))
    make.employer(row.user)
    person = {"email": row.user.email, "name": row.user.name}
    application = confirm(apply(code="student", **person)).application
    assert payer_of(row.user) == ("employer", "Kanslibyrån i Umeå AB")
    operations.approve(application=application, by=make.staff(), now=NOW, today=TODAY)
    assert payer_of(row.user) == ("private", row.user.name)


def test_a_rejected_student_is_still_paid_for() -> None:
    row = make.membership(starts_on=date(2025, 3, 10))
    make.employer(row.user)
    application = confirm(apply(code="student", email=row.user.email)).application
    operations.reject(application=application, reason="Anställd", by=make.staff(), now=NOW)
    assert payer_of(row.user) == ("employer", "Kanslibyrån i Umeå AB")


def test_care_of_stays_with_its_street() -> None:
    user = make.person()
    make.employer(user, care_of="Eva")
    same = {"payer": "employer", "payer_name": "Byrån", "organisation_number": "8029999995"}
    confirm(apply(email=user.email, street="Storgatan 1", **same))
    user.billing_details.refresh_from_db()
    assert (user.billing_details.care_of, user.billing_details.name) == ("Eva", "Byrån")


def payer_of(user: User) -> tuple[str, str]:
    details = BillingDetails.objects.get(user=user)
    return details.payer, details.name
