from datetime import timedelta

import pytest
from django.conf import settings
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from members import choices, links
from members.card import initials
from members.models import Consent
from tests.factories import billing
from tests.factories import members as make
from tests.members.pages import EMPLOYER

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

PAGES = ["details", "payer", "consents", "card"]
PAYER = {key.replace("payer_name", "name"): value for key, value in EMPLOYER.items()}


def url(name: str) -> str:
    return reverse(f"members:{name}")


def typed(page, name: str) -> str:
    return page.context["form"][name].value()


@pytest.fixture
def member(client):
    person = make.membership(make.person(name="Åsa Öberg"), starts_on=timezone.localdate()).user
    client.force_login(person)
    return person


@pytest.mark.parametrize("name", [*PAGES, "convert", "leave", "welcome"])
def test_strangers_are_asked_to_log_in(client, name: str) -> None:
    answer = client.get(url(name))
    assert answer.status_code == 302
    assert reverse("account_login") in answer.url


@pytest.mark.parametrize("name", [*PAGES, "leave", "welcome"])
@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_pages_open(client, member, name: str, language: str) -> None:
    with translation.override(language):
        assert client.get(url(name)).status_code == 200


def test_looking_changes_nothing(client, member) -> None:
    for name in [*PAGES, "leave", "convert"]:
        client.get(url(name))
    assert member.memberships.not_ended().count() == 1
    assert client.get(url("stay")).status_code == 405


# --- Details ------------------------------------------------------------------------------------


def test_every_own_detail_can_be_changed(client, member) -> None:
    answers = {
        "name": "Åsa Ny",
        "phone": "+46 70 123 45 67",
        "employer": "Nya jobbet AB",
        "title": "Dataskyddsombud",
        "language": "en",
    }
    client.post(url("details"), answers)
    member.refresh_from_db()
    assert {name: getattr(member, name) for name in answers} == answers
    assert member.details_confirmed_on == timezone.localdate()


@pytest.mark.parametrize(
    ("field", "value"), [("name", ""), ("phone", "ring"), ("language", "de"), ("title", "x" * 999)]
)
def test_bad_details_are_told_and_kept(client, member, field: str, value: str) -> None:
    data = {"name": "Åsa Öberg", "language": "sv", field: value}
    page = client.post(url("details"), data)
    assert set(page.context["form"].errors) == {field}
    assert page.context["form"][field].value() == value
    assert page.context["user"].name == "Åsa Öberg"


# --- The payer ----------------------------------------------------------------------------------


def test_the_employer_is_kept_for_the_next_invoice(client, member) -> None:
    client.post(url("payer"), {**PAYER, "care_of": "Eva", "reference": "Avd 7"})
    details = member.billing_details
    assert (details.payer, details.name, details.reference) == (
        "employer",
        "Kanslibyrån i Umeå AB",
        "Avd 7",
    )
    assert details.address == "c/o Eva\nStorgatan 1\n903 21 Umeå"


def test_paying_oneself_forgets_the_employer(client, member) -> None:
    make.employer(member)
    client.post(url("payer"), {**PAYER, "payer": "private", "name": "Åsa Öberg"})
    member.refresh_from_db()
    details = member.billing_details
    assert (details.payer, details.organisation_number, details.email) == ("private", "", "")


def test_the_employers_name_goes_when_one_pays_oneself(client, member) -> None:
    """Without script the field is there, filled in with the employer."""
    make.employer(member)
    client.post(url("payer"), {**PAYER, "payer": "private"})
    member.billing_details.refresh_from_db()
    assert member.billing_details.name == "Åsa Öberg"


def test_a_new_job_is_said_on_one_page(client, member) -> None:
    page = client.get(url("payer"))
    assert (typed(page, "employer"), typed(page, "name")) == ("", "")
    client.post(url("payer"), {**PAYER, "employer": "Kanslibyrån", "title": "Jurist"})
    member.refresh_from_db()
    assert (member.employer, member.title) == ("Kanslibyrån", "Jurist")
    page = client.get(url("payer"))
    assert (typed(page, "employer"), typed(page, "title")) == ("Kanslibyrån", "Jurist")


@pytest.mark.parametrize("field", ["organisation_number", "street", "postcode", "city", "name"])
def test_an_employer_is_named_in_full(client, member, field: str) -> None:
    page = client.post(url("payer"), {**PAYER, field: ""})
    assert set(page.context["form"].errors) == {field}


def test_an_unpaid_invoice_can_go_along(client) -> None:
    row = make.membership(starts_on=timezone.localdate(), paid=False)
    client.force_login(row.user)
    client.post(url("payer"), {**PAYER, "move": "on"})
    old = row.invoice
    row.refresh_from_db()
    assert row.invoice.customer_name == "Kanslibyrån i Umeå AB"
    assert billing.balance(old) == 0


def test_without_the_tick_the_invoice_stays(client) -> None:
    row = make.membership(starts_on=timezone.localdate(), paid=False)
    client.force_login(row.user)
    client.post(url("payer"), PAYER)
    invoice = row.invoice
    row.refresh_from_db()
    assert row.invoice == invoice


