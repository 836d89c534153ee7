"""The pages one joins on: the choice, the form, the link in the mail."""

import re
import uuid
from datetime import timedelta

import pytest
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from mail.models import Mail
from members import links
from members.forms.fields import a_name
from members.models import Application, Consent, ConsentText, Membership, MembershipKind, User
from tests.factories import members as make
from tests.members.pages import EMPLOYER, join_data, join_url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("impatient"), pytest.mark.slow]


def confirm_url(application: Application) -> str:
    token = signing.TimestampSigner(salt=links.CONFIRM.salt).sign(str(application.public_id))
    return reverse("members:confirm", args=[token])


def errors(page) -> set[str]:
    return set(page.context["form"].errors)


def typed(page, name: str) -> str:
    return page.context["form"][name].value()


# --- The choice ---------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_kinds_their_terms_and_fees_are_shown(client, language: str) -> None:
    with translation.override(language):
        page = client.get(reverse("members:join")).content.decode()
    assert {"1\xa0645", "1,645"} & set(re.findall(r"1.645", page))
    assert make.kind("student").name_sv in page or make.kind("student").name_en in page


@pytest.mark.parametrize("kind", ["", "nonsense", "'; drop table"])
def test_an_unknown_kind_shows_the_choice(client, kind: str) -> None:
    page = client.get(reverse("members:join"), {"kind": kind})
    assert [offer.kind.code for offer in page.context["offers"]] == ["ordinary", "student"]


@pytest.mark.parametrize("kind", ["ordinary", "student"])
@pytest.mark.parametrize("language", ["sv", "en"])
def test_no_box_is_ticked_or_required(client, kind: str, language: str) -> None:
    with translation.override(language):
        page = client.get(join_url(kind)).content.decode()
    boxes = re.findall(r'<input[^>]*type="checkbox"[^>]*>', page)
    assert len(boxes) == ConsentText.objects.offered().filter(language=language).count() > 0
    assert not [box for box in boxes if "checked" in box or "required" in box]


def test_each_group_of_fields_leads_to_the_privacy_notice(client) -> None:
    notice = reverse("privacy:notice")
    groups = {
        "ordinary": ["membership", "payer", "consent-proof"],
        "student": ["membership", "studies", "consent-proof"],
    }
    for kind, anchors in groups.items():
        page = client.get(join_url(kind)).content.decode()
        assert [anchor for anchor in anchors if f"{notice}#{anchor}" not in page] == []


def test_a_student_reads_what_being_employed_costs_before_answering(client) -> None:
    page = client.get(join_url("student"))
    labels = [label for _value, label in page.context["form"].fields["is_employed"].choices]
    assert "1\xa0645\xa0kr" in labels[1]


# --- Sending the form ---------------------------------------------------------------------------


def test_an_ordinary_application_is_kept(client) -> None:
    answer = client.post(join_url(), join_data(client, phone="070-123 45 67", **EMPLOYER))
    application = Application.objects.get()
    assert answer.url == reverse("members:join-sent")
    assert (application.kind.code, application.email) == ("ordinary", "asa@example.org")
    assert application.organisation_number == "8029999995"
    assert application.postcode == "903 21"
    assert client.get(answer.url).status_code == 200


def test_a_student_application_is_kept(client) -> None:
    client.post(join_url("student"), join_data(client, "student"))
    application = Application.objects.get()
    assert (application.kind.code, application.is_employed) == ("student", False)
    assert application.mecenat_number == "1234567890"


def test_an_employed_student_goes_on_with_the_ordinary_form_filled_in(client) -> None:
    page = client.post(join_url("student"), join_data(client, "student", is_employed="yes"))
    assert Application.objects.count() == 0
    assert page.context["offer"].kind.code == "ordinary"
    assert (typed(page, "name"), typed(page, "email")) == ("Åsa Öberg", "asa@example.org")
    assert "1\xa0645\xa0kr" in page.content.decode()


