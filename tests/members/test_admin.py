"""The office: finding people, deciding on applications, and what nobody may do there."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from members import operations, roles
from members.models import (
    Application,
    Consent,
    ConsentText,
    FreeYear,
    Membership,
    RenewalTerms,
    User,
)
from tests.factories import billing
from tests.factories import members as make

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def secretary(client):
    person = make.staff(email="karin@example.org")
    client.force_login(person)
    return person


def change_url(row) -> str:
    return reverse(f"admin:members_{row._meta.model_name}_change", args=[row.pk])


def list_url(model: str, query: str = "") -> str:
    return reverse(f"admin:members_{model}_changelist") + query


# --- Finding ------------------------------------------------------------------------------------


SAID = [
    *("Åström", "åström", "ÅSA ÅSTRÖM", "Åström Åsa", "asa@example.org", "chefsjurist"),
    *("070-123", "0701234567", "070 123 45 67", "+46 70-123 45 67", "0046701234567"),
    *("Kanslibyrån", "kanslibyrån i umeå", "8029999995", "802999-9995", "802999 9995"),
    *("Avd 7", "PO-77", "ekonomi@kansli.example", "Umeå universitet", "förr@example.org"),
    *("invoice", "ocr", "ocr in groups"),
]


@pytest.mark.parametrize("words", SAID)
def test_people_are_found_by_anything_they_say(client, secretary, words: str) -> None:
    user = make.person(
        email="förr@example.org", name="Åsa Åström", phone="070-123 45 67", title="Chefsjurist"
    )
    user.email = "asa@example.org"
    user.save()
    make.employer(user, order_number="PO-77")
    make.in_review(user)
    invoice = make.membership(user).invoice
    make.membership(make.person(name="Någon Annan", phone="08-765 43 21"))
    said = {
        "invoice": invoice.number,
        "ocr": invoice.ocr,
        "ocr in groups": f"{invoice.ocr[:3]} {invoice.ocr[3:]}",
    }
    page = client.get(list_url("user"), {"q": said.get(words, words)})
    assert list(page.context["cl"].result_list) == [user]


@pytest.mark.parametrize(
    "words", ["Åsa Annan", "070-999 99 99", "%", "_", "'", "\\", "🦉", "å" * 9999]
)
def test_what_nobody_is_called_finds_nobody(client, secretary, words: str) -> None:
    make.person(name="Åsa Åström", phone="070-123 45 67")
    page = client.get(list_url("user"), {"q": words})
    assert list(page.context["cl"].result_list) == []


@pytest.mark.parametrize("words", ["Åsa", "åström asa@example.org", "invoice", "ocr", "groups"])
def test_a_year_is_found_by_its_person_and_its_invoice(client, secretary, words: str) -> None:
    row = make.membership(make.person(name="Åsa Åström", email="asa@example.org"))
    make.student_year(make.person(name="Någon Annan"))
    said = {
        "invoice": row.invoice.number,
        "ocr": row.invoice.ocr,
        "groups": f"{row.invoice.ocr[:4]} {row.invoice.ocr[4:]}",
    }
    page = client.get(list_url("membership"), {"q": said.get(words, words)})
    assert list(page.context["cl"].result_list) == [row]


def test_a_shared_invoice_finds_everybody_on_it(client, secretary) -> None:
    people = [make.person(name=name) for name in ("Ada", "Bo")]
    for person in people:
        make.employer(person)
    rows = [make.membership(person, paid=False) for person in people]
    make.membership(make.person(name="Någon Annan"))
    invoice = operations.collect_fees(memberships=rows, by=secretary, today=date(2026, 3, 5))
    page = client.get(list_url("user"), {"q": invoice.number})
    assert list(page.context["cl"].result_list) == people


def test_the_list_costs_the_same_for_two_and_for_twenty(
    client, secretary, django_assert_max_num_queries
) -> None:
    for _ in range(20):
        make.membership()
    with django_assert_max_num_queries(14):
        page = client.get(list_url("user"))
    assert len(page.context["cl"].result_list) == 21


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("member", "Ordinarie"),
        ("student", "Student"),
        ("former", "Förr"),
        ("overdue", "Sen"),
        ("never", "Aldrig"),
        ("bounced", "Studs"),
        ("staff", "Karin Kansli"),
    ],
)
def test_people_are_filtered_by_standing(client, secretary, value: str, name: str) -> None:
    today = timezone.localdate()
    make.membership(make.person(name="Ordinarie"), starts_on=today)
    make.student_year(make.person(name="Student"), starts_on=today)
    make.membership(make.person(name="Förr"), starts_on=date(2019, 3, 2))
    late = make.person(name="Sen")
    make.membership(late, starts_on=today - timezone.timedelta(40), paid=False)
    make.person(name="Aldrig")
    make.person(name="Studs", email_bounced_at=timezone.now())
    page = client.get(list_url("user", f"?standing={value}"))
    assert name in [person.name for person in page.context["cl"].result_list]
    assert len(page.context["cl"].result_list) < 7


@pytest.mark.parametrize(
    "model",
    ["user", "application", "membership", "membershipkind", "feeexemption", "consenttext"],
)
def test_every_list_opens(client, secretary, model: str) -> None:
    make.membership()
    make.in_review()
    make.consent(make.person())
    assert client.get(list_url(model)).status_code == 200


@pytest.mark.parametrize("query", ["?when=now", "?when=soon", "?when=ended", "?fee=overdue"])
def test_memberships_are_filtered(client, secretary, query: str) -> None:
    make.membership()
    assert client.get(list_url("membership", query)).status_code == 200


def test_every_change_page_opens(client, secretary) -> None:
    row = make.membership()
    make.consent(row.user)
    pages = [row, row.user, make.in_review(), make.kind(), make.consent_text()]
    pages.append(RenewalTerms.objects.get())
    assert [client.get(change_url(page)).status_code for page in pages] == [200] * 6


def test_the_terms_have_one_page(client, secretary) -> None:
    answer = client.get(list_url("renewalterms"))
    assert answer.url == change_url(RenewalTerms.objects.get())


# --- Applications -------------------------------------------------------------------------------


def press(client, name: str, application, **answers):
    url = reverse(f"admin:members_application_{name}", args=[application.pk])
    return client.post(url, answers, follow=True)


def test_an_application_is_approved_after_a_preview(client, secretary) -> None:
    application = make.in_review()
    url = reverse("admin:members_application_approve", args=[application.pk])
    preview = client.get(url)
    assert application.mecenat_number in preview.content.decode()
    assert Membership.objects.count() == 0
    press(client, "approve", application)
    assert Membership.objects.get().user == application.user


def test_several_applications_are_approved_after_one_preview(client, secretary) -> None:
    rows = [make.in_review(name=f"Student {number}") for number in range(3)]
    own = make.in_review(secretary, name="Karin Kansli")
    keys = [row.pk for row in (*rows, own)]
    action = {"action": "approve_chosen", "_selected_action": keys}
    page = client.post(list_url("application"), action, follow=True)
    shown = page.content.decode()
    assert [row.name for row in rows if row.name not in shown] == []
    assert Membership.objects.count() == 0
    done = client.post(page.wsgi_request.get_full_path(), follow=True)
    assert [str(told) for told in done.context["messages"]] == [
        "3 ansökningar är godkända. Karin Kansli: Någon annan måste besluta om din egen ansökan."
    ]
    assert {row.user for row in Membership.objects.all()} == {row.user for row in rows}
    again = client.post(page.wsgi_request.get_full_path(), follow=True)
    assert Membership.objects.count() == 3
    assert again.status_code == 200


@pytest.mark.parametrize("ids", ["", "0", "x", "9" * 40, "1,,2"])
def test_no_application_to_approve_is_told(client, secretary, ids: str) -> None:
    url = reverse("admin:members_application_approve_several")
    assert client.get(url, {"ids": ids}).url == list_url("application")


def test_a_rejection_needs_its_reason(client, secretary) -> None:
    application = make.in_review()
    page = press(client, "reject", application, text="")
    assert page.context["form"].errors
    press(client, "reject", application, text="Kortet gäller inte.")
    application.refresh_from_db()
    assert (application.state, application.decided_by) == ("rejected", secretary)


def test_a_question_is_sent(client, secretary) -> None:
    application = make.in_review()
    press(client, "ask", application, text="Vilken kurs?")
    application.refresh_from_db()
    assert (application.state, application.question) == ("in_review", "Vilken kurs?")


def test_a_refusal_is_told_and_not_a_fault(client, secretary) -> None:
    application = make.in_review(secretary)
    page = press(client, "approve", application)
    assert page.status_code == 200
    assert [str(message) for message in page.context["messages"]]
    assert Membership.objects.count() == 0


def test_a_decided_application_has_nothing_to_decide(client, secretary) -> None:
    application = make.in_review(state=Application.State.REJECTED, decided_at=timezone.now())
    assert press(client, "approve", application).status_code == 404


@pytest.mark.parametrize("role", [roles.TREASURER, roles.EDITOR, roles.EVENT_MANAGER])
@pytest.mark.parametrize("name", ["approve", "reject", "ask"])
def test_other_roles_decide_nothing(client, role: str, name: str) -> None:
    application = make.in_review()
    client.force_login(make.staff(role))
    assert press(client, name, application, text="Nej").status_code == 403
    application.refresh_from_db()
    assert application.state == "in_review"


def test_members_do_not_get_in(client) -> None:
    client.force_login(make.person())
    answer = client.get(list_url("application"))
    assert answer.status_code in {302, 403}


# --- Memberships --------------------------------------------------------------------------------


def test_a_membership_is_ended_with_a_day_and_a_reason(client, secretary) -> None:
    row = make.membership(starts_on=timezone.localdate(), paid=False)
    url = reverse("admin:members_membership_end", args=[row.pk])
    assert client.get(url).status_code == 200
    client.post(url, {"last_day": timezone.localdate().isoformat(), "reason": "Dubblett"})
    row.refresh_from_db()
    assert (row.ended_on, row.ended_why) == (timezone.localdate(), "by_staff")
    assert billing.balance(row.invoice) == 0


def test_whoever_is_ended_by_the_office_is_no_member_next_year_either(client, secretary) -> None:
    today = timezone.localdate()
    row = make.membership(starts_on=today - timedelta(350))
    assert operations.issue_renewals(today=today) == 1
    later = row.user.memberships.get(starts_on__gt=row.ends_on)
    url = reverse("admin:members_membership_end", args=[row.pk])
    assert str(later.ends_on) in client.get(url).content.decode()
    client.post(url, {"last_day": today.isoformat(), "reason": "Utesluten"})
    later.refresh_from_db()
    assert (later.last_day_on, later.ended_why) == (row.ends_on, "by_staff")
    assert billing.balance(later.invoice) == 0
    assert operations.issue_renewals(today=today + timedelta(3)) == 0


def test_somebody_is_registered_by_hand(client, secretary) -> None:
    client.post(
        reverse("admin:members_user_add"),
        {"name": "Per Post", "email": "Per@Example.org", "language": "sv"},
    )
    person = User.objects.get(email="per@example.org")
    assert not person.has_usable_password()
    url = reverse("admin:members_user_register", args=[person.pk])
    assert client.get(url).status_code == 200
    assert Membership.objects.count() == 0
    client.post(url)
    assert Membership.objects.get().user == person
    client.post(url)
    assert Membership.objects.count() == 1


STUDIES = {
    "school": "Umeå universitet",
    "mecenat_number": "1234 567890",
    "studies_end_on": "2030-06-06",
}


def test_a_student_is_registered_by_hand_once_with_a_free_year(client, secretary) -> None:
    person = make.person(name="Stina Student")
    url = reverse("admin:members_user_register_student", args=[person.pk])
    assert "1 645" not in client.get(url).content.decode()
    client.post(url, STUDIES)
    client.post(url, STUDIES)
    row = Membership.objects.get()
    assert (row.user, row.kind.code, row.invoice) == (person, "student", None)
    application = Application.objects.get()
    assert (application.mecenat_number, application.decided_by) == ("1234567890", secretary)
    assert (application.state, application.school) == ("approved", "Umeå universitet")
    assert FreeYear.objects.count() == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [("school", ""), ("mecenat_number", "ABC"), ("studies_end_on", "i vår"), ("school", "x" * 121)],
)
def test_a_student_by_hand_needs_proof(client, secretary, field: str, value: str) -> None:
    person = make.person()
    url = reverse("admin:members_user_register_student", args=[person.pk])
    page = client.post(url, {**STUDIES, field: value})
    assert set(page.context["form"].errors) == {field}
    assert page.context["form"][field].value() == value
    assert Application.objects.count() == Membership.objects.count() == 0


def test_a_member_is_no_student_besides(client, secretary) -> None:
    row = make.student_year(starts_on=timezone.localdate())
    url = reverse("admin:members_user_register_student", args=[row.user.pk])
    page = client.post(url, STUDIES, follow=True)
    assert [str(told) for told in page.context["messages"]] == ["Du är redan medlem."]
    assert Membership.objects.get() == row


def test_a_kind_needs_a_fee(client) -> None:
    client.force_login(make.person(is_staff=True, is_superuser=True))
    url = reverse("admin:members_membershipkind_add")
    sent = dict.fromkeys(("name_sv", "name_en", "summary_sv", "summary_en"), "Ny")
    sent |= {"terms_sv": "x", "terms_en": "x", "code": "ny", "position": "9"}
    sent |= {"product": make.kind().product_id, "fees-INITIAL_FORMS": 0, "fees-TOTAL_FORMS": 1}
    page = client.post(url, {**sent, "fees-0-amount": "", "fees-0-valid_from": ""})
    assert page.status_code == 200
    client.post(url, {**sent, "fees-0-amount": "500", "fees-0-valid_from": "2026-01-01"})
    assert make.kind("ny").fees.get().amount == 500


# --- What nobody may do -------------------------------------------------------------------------


def form_of(client, person) -> dict:
    """The change form as the browser would send it back."""
    form = client.get(change_url(person)).context["adminform"].form
    values = {name: form.initial.get(name) for name in form.fields}
    empty = {
        f"{prefix}-{what}_FORMS": 0
        for prefix in ("billing_details", "memberships", "fee_exemptions", "consents")
        for what in ("TOTAL", "INITIAL")
    }
    return {name: value for name, value in {**values, **empty}.items() if value is not None}


def test_a_dead_address_is_replaced(client, secretary) -> None:
    person = make.person(email_bounced_at=timezone.now())
    client.post(change_url(person), {**form_of(client, person), "email": "Ny@Example.org"})
    person.refresh_from_db()
    assert (person.email, person.email_bounced_at) == ("ny@example.org", None)
    addresses = person.emailaddress_set.values_list("email", "primary", "verified")
    assert list(addresses) == [("ny@example.org", True, False)]


def test_a_taken_address_is_refused_with_a_message(client, secretary) -> None:
    make.person(email="tagen@example.org")
    person = make.person()
    page = client.post(
        change_url(person), {**form_of(client, person), "email": "TAGEN@example.org"}
    )
    assert page.status_code == 200
    assert page.context["adminform"].form.errors["email"]


def test_the_office_makes_nobody_staff(client, secretary) -> None:
    person = make.person()
    data = {**form_of(client, person), "is_staff": "on", "is_superuser": "on"}
    data["groups"] = [Group.objects.get(name=roles.TREASURER).pk]
    client.post(change_url(person), data)
    person.refresh_from_db()
    assert (person.is_staff, person.is_superuser, person.groups.count()) == (False, False, 0)


def test_the_office_changes_no_colleague(client, secretary) -> None:
    colleague = make.staff(roles.TREASURER)
    client.post(change_url(colleague), {"name": "X", "email": "x@example.org", "language": "sv"})
    colleague.refresh_from_db()
    assert colleague.name == "Karin Kansli"


def test_consents_are_for_reading(client, secretary) -> None:
    consent = make.consent(make.person())
    assert client.post(change_url(consent), {"action": "withdrawn"}).status_code == 403
    assert client.post(reverse("admin:members_consent_add"), {}).status_code == 403
    assert Consent.objects.get().action == "given"


def test_a_published_text_is_for_reading(client) -> None:
    client.force_login(make.staff(roles.PRIVACY_OFFICER))
    text = make.consent_text()
    client.post(change_url(text), {"body": "Nytt", "purpose": "news", "version": "9"})
    text.refresh_from_db()
    assert text.version == "seed-1"


def test_the_privacy_officer_publishes_a_new_version(client) -> None:
    client.force_login(make.staff(roles.PRIVACY_OFFICER))
    draft = ConsentText.objects.get(purpose="news", version="2", language="sv")
    client.post(list_url("consenttext"), {"action": "publish", "_selected_action": [draft.pk]})
    assert make.consent_text() == draft
