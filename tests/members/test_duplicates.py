"""The same person twice: found, and made one with nothing lost."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse
from django.utils import timezone, translation

from billing.models import Invoice
from events.models import Booking
from mail.models import Mail
from members import duplicates, merging, operations, roles
from members.models import BillingDetails, DistinctPeople, User
from privacy.models import AccessLog
from tests.factories import events as make_events
from tests.factories import members as make

pytestmark = pytest.mark.django_db


def merge(kept: User, gone: User, *, by: User | None = None) -> User:
    return operations.merge_people(kept=kept, gone=gone, reason="ringde", by=by or make.staff())


def found() -> list[tuple[str, ...]]:
    return [(pair.one.email, pair.other.email) for pair in duplicates.pairs()]


# --- Finding ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"phone": "070-123 45 67"}, {"phone": "+46 70 123 45 67"}),
        ({"employer": "Ek AB"}, {"employer": "ek ab"}),
        ({"email": "anna.ek@gmail.com"}, {"email": "annaek@gmail.com", "name": "A Ek"}),
        ({"email": "annaek@gmail.com"}, {"email": "annaek+fd@gmail.com", "name": "A Ek"}),
        ({"email": "annaek@gmail.com"}, {"email": "annaek@gmial.com", "name": "A Ek"}),
        ({"email": "annaek@ek.example"}, {"email": "annaek@annan.example", "name": "Ek Anna"}),
    ],
)
def test_people_who_seem_to_be_one_are_found(one, other) -> None:
    first = make.person(**{"name": "Anna Ek", **one})
    second = make.person(**{"name": "anna  ek", **other})
    assert found() == [(first.email, second.email)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {}),
        ({"phone": "1234"}, {"phone": "1234"}),
        ({"email": "info@ek.example"}, {"email": "info@ekk.example", "name": "Bo Ek"}),
        ({"email": "annaek@gmail.com"}, {"email": "annaek@annan.example", "name": "Åsa Ek"}),
        ({"phone": "070-123 45 67"}, {"phone": "070-123 45 67", "name": "Bo Ek"}),
    ],
)
def test_people_who_share_little_are_left_alone(one, other) -> None:
    make.person(**{"name": "Anna Ek", **one})
    make.person(**{"name": "Anna Ek", **other})
    assert found() == []


def test_two_people_are_not_shown_again() -> None:
    one, other = (make.person(phone="070-123 45 67") for _ in range(2))
    operations.say_distinct(one=other, other=one, by=make.staff())
    operations.say_distinct(one=one, other=other, by=make.staff())
    assert found() == []
    assert DistinctPeople.objects.count() == 1


def test_finding_costs_the_same_for_many(django_assert_num_queries) -> None:
    for _ in range(5):
        make.person(phone="070-123 45 67")
    with django_assert_num_queries(3):
        assert len(duplicates.pairs()) == 10
    with django_assert_num_queries(2):
        assert duplicates.count() == 10


def test_who_sees_how_many_there_are_has_looked_at_nobody(client) -> None:
    for _ in range(2):
        make.person(phone="070-123 45 67")
    client.force_login(make.staff())
    page = client.get(reverse("admin:index"))
    assert [task.count for task in page.context["today"] if "duplicates" in task.url] == [1]
    assert AccessLog.objects.count() == 0
    client.get(reverse("admin:members_user_duplicates"))
    assert AccessLog.objects.count() == 2


# --- Merging ------------------------------------------------------------------------------------


def test_nothing_is_lost() -> None:
    kept, gone = make.person(email="kvar@example.org"), make.person(phone="070-1", title="DSO")
    old = make.membership(gone, starts_on=date(2024, 3, 2))
    new = make.membership(kept, starts_on=date(2026, 3, 2))
    make.employer(gone)
    make.consent(gone)
    rejected = make.application(email=gone.email, user=gone, **_rejected())
    booking = make_events.confirmed(make_events.event(), user=gone)
    mail = Mail.objects.filter(person=gone).first()
    AccessLog.objects.create(
        actor=None, person=gone, role="x", purpose="x", view="x", at=timezone.now()
    )
    merge(kept, gone)
    kept.refresh_from_db()
    assert (kept.phone, kept.title, kept.email) == ("070-1", "DSO", "kvar@example.org")
    assert list(kept.memberships.order_by("starts_on")) == [old, new]
    assert set(kept.invoices.all()) == {old.invoice, new.invoice}
    assert kept.billing_details.name == "Kanslibyrån i Umeå AB"
    assert kept.consents.count() == 1
    assert kept.applications.get() == rejected
    assert Booking.objects.get(pk=booking.pk).user == kept
    assert mail is None or Mail.objects.get(pk=mail.pk).person == kept
    assert AccessLog.objects.get().person == kept
    assert not User.objects.filter(pk=gone.pk).exists()


def _rejected() -> dict[str, object]:
    now = timezone.now()
    return {"state": "rejected", "confirmed_at": now, "decided_at": now}


def test_no_table_keeps_a_row_of_the_account_that_went() -> None:
    """Also those that other rooms will add."""
    kept, gone = make.person(), make.person()
    make.membership(gone)
    make.employer(gone)
    make_events.confirmed(make_events.event(), user=gone)
    merge(kept, gone)
    left = [
        pointer
        for pointer in merging.pointers()
        if pointer.model._base_manager.filter(**{f"{pointer.field}_id": gone.pk}).exists()
    ]
    assert left == []
    assert not User.history.filter(id=gone.pk).exists()


def test_the_history_says_who_and_why() -> None:
    by, kept, gone = make.staff(), make.person(), make.person(name="Anna E", email="g@example.org")
    with translation.override("en"):
        merge(kept, gone, by=by)
    told = kept.history.filter(history_user=by).values_list("history_change_reason", flat=True)
    assert set(told) == {
        "Merged with Anna E, g@example.org: ringde",
        f"Merged into {kept.email}",
    }
    assert "g@example.org" in kept.history.values_list("email", flat=True)


def test_the_invoice_itself_says_the_same() -> None:
    kept, gone = make.person(), make.person()
    invoice = make.membership(gone).invoice
    before = Invoice.objects.filter(pk=invoice.pk).values().get()
    merge(kept, gone)
    after = Invoice.objects.filter(pk=invoice.pk).values().get()
    assert after == {**before, "buyer_id": kept.pk}
    with pytest.raises(Exception, match="issued"):
        _raw_change(invoice)


def _raw_change(invoice: Invoice) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE billing_invoice SET total = 1 WHERE id = %s", [invoice.pk])


def test_a_payer_of_ones_own_stays() -> None:
    kept, gone = make.person(), make.person()
    make.employer(kept, name="Kvar AB")
    make.employer(gone, name="Borta AB")
    merge(kept, gone)
    assert BillingDetails.objects.get().name == "Kvar AB"
    assert "Borta AB" in BillingDetails.history.values_list("name", flat=True)


def test_the_last_word_about_news_counts() -> None:
    kept, gone = make.person(), make.person()
    make.consent(gone, at=make.noon(date(2026, 1, 1)))
    make.consent(kept, at=make.noon(date(2026, 2, 1)), action="withdrawn")
    merge(kept, gone)
    assert not kept.consents.live().exists()


def refused(kept: User, gone: User, *, by: User | None = None) -> str:
    before = User.objects.count(), User.history.count()
    by = by or make.staff()
    with pytest.raises(operations.CannotMerge) as refusal:
        merge(kept, gone, by=by)
    assert User.objects.count() - before[0] <= 1
    return str(refusal.value)


def test_overlapping_years_are_put_right_first() -> None:
    kept, gone = make.person(), make.person()
    make.membership(kept, starts_on=date(2026, 3, 2))
    make.membership(gone, starts_on=date(2025, 9, 1))
    told = refused(kept, gone)
    assert "2026-03-02" in told
    assert "2026-08-31" in told
    assert gone.memberships.count() == 1


def test_a_period_that_never_began_is_in_nobodys_way() -> None:
    kept, gone = make.person(), make.person()
    make.membership(kept, starts_on=date(2026, 3, 2))
    make.membership(
        gone, starts_on=date(2026, 3, 2), ended_on=date(2026, 3, 1), ended_why="left", fee=None
    )
    merge(kept, gone)
    assert kept.memberships.count() == 2


def test_two_seats_at_one_event_are_put_right_first() -> None:
    kept, gone = make.person(), make.person()
    booking = make_events.confirmed(make_events.event(), user=kept)
    make_events.confirmed(booking.event, user=gone)
    assert str(booking.event.title_sv) in refused(kept, gone)


def test_two_applications_in_review_are_decided_first() -> None:
    kept, gone = make.person(), make.person()
    make.in_review(kept)
    make.in_review(gone)
    assert refused(kept, gone)


def test_accounts_of_staff_and_oneself_and_the_erased_are_refused() -> None:
    person = make.person()
    assert refused(person, person)
    assert refused(person, make.staff())
    assert refused(make.staff(), person)
    assert refused(person, make.person(erased_at=timezone.now()))


@pytest.mark.parametrize("role", [roles.TREASURER, roles.EDITOR, roles.EVENT_MANAGER])
def test_only_the_secretary_merges(role: str) -> None:
    with pytest.raises(PermissionDenied):
        merge(make.person(), make.person(), by=make.staff(role))


def test_an_open_invoice_comes_along_to_my_pages(client) -> None:
    kept, gone = make.person(), make.person()
    invoice = make.membership(gone, starts_on=timezone.localdate(), paid=False).invoice
    merge(kept, gone)
    client.force_login(kept)
    page = client.get(reverse("my-pages"))
    assert [row.number for row in page.context["invoices"]] == [invoice.number]
    assert invoice.total == Decimal(1645)


# --- The pages ----------------------------------------------------------------------------------


@pytest.fixture
def secretary(client) -> User:
    person = make.staff()
    client.force_login(person)
    return person


def test_the_list_leads_to_the_preview_and_the_merge(client, secretary) -> None:
    kept, gone = (make.person(phone="070-123 45 67") for _ in range(2))
    make.membership(gone)
    url = reverse("admin:members_user_merge", args=[kept.pk, gone.pk])
    assert url in client.get(reverse("admin:members_user_duplicates")).content.decode()
    assert client.get(url).status_code == 200
    assert User.objects.filter(pk=gone.pk).exists()
    client.post(url, {"reason": "samma person"})
    connection.check_constraints()
    assert not User.objects.filter(pk=gone.pk).exists()


def test_what_stands_in_the_way_is_told_and_there_is_no_button(client, secretary) -> None:
    kept, gone = make.person(), make.person()
    for person in (kept, gone):
        make.membership(person)
    url = reverse("admin:members_user_merge", args=[kept.pk, gone.pk])
    page = client.get(url)
    assert page.context["decision"].obstacles
    client.post(url, {"reason": "ändå"})
    assert User.objects.filter(pk=gone.pk).exists()


def test_two_people_are_said_to_be_two(client, secretary) -> None:
    one, other = (make.person(phone="070-123 45 67") for _ in range(2))
    url = reverse("admin:members_user_duplicates")
    client.post(url, {"one": one.pk, "other": other.pk})
    assert client.get(url).context["pairs"] == []
    assert client.post(url, {"one": "x", "other": ""}).status_code == 404


def test_another_account_is_found_by_its_address(client, secretary) -> None:
    kept, gone = make.person(), make.person()
    url = reverse("admin:members_user_merge_with", args=[kept.pk])
    answer = client.post(url, {"email": gone.email.upper()})
    assert answer.url == reverse("admin:members_user_merge", args=[kept.pk, gone.pk])
    assert client.post(url, {"email": "okand@example.org"}).context["form"].errors


def test_the_front_page_counts_them(client, secretary) -> None:
    for _ in range(2):
        make.person(phone="070-123 45 67")
    urls = [task.url for task in client.get(reverse("admin:index")).context["today"]]
    assert reverse("admin:members_user_duplicates") in urls
