"""The register that was kept before this site, taken over from a file of mixed quality."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone, translation

from mail.models import Mail
from members import operations, roles
from members.models import BillingDetails, Consent, FreeYear, Membership, User
from members.old_register import cells
from members.old_register.reading import COLUMNS, Unreadable, read
from members.old_register.resource import OldRegister
from members.old_register.rows import NotTakenOver, old_member
from members.periods import Period
from members.standing import FeeState, fee_state
from tests.factories import members as make

TODAY = date(2026, 3, 20)
HEADINGS = "E-post;Namn;Telefon;Medlem från;Medlem till;Medlemstyp"
ANNA = "anna@example.org;Anna Åström;070-123 45 67;2025-04-01;2026-03-31;Ordinarie"


def file_of(*rows: str, headings: str = HEADINGS, encoding: str = "utf-8") -> bytes:
    return "\r\n".join([headings, *rows]).encode(encoding)


def go_through(data: bytes, *, by: User | None = None, dry_run: bool = False, invite: bool = False):
    register = OldRegister(
        by=by or make.staff(), now=make.noon(TODAY), today=TODAY, send_invitations=invite
    )
    result = register.go_through(read(data), dry_run=dry_run)
    assert not result.base_errors
    return register.told


def outcomes(told) -> list[str]:
    return [row.outcome for row in told]


# --- Cells and rows -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-14",
        "20260314",
        "2026/3/14",
        "2026.03.14",
        "260314",
        "26-03-14",
        "14/3 2026",
        "14/3/2026",
        "14.3.2026",
        "14-03-2026",
        "14 mars 2026",
        "den 14 mars 2026",
        "14 Mar. 2026",
        "46095",
        "2026-03-14 00:00:00",
        "2026-03-14T00:00",
    ],
)
def test_dates_are_read_in_every_form(written: str) -> None:
    assert cells.day(written) == date(2026, 3, 14)


@pytest.mark.parametrize("written", ["3/14/2026", "2026-02-30", "igår", "99999999", "1", "31/31"])
def test_what_is_no_date_is_told(written: str) -> None:
    with pytest.raises(ValidationError):
        cells.day(written)


def row(**values: str) -> dict[str, object]:
    empty = dict.fromkeys(COLUMNS, "")
    return {"line": 2, **empty, "email": "anna@example.org", "name": "Anna Åström", **values}


@pytest.mark.parametrize(
    ("first", "last", "period"),
    [
        ("2025-04-01", "2026-03-31", Period(date(2025, 4, 1), date(2026, 3, 31))),
        ("2014-03-02", "2026-12-31", Period(date(2014, 3, 2), date(2026, 12, 31))),
        ("", "2026-12-31", Period(date(2026, 1, 1), date(2026, 12, 31))),
        ("2014-04-01", "", Period(date(2014, 4, 1), date(2026, 3, 31))),
        ("2014-03-01", "", Period(date(2014, 3, 1), date(2027, 2, 28))),
        ("", "", None),
    ],
)
def test_the_period_follows_from_what_stands_there(first, last, period) -> None:
    found = old_member(row(starts_on=first, ends_on=last), today=TODAY)
    assert found.period == period


@pytest.mark.parametrize(
    "values",
    [
        {"email": ""},
        {"email": "anna(at)example.org"},
        {"name": ""},
        {"name": "12345"},
        {"name": "x" * 10_000},
        {"kind": "hedersledamot"},
        {"starts_on": "igår"},
        {"starts_on": "2026-05-01", "ends_on": "2026-04-01"},
        {"starts_on": "1066-10-14"},
        {"ends_on": "2086-01-01"},
        {"organisation_number": "802999-9994", "payer_name": "X AB"},
    ],
)
def test_a_row_that_cannot_be_right_is_refused_in_words(values) -> None:
    with pytest.raises(ValidationError) as refused:
        old_member(row(**values), today=TODAY)
    assert len(refused.value.messages) == 1


def test_every_fault_of_a_row_is_told() -> None:
    with pytest.raises(ValidationError) as refused:
        old_member(row(email="x", name="", kind="?", starts_on="?"), today=TODAY)
    assert len(refused.value.messages) == 4


def test_nobody_is_taken_over_whose_data_we_would_erase() -> None:
    with pytest.raises(NotTakenOver):
        old_member(row(ends_on="2024-12-31"), today=TODAY)


def test_what_matters_less_is_left_out_with_a_note() -> None:
    found = old_member(row(phone="ring Anna", ends_on="2026-12-31"), today=TODAY)
    assert (found.phone, len(found.notes)) == ("", 1)


@pytest.mark.parametrize("written", ["701234567", "070-123 45 67", "+46 70 123 45 67"])
def test_phones_are_kept(written: str) -> None:
    assert cells.phone(written).endswith(written[-2:])


# --- Files --------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_the_letters_survive_every_program(encoding: str, delimiter: str) -> None:
    data = file_of(ANNA).decode().replace(";", delimiter).encode(encoding)
    assert read(data).dict[0]["name"] == "Anna Åström"


def test_letters_that_were_broken_earlier_are_mended() -> None:
    assert read(file_of("a@example.org;Ã…sa Ã–berg")).dict[0]["name"] == "Åsa Öberg"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0\1\2",
        b"PK\x03\x04 a spreadsheet",
        b"Namn;Telefon\r\nAnna;070",
        b"E-post;Mejl;Namn\r\na@example.org;b@example.org;Anna",
        b"x" * 3_000_000,
        b'E-post;Namn\r\n"' + b"x" * 200_000,
    ],
)
def test_what_is_no_register_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        read(data)


# --- Taking over --------------------------------------------------------------------------------

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_a_member_is_taken_over_with_the_period_and_no_invoice() -> None:
    assert outcomes(go_through(file_of(ANNA))) == ["new"]
    membership = Membership.objects.with_fee().get()
    user = membership.user
    assert (user.name, user.phone, user.imported_on) == ("Anna Åström", "070-123 45 67", TODAY)
    assert not user.has_usable_password()
    assert (membership.starts_on, membership.ends_on) == (date(2025, 4, 1), date(2026, 3, 31))
    assert (membership.invoice, fee_state(membership, TODAY)) == (None, FeeState.PAID)
    assert Mail.objects.count() == 0


def test_a_second_time_changes_nothing() -> None:
    staff = make.staff()
    go_through(file_of(ANNA), by=staff, invite=True)
    before = User.history.count(), Membership.history.count(), Mail.objects.count()
    assert outcomes(go_through(file_of(ANNA), by=staff, invite=True)) == ["same"]
    assert (User.history.count(), Membership.history.count(), Mail.objects.count()) == before


def test_looking_leaves_nothing_behind() -> None:
    assert outcomes(go_through(file_of(ANNA), dry_run=True, invite=True)) == ["new"]
    assert (User.objects.filter(is_staff=False).count(), Mail.objects.count()) == (0, 0)


def test_a_bad_row_does_not_stop_the_others() -> None:
    told = go_through(file_of("x;Bo Ek;;;;", ANNA, "c@example.org;;;;;"))
    assert outcomes(told) == ["wrong", "new", "wrong"]
    assert [row.line for row in told] == [2, 3, 4]
    assert Membership.objects.count() == 1


def test_of_one_address_twice_the_longer_row_is_used() -> None:
    longer = ANNA.replace("2026-03-31", "2026-12-31").replace("anna@", "ANNA@")
    assert outcomes(go_through(file_of(ANNA, longer, ANNA))) == ["left_out", "new", "left_out"]
    assert Membership.objects.get().ends_on == date(2026, 12, 31)


def test_what_people_told_us_here_stays() -> None:
    person = make.person(email="anna@example.org", name="Anna Ny", phone="")
    make.membership(person, starts_on=date(2026, 1, 1))
    told = go_through(file_of(ANNA))
    person.refresh_from_db()
    assert (person.name, person.phone, person.imported_on) == ("Anna Ny", "070-123 45 67", None)
    assert person.memberships.count() == 1
    assert outcomes(told) == ["changed"]


def test_an_employer_comes_along() -> None:
    headings = "E-post;Namn;Till;Betalare;Orgnr;Fakturamejl"
    data = file_of(
        "a@example.org;Anna Ek;2026-12-31;Ek AB;8029999995;ek@example.org", headings=headings
    )
    go_through(data)
    details = BillingDetails.objects.get()
    assert (details.payer, details.name, details.organisation_number, details.email) == (
        "employer",
        "Ek AB",
        "8029999995",
        "ek@example.org",
    )


def test_an_old_tick_sends_no_news() -> None:
    data = file_of("a@example.org;Anna Ek;ja", headings="E-post;Namn;Samtycke")
    go_through(data)
    assert Consent.objects.get().action == Consent.Action.IMPORTED
    assert not Consent.objects.live().exists()


def test_a_student_has_had_the_free_year() -> None:
    go_through(file_of(ANNA.replace("Ordinarie", "Studentmedlem")))
    assert Membership.objects.get().kind.code == "student"
    assert FreeYear.objects.count() == 1


def test_a_carried_over_year_is_renewed_like_any_other() -> None:
    go_through(file_of(ANNA))
    renewals = []
    operations.issue_renewals(today=TODAY, told=renewals.extend)
    [renewal] = renewals
    assert renewal.year.period == Period(date(2026, 4, 1), date(2027, 3, 31))
    assert renewal.membership.invoice.total == 1645


def test_only_those_with_the_right_take_over() -> None:
    assert outcomes(go_through(file_of(ANNA), by=make.staff(roles.EDITOR))) == ["wrong"]
    assert Membership.objects.count() == 0


def test_eight_hundred_rows_of_mixed_quality() -> None:
    dates = ["2026-12-31", "31/12 2026", "20261231", "46387", "31 december 2026", "", "snart"]
    rows = [
        f"old{number % 800}@example.org;Åsa Öberg {number};070{number:07};"
        f"2026-01-01;{dates[number % 7]};{['', 'Student', 'Ordinarie'][number % 3]}"
        for number in range(820)
    ]
    told = go_through(file_of(*rows, encoding="cp1252"), dry_run=True)
    found = outcomes(told)
    assert len(found) == 820
    assert {name: found.count(name) for name in set(found)} == {
        "new": 688,
        "wrong": 117,
        "left_out": 15,
    }


# --- The invitation -----------------------------------------------------------------------------


def claim_url(mail: Mail) -> str:
    return next(word for word in mail.text.split() if "inbjudan" in word or "invitation" in word)


def test_the_invited_see_what_we_have_and_say_yes_themselves(client) -> None:
    go_through(file_of(ANNA), invite=True)
    mail = Mail.objects.get()
    link = claim_url(mail)
    page = client.get(link)
    assert "Anna Åström" in page.content.decode()
    assert "checked" not in page.content.decode()
    answer = client.post(link, {"news": "on"})
    assert answer.url == reverse("members:welcome")
    assert client.get(answer.url).context["user"].name == "Anna Åström"
    assert Consent.objects.live().get().channel == Consent.Channel.INVITATION


def test_no_consent_is_needed(client) -> None:
    go_through(file_of(ANNA), invite=True)
    client.post(claim_url(Mail.objects.get()))
    assert not Consent.objects.exists()
    assert client.get(reverse("my-pages")).status_code == 200


def test_the_link_logs_nobody_in_a_second_time(client) -> None:
    go_through(file_of(ANNA), invite=True)
    link = claim_url(Mail.objects.get())
    client.post(link)
    client.logout()
    client.post(link)
    assert client.get(reverse("members:details")).status_code == 302


# --- The page -----------------------------------------------------------------------------------


def upload(client, data: bytes):
    file = SimpleUploadedFile("register.csv", data, content_type="text/csv")
    return client.post(reverse("admin:members_user_import"), {"file": file})


@pytest.fixture
def secretary(client) -> User:
    person = make.staff()
    client.force_login(person)
    return person


def test_the_page_shows_and_then_takes_over(client, secretary) -> None:
    year = timezone.localdate().year
    anna = f"anna@example.org;Anna Åström;;{year}-01-01;{year}-12-31;"
    preview = upload(client, file_of(anna, "x;Bo Ek;;;;"))
    assert [row.outcome for row, _label in preview.context["rows"]] == ["wrong", "new"]
    assert Membership.objects.count() == 0
    connection.check_constraints()  # nor does anything point at whoever was rolled back
    signed = preview.context["form"]["signed"].value()
    answer = client.post(
        reverse("admin:members_user_import"),
        {"import": "1", "signed": signed, "send_invitations": "on"},
        follow=True,
    )
    assert [person.name for person in answer.context["cl"].result_list] == ["Anna Åström"]
    assert Mail.objects.get().to == "anna@example.org"


def test_a_file_that_is_none_is_told(client, secretary) -> None:
    assert upload(client, b"\0").context["form"].errors["file"]
    assert client.post(reverse("admin:members_user_import")).context["form"].errors["file"]


def test_what_was_not_looked_at_is_not_taken_over(client, secretary) -> None:
    url = reverse("admin:members_user_import")
    answer = client.post(url, {"import": "1", "signed": "made up"})
    assert answer.url == url


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_page_opens(client, secretary, language: str) -> None:
    with translation.override(language):
        assert client.get(reverse("admin:members_user_import")).status_code == 200


def test_others_are_kept_out(client) -> None:
    client.force_login(make.staff(roles.EDITOR))
    assert client.get(reverse("admin:members_user_import")).status_code == 403


def test_the_action_invites_those_who_have_not_been_here(client, secretary) -> None:
    go_through(file_of(ANNA), by=secretary)
    chosen = [*User.objects.values_list("pk", flat=True), make.person().pk]
    url = reverse("admin:members_user_changelist")
    client.post(url, {"action": "invite", "_selected_action": chosen})
    assert [mail.to for mail in Mail.objects.all()] == ["anna@example.org"]