def test_a_paid_invoice_is_not_offered(client, member) -> None:
    assert "move" not in client.get(url("payer")).context["form"].fields


# --- Consents -----------------------------------------------------------------------------------


def test_one_press_gives_and_one_press_takes_back(client, member) -> None:
    client.post(url("consents"), {"purpose": "news", "answer": "yes"})
    assert Consent.objects.live().get().user == member
    client.post(url("consents"), {"purpose": "news", "answer": "no"})
    assert not Consent.objects.live().exists()
    channels = Consent.objects.values_list("channel", flat=True)
    assert list(channels) == ["my pages", "my pages"]


@pytest.mark.parametrize("data", [{}, {"purpose": "nonsense"}, {"purpose": "directory"}])
def test_what_is_not_asked_is_not_given(client, member, data) -> None:
    answer = client.post(url("consents"), {**data, "answer": "yes"})
    assert answer.status_code == 302
    assert Consent.objects.count() == 0


def unsubscribe_url(person, purpose: str = "news") -> str:
    return choices.unsubscribe_url(person, purpose).removeprefix(settings.SITE_URL)


def test_a_link_in_a_mail_ends_the_news_without_a_log_in(client) -> None:
    person = make.person()
    make.consent(person)
    link = unsubscribe_url(person)
    assert client.get(link).status_code == 200
    assert Consent.objects.live().exists()
    client.post(link)
    assert not Consent.objects.live().exists()


def test_a_mail_program_may_press_by_itself() -> None:
    person = make.person()
    make.consent(person)
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(unsubscribe_url(person), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert not Consent.objects.live().exists()


# --- Changing kind and leaving ------------------------------------------------------------------


def test_a_student_changes_to_ordinary(client) -> None:
    year = make.student_year(starts_on=timezone.localdate() - timedelta(9))
    client.force_login(year.user)
    page = client.get(url("convert"))
    assert page.context["fee"] == "1\xa0645\xa0kr"
    client.post(url("convert"))
    assert year.user.memberships.get(ended_on=None).kind.code == "ordinary"
    assert client.post(url("convert")).url == reverse("my-pages")
    assert year.user.memberships.count() == 2


def test_an_ordinary_member_has_nothing_to_change(client, member) -> None:
    assert client.get(url("convert")).url == reverse("my-pages")
    client.post(url("convert"))
    assert member.memberships.count() == 1


def test_leaving_says_the_day_and_can_be_taken_back(client, member) -> None:
    row = member.memberships.get()
    assert client.get(url("leave")).context["plan"].last_day == row.ends_on
    client.post(url("leave"))
    row.refresh_from_db()
    assert (row.ended_on, row.ended_why) == (row.ends_on, "left")
    client.post(url("stay"))
    row.refresh_from_db()
    assert row.ended_on is None


def test_leaving_or_staying_twice_is_no_fault(client, member) -> None:
    for name in ("leave", "leave", "stay", "stay"):
        assert client.post(url(name)).url == reverse("my-pages")


# --- The card -----------------------------------------------------------------------------------


def card_url(person) -> str:
    token = signing.TimestampSigner(salt=links.CARD.salt).sign(str(person.public_id))
    return reverse("members:check-card", args=[token])


def test_a_door_sees_initials_and_yes_or_no(client, member) -> None:
    client.logout()
    page = client.get(card_url(member))
    assert page.context["standing"].in_good_standing
    assert "Å. Ö." in page.content.decode()
    assert "Öberg" not in page.content.decode()
    assert member.email not in page.content.decode()


def test_a_former_members_card_says_no(client) -> None:
    person = make.membership(starts_on=timezone.localdate() - timedelta(800)).user
    assert not client.get(card_url(person)).context["standing"].in_good_standing


def test_the_card_shows_its_code(client, member) -> None:
    page = client.get(url("card"))
    assert page.context["card"].code.startswith("data:image/svg+xml")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Åsa Öberg", "Å. Ö."),
        ("Anna Maria von Ek", "A. E."),
        ("Cher", "C."),
        ("🦉", ""),
        ("(Bo) Ek", "E."),
    ],
)
def test_initials_are_all_a_door_sees(name: str, shown: str) -> None:
    assert initials(name) == shown


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("name", ["Åsa Öberg", "x" * 120, "李小龍 🦉", "<b>Bo</b> #let x = 1"])
def test_the_card_comes_as_pdf(client, name: str, language: str) -> None:
    person = make.membership(make.person(name=name), starts_on=timezone.localdate()).user
    client.force_login(person)
    with translation.override(language):
        answer = client.get(url("card-file"))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


def test_who_has_not_paid_in_time_has_no_card(client) -> None:
    starts_on = timezone.localdate() - timedelta(60)
    client.force_login(make.membership(starts_on=starts_on, paid=False).user)
    assert client.get(url("card-file")).status_code == 404
    assert client.get(url("card")).context["card"] is None