def test_ticked_consents_are_remembered_and_not_given_yet(client) -> None:
    text = make.consent_text()
    client.post(join_url(), join_data(client, **{f"consent_{text.pk}": "on"}))
    assert Application.objects.get().consents == [text.pk]
    assert Consent.objects.count() == 0


def test_the_answer_is_the_same_for_known_and_unknown(client) -> None:
    make.membership(make.person(email="asa@example.org"), starts_on=timezone.localdate())
    answers = [
        client.post(join_url(), join_data(client, email=email))
        for email in ("asa@example.org", "okand@example.org")
    ]
    seen = [(a.status_code, a.url, a.content, sorted(a.cookies)) for a in answers]
    assert seen[0] == seen[1]
    assert Mail.objects.filter(key__endswith="received").count() == 2


def test_known_and_unknown_cost_the_same_queries(client) -> None:
    make.membership(make.person(email="asa@example.org"), starts_on=timezone.localdate())
    counts = []
    for email in ("asa@example.org", "okand@example.org"):
        data = join_data(client, email=email)
        with CaptureQueriesContext(connection) as queries:
            client.post(join_url(), data)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_form_sent_twice_is_one_application_and_one_mail(client) -> None:
    data = join_data(client)
    answers = [client.post(join_url(), data) for _ in range(3)]
    assert {answer.url for answer in answers} == {reverse("members:join-sent")}
    assert (Application.objects.count(), Mail.objects.count()) == (1, 1)


def test_a_tampered_token_is_replaced(client) -> None:
    client.post(join_url(), join_data(client, form_token="not-a-uuid"))
    assert isinstance(Application.objects.get().form_token, uuid.UUID)


# --- Bad input ----------------------------------------------------------------------------------

LONG = "å" * 10_000


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        ("ordinary", "name", ""),
        ("ordinary", "name", LONG),
        ("ordinary", "name", "Åsa\r\nBcc: all@example.org"),
        ("ordinary", "name", "Åsa\x00Öberg"),
        ("ordinary", "email", ""),
        ("ordinary", "email", "asa"),
        ("ordinary", "email", "asa@"),
        ("ordinary", "email", "asa@example.org\nBcc: all@example.org"),
        ("ordinary", "email", f"{LONG}@example.org"),
        ("ordinary", "phone", "ring mig"),
        ("ordinary", "employer", LONG),
        ("ordinary", "title", LONG),
        ("ordinary", "payer", ""),
        ("ordinary", "payer", "somebody"),
        ("student", "mecenat_number", "ABC123"),
        ("student", "mecenat_number", ""),
        ("student", "mecenat_number", "1" * 21),
        ("student", "school", ""),
        ("student", "school", LONG),
        ("student", "studies_end_on", "2001-01-01"),
        ("student", "studies_end_on", "2999-01-01"),
        ("student", "studies_end_on", "12/31/2029"),
        ("student", "studies_end_on", "i sommar"),
        ("student", "is_employed", ""),
        ("student", "is_employed", "perhaps"),
    ],
)
def test_bad_input_is_told_and_kept(client, kind: str, field: str, value: str) -> None:
    page = client.post(join_url(kind), join_data(client, kind, **{field: value}))
    assert page.status_code == 200
    assert errors(page) == {field}
    assert typed(page, field) == value
    assert typed(page, "form_token")
    assert Application.objects.count() == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("payer_name", ""),
        ("organisation_number", ""),
        ("organisation_number", "802999-9994"),
        ("organisation_number", "abc"),
        ("street", ""),
        ("street", LONG),
        ("postcode", ""),
        ("postcode", "123"),
        ("postcode", "01234"),
        ("city", ""),
        ("invoice_email", "ekonomi"),
        ("reference", LONG),
        ("order_number", LONG),
        ("cost_centre", LONG),
        ("peppol_id", LONG),
    ],
)
def test_an_employer_that_pays_is_named_in_full(client, field: str, value: str) -> None:
    page = client.post(join_url(), join_data(client, **{**EMPLOYER, field: value}))
    assert errors(page) == {field}
    assert typed(page, field) == value
    assert typed(page, "payer") == "employer"


def test_whoever_pays_alone_is_not_held_to_what_stands_about_an_employer(client) -> None:
    data = join_data(client, **{**EMPLOYER, "organisation_number": "abc", "payer": "private"})
    client.post(join_url(), data)
    application = Application.objects.get()
    assert (application.payer, application.payer_name, application.street) == ("private", "", "")


def test_several_faults_are_told_at_once(client) -> None:
    page = client.post(join_url(), join_data(client, name="", email="x", phone="y", payer=""))
    assert errors(page) == {"name", "email", "phone", "payer"}


@pytest.mark.parametrize("kind", ["ordinary", "student"])
@pytest.mark.parametrize("query", ["", "?kind=", "?kind=nonsense"])
def test_a_form_sent_without_its_kind_loses_nothing(client, kind: str, query: str) -> None:
    data = join_data(client, kind, name="")
    page = client.post(reverse("members:join") + query, data)
    assert (errors(page), typed(page, "email")) == ({"name"}, "asa@example.org")
    client.post(reverse("members:join") + query, {**data, "name": "Åsa Öberg"})
    assert Application.objects.get().kind.code == kind


@pytest.mark.parametrize("payer", ["x", ""])
def test_an_unclear_payer_is_asked_for_in_plain_words(client, payer: str) -> None:
    with translation.override("en"):
        page = client.post(join_url(), join_data(client, payer=payer))
    assert page.context["form"].errors["payer"] == [
        "Ange vem som betalar: du eller din arbetsgivare."
    ]


def test_script_in_every_field_is_shown_as_text(client) -> None:
    script = "<script>alert(1)</script>"
    answers = dict.fromkeys(("name", "employer", "title", "payer_name", "street", "city"), script)
    page = client.post(join_url(), join_data(client, **{**EMPLOYER, **answers, "email": "x"}))
    assert errors(page) == {"email"}
    assert script not in page.content.decode()
    client.post(join_url(), join_data(client, **{**EMPLOYER, **answers}))
    shown = client.get(confirm_url(Application.objects.get())).content.decode()
    assert script not in shown
    assert script not in Mail.objects.get().html


@pytest.mark.parametrize("name", ["Åsa 🦉 Öberg", "D'Arcy O’Neill-Åberg", "李小龍", "X"])
def test_names_are_what_people_are_called(client, name: str) -> None:
    client.post(join_url(), join_data(client, name=name))
    assert Application.objects.get().name == name


# --- The link in the mail -----------------------------------------------------------------------


def test_opening_the_link_confirms_nothing(client) -> None:
    """Mail scanners open every link."""
    application = make.application()
    page = client.get(confirm_url(application))
    assert application.name in page.content.decode()
    assert User.objects.count() == Membership.objects.count() == 0


def test_a_new_person_is_logged_in_and_offered_a_way_back(client) -> None:
    answer = client.post(confirm_url(make.application()))
    assert answer.url == reverse("members:welcome")
    page = client.get(answer.url)
    assert page.context["user"] == User.objects.get()
    assert reverse("account_set_password") in page.content.decode()
    assert reverse("mfa_add_webauthn") in page.content.decode()


def test_the_new_persons_log_in_is_seen_and_can_be_ended(client) -> None:
    client.post(join_url(), join_data(client))
    client.post(confirm_url(Application.objects.get()))
    [session] = client.get(reverse("usersessions_list")).context["sessions"]
    assert session.session_key == client.session.session_key


def test_the_new_person_may_set_up_a_second_step_at_once(client) -> None:
    client.post(join_url(), join_data(client))
    client.post(confirm_url(Application.objects.get()))
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_the_new_person_may_choose_a_password_at_once(client) -> None:
    client.post(confirm_url(make.application()))
    answer = client.get(reverse("account_set_password"))
    assert answer.status_code == 200


def test_a_known_person_is_not_logged_in_by_the_link(client) -> None:
    person = make.person(email="asa@example.org")
    answer = client.post(confirm_url(make.application(email=person.email)))
    assert answer.url == reverse("members:confirmed")
    page = client.get(answer.url)
    assert page.context["user"].is_anonymous
    assert reverse("account_login") in page.content.decode()
    assert person.memberships.count() == 1


def test_the_link_works_once(client) -> None:
    url = confirm_url(make.application())
    client.post(url)
    client.logout()
    for answer in (client.post(url), client.get(url)):
        assert answer.url == reverse("members:confirmed")
    assert client.get(reverse("members:confirmed")).context["user"].is_anonymous
    assert Membership.objects.count() == 1


def test_nobody_who_is_logged_in_becomes_somebody_else(client) -> None:
    other = make.person()
    client.force_login(other)
    answer = client.post(confirm_url(make.application()))
    assert answer.url == reverse("members:confirmed")
    assert client.get(answer.url).context["user"] == other


def test_a_member_who_confirms_once_more_is_told(client) -> None:
    member = make.membership(starts_on=timezone.localdate()).user
    page = client.post(confirm_url(make.application(email=member.email)))
    assert page.status_code == 409
    assert Membership.objects.count() == 1


def test_a_link_is_good_for_seven_days(client, time_machine) -> None:
    start = timezone.now()
    url = confirm_url(make.application())
    time_machine.move_to(start + timedelta(days=7, seconds=-5))
    assert client.get(url).status_code == 200
    time_machine.move_to(start + timedelta(days=7, seconds=5))
    assert client.get(url).status_code == 410
    assert client.post(url).status_code == 410
    assert Membership.objects.count() == 0


def test_a_made_up_link_is_not_found(client) -> None:
    application = make.application()
    for token in ("x", f"{application.public_id}:1abc:xyz", str(application.public_id)):
        assert client.get(reverse("members:confirm", args=[token])).status_code == 404


def test_a_link_for_something_else_does_not_confirm(client) -> None:
    application = make.application()
    token = signing.TimestampSigner(salt=links.CARD.salt).sign(str(application.public_id))
    assert client.post(reverse("members:confirm", args=[token])).status_code == 404


def test_a_student_is_told_to_wait(client) -> None:
    answer = client.post(confirm_url(make.application(code="student")))
    page = client.get(answer.url)
    assert (page.context["in_review"], page.context["standing"].is_member) == (True, False)


# --- People we know -----------------------------------------------------------------------------


def test_whoever_is_logged_in_needs_no_mail(client) -> None:
    person = make.person(email="asa@example.org", phone="08-123 456 78")
    client.force_login(person)
    page = client.get(join_url())
    assert (typed(page, "email"), typed(page, "phone")) == (person.email, person.phone)
    answer = client.post(join_url(), join_data(client))
    assert answer.url == reverse("members:welcome")
    assert person.memberships.count() == 1
    assert not Mail.objects.filter(key__endswith="received").exists()


def test_for_another_address_they_confirm_by_mail_like_everybody(client) -> None:
    client.force_login(make.person())
    answer = client.post(join_url(), join_data(client, email="annan@example.org"))
    assert answer.url == reverse("members:join-sent")
    assert Membership.objects.count() == 0


def test_a_members_choice_says_that_they_are_one(client) -> None:
    member = make.membership(starts_on=timezone.localdate()).user
    client.force_login(member)
    assert client.get(reverse("members:join")).context["standing"].is_member


def test_a_students_notice_leads_to_a_form_filled_in(client) -> None:
    year = make.student_year()
    make.in_review(
        year.user, state="approved", decided_at=timezone.now(), mecenat_number="99887766"
    )
    token = signing.TimestampSigner(salt=links.APPLY_AGAIN.salt).sign(str(year.user.public_id))
    page = client.get(reverse("members:apply-again", args=[token]))
    assert typed(page, "email") == year.user.email
    assert (typed(page, "school"), typed(page, "mecenat_number")) == (
        "Umeå universitet",
        "99887766",
    )
    assert page.context["form"].helper.form_action == join_url("student")


def test_coming_back_takes_one_press(client) -> None:
    person = make.membership(starts_on=timezone.localdate() - timedelta(800)).user
    token = signing.TimestampSigner(salt=links.COME_BACK.salt).sign(str(person.public_id))
    url = reverse("members:come-back", args=[token])
    assert person.email in client.get(url).content.decode()
    assert person.memberships.count() == 1
    client.post(url)
    assert person.memberships.count() == 2
    assert client.post(url).status_code == 200
    assert person.memberships.count() == 2
    assert client.get(url).context["user"].is_anonymous


@pytest.mark.parametrize("name", ["Vinn http://evil.example/x", "www.evil.se", "Anna evil.com"])
def test_a_name_carries_no_web_address(name: str) -> None:
    with pytest.raises(ValidationError):
        a_name(name)


@pytest.mark.parametrize("name", ["Anna Åström", "J.R. Svensson", "St.Johan Ek", "O'Neil-Öberg"])
def test_names_with_dots_are_names(name: str) -> None:
    a_name(name)


# --- What the owner of the address sees ---------------------------------------------------------


def test_everything_that_was_written_is_shown_before_it_is_confirmed(client) -> None:
    """An invoice address, a reference or a tick may be a stranger's."""
    text = make.consent_text()
    written = {
        **EMPLOYER,
        "invoice_email": "frammande@example.com",
        "reference": "Ref 9",
        "order_number": "PO 7",
        "cost_centre": "KS 5",
        "peppol_id": "0007:8029999995",
        "title": "Jurist",
        f"consent_{text.pk}": "on",
    }
    client.post(join_url(), join_data(client, **written))
    page = client.get(confirm_url(Application.objects.get()))
    shown = page.content.decode()
    told = {*written.values(), text.body} - {"employer", "on", "90321"}
    assert {words for words in told if words not in shown} == set()


@pytest.mark.parametrize(("answer", "given"), [({}, 1), ({"without-consents": "yes"}, 0)])
def test_a_tick_counts_when_the_owner_says_so(client, answer, given: int) -> None:
    data = join_data(client, **{f"consent_{make.consent_text().pk}": "on"})
    client.post(join_url(), data)
    client.post(confirm_url(Application.objects.get()), answer)
    assert (Membership.objects.count(), Consent.objects.count()) == (1, given)


# --- Who is known -------------------------------------------------------------------------------


def test_whoever_comes_back_need_not_write_the_payer_again(client) -> None:
    person = make.person()
    make.employer(person)
    client.force_login(person)
    page = client.get(join_url())
    assert {name: typed(page, name) for name in ("payer", "organisation_number", "street")} == {
        "payer": "employer",
        "organisation_number": "8029999995",
        "street": "Storgatan 1",
    }


def test_the_application_of_somebody_erased_is_not_filled_in(client) -> None:
    person = make.person(erased_at=timezone.now())
    assert client.get(links.APPLY_AGAIN.url(person.public_id)).status_code == 404


@pytest.mark.parametrize("page", ["start", "choice", "form"])
def test_a_kind_whose_fee_is_not_decided_is_not_offered(client, page: str) -> None:
    new = MembershipKind.objects.create(code="new", name_sv="Ny", product=make.kind().product)
    new.fees.create(amount=10, valid_from=timezone.localdate() + timedelta(1))
    addresses = {"start": "/", "choice": reverse("members:join"), "form": join_url("new")}
    offered = client.get(addresses[page]).context["offers"]
    assert [offer.kind.code for offer in offered] == ["ordinary", "student"]
