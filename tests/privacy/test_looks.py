"""Every page of the staff that shows somebody leaves a row, and that person can read it."""

import datetime as dt
from html import unescape

import pytest
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import translation

from billing.models import BulkAct, InterestRate, SieBatch, StripeEvent
from events.models import Booking, Message
from members.models import FreeYear, User
from privacy.fingerprints import fingerprint
from privacy.models import AccessLog, Erasure, Incident, RetentionRun
from tests.config.test_access import walk
from tests.factories import billing, events, mail, members, news
from tests.factories import privacy as factory
from tests.factories.privacy import NOW
from tests.privacy.people import browser_of, company, look_at

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

CANARY = "Kanariefagel"


def boss() -> User:
    return members.person(name="Ada Admin", is_staff=True, is_superuser=True)


def looked() -> list[tuple[str, str]]:
    return list(AccessLog.objects.order_by("pk").values_list("view", "purpose"))


def everything_of(person: User) -> None:
    """A row in every table that staff can open, with the canary in it where it fits."""
    rows_of_others()
    look_at(person, purpose=CANARY)
    members.employer(person, name=CANARY, reference=CANARY)
    members.in_review(person, name=CANARY)
    members.membership(person)
    members.consent(person)
    event = events.event()
    seat = events.confirmed(event, user=person, name=CANARY, email=person.email)
    seat.certificates.create(code="c", hours=2)
    invoice = billing.issue_invoice(buyer=person, customer=billing.customer(name=CANARY))
    billing.pay(invoice, bank_transaction=billing.bank_transaction(payer_name=CANARY))
    mail.create_mail(key="test:canary", person=person, text=f"Hej {CANARY}")
    browser_of(person, key="a")
    factory.request(person)
    factory.protection(person, reason=CANARY)
    person.fee_exemptions.create(reason=CANARY, starts_on=dt.date(2026, 1, 1))
    LogEntry.objects.create(
        user=person,
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(person.pk),
        object_repr=CANARY,
        action_flag=CHANGE,
    )


def rows_of_others() -> None:
    """Rows that hold nobody, but have pages."""
    event = events.event()
    Message.objects.create(event=event, subject_sv="x", body_sv="x")
    article = news.create_article()
    article.topics.add(news.create_topic())
    news.create_page(code="om")
    news.create_newsletter()
    news.create_subscriber()
    company()
    Erasure.objects.create(who="x", at=NOW)
    RetentionRun.objects.create(
        night=NOW.date(), rule="mail.Mail", found=9, stopped=True, ran_at=NOW
    )
    Incident.objects.create(
        title="x", kind="integrity", discovered_at=NOW, began_at=NOW, happened="x"
    )
    FreeYear.objects.create(fingerprint="x", given_on=NOW.date())
    StripeEvent.objects.create(event_id="evt_1", type="x", payload={}, received_at=NOW)
    billing.payout()
    InterestRate.objects.create(valid_from=NOW.date(), percent=2)
    BulkAct.objects.create(name="remind", reason="x", on=NOW.date(), asked_by=members.staff())
    SieBatch.objects.create(since=NOW.date(), until=NOW.date(), content=b"x", sha256="x")


def staff_pages():
    """Addresses of the staff's pages with a number in them filled in, where there is one."""
    for name, _route, view in walk(get_resolver().url_patterns):
        access = getattr(view, "access", None)
        if name.startswith("admin:") or (access and access.who == "staff"):
            yield name


def address(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        pass
    for arguments in _arguments(name):
        try:
            return reverse(name, args=arguments)
        except NoReverseMatch:
            continue
    return None


def _arguments(name: str):
    """What may stand in the address: the newest row, with a version, language, or other row."""
    for model in admin.site._registry:
        if f"{model._meta.app_label}_{model._meta.model_name}_" in name:
            keys = list(model._base_manager.order_by("-pk").values_list("pk", flat=True)[:2])
            if keys:
                yield from (keys[:1], [keys[0], 1], [keys[0], "sv"], keys)
    if name.startswith("events:"):
        seat = Booking.objects.order_by("-pk").first()
        message = Message.objects.order_by("-pk").first()
        yield from ([seat.event.slug], [seat.event.slug, message.pk])
        yield [seat.event.slug, seat.public_id.hex]
    if name == "admin:app_list":
        yield ["members"]


NOT_PAGES = {"admin:logout", "admin:view_on_site", "admin:jsi18n", "admin:"}


def test_no_page_of_the_staff_shows_somebody_unseen(client: Client):
    person = members.person(name=CANARY, email="kanarie@example.org")
    everything_of(person)
    client.force_login(boss())
    names = [name for name in dict.fromkeys(staff_pages()) if name not in NOT_PAGES]
    urls = {name: address(name) for name in names}
    assert {name for name, url in urls.items() if url is None} == set()
    opened, shown, unseen = set(), set(), set()

    for name, url in urls.items():
        before = AccessLog.objects.latest("pk").pk
        answer = client.get(url)
        if answer.status_code == 200:
            opened.add(name)
        if CANARY in b"".join(answer).decode("utf-8", "replace"):
            shown.add(name)
            if not AccessLog.objects.filter(person=person, pk__gt=before).exists():
                unseen.add(name)

    assert unseen == set()
    assert (len(opened) > 150, len(shown) > 40) == (True, True), (len(opened), len(shown))


@pytest.mark.parametrize(
    ("url", "query"),
    [
        ("admin:members_user_changelist", {"q": CANARY}),
        ("admin:billing_invoice_changelist", {"q": CANARY}),
        ("admin:events_booking_changelist", {"q": CANARY}),
        (
            "admin:autocomplete",
            {
                "term": CANARY,
                "app_label": "members",
                "model_name": "feeexemption",
                "field_name": "user",
            },
        ),
    ],
)
def test_a_search_hit_is_a_look(client: Client, url, query):
    person = members.person(name=CANARY, email="kanarie@example.org")
    everything_of(person)
    client.force_login(boss())

    assert CANARY in client.get(reverse(url), query).text

    assert AccessLog.objects.filter(person=person).exists()


def test_an_export_is_a_look(client: Client):
    invoice = members.membership().invoice
    client.force_login(boss())

    client.get(reverse("admin:billing_invoice_pdf", args=[invoice.pk]))

    assert [look.person for look in AccessLog.objects.all()] == [invoice.buyer]


def test_a_look_says_who_in_which_role_what_for_and_when(client: Client):
    person, treasurer = members.person(), members.staff(members.roles.TREASURER)
    client.force_login(treasurer)

    client.get(reverse("admin:members_user_change", args=[person.pk]))

    [look] = AccessLog.objects.all()
    assert (look.actor, look.role, look.person) == (treasurer, "Kassör", person)
    assert (look.purpose, look.what) == ("membership", f"members.User {person.pk}")
    assert look.view == "admin:members_user_change"


def test_a_list_leaves_one_row_for_each_person(client: Client):
    people = [members.person() for _number in range(3)]
    client.force_login(boss())

    client.get(reverse("admin:members_user_changelist"))

    seen = AccessLog.objects.values_list("person", flat=True)
    assert sorted(seen) == [person.pk for person in people]


def test_guests_are_noted_by_the_fingerprint_of_the_address(client: Client):
    events.confirmed(events.event(), name="Gäst", email="Gast@example.org")
    client.force_login(boss())

    client.get(reverse("admin:events_booking_changelist"))

    [look] = AccessLog.objects.all()
    assert (look.person, look.guest) == (None, fingerprint("gast@example.org"))
    assert Booking.objects.filter(email="Gast@example.org").exists()


def test_whoever_reads_their_own_pages_is_not_watched(client: Client):
    person = members.membership().user
    client.force_login(person)
    client.get(reverse("privacy:my-data"))
    client.get(reverse("my-pages"))

    assert looked() == []


def test_the_number_of_queries_does_not_grow_with_the_list(
    client: Client, django_assert_num_queries
):
    client.force_login(boss())
    url = reverse("admin:members_user_changelist")
    members.person()
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for _number in range(8):
        members.person()
    with CaptureQueriesContext(connection) as many:
        client.get(url)

    assert len(many) == len(few)


def test_the_person_reads_date_role_and_purpose_and_no_name(client: Client):
    person = members.person()
    staff = members.staff(members.roles.TREASURER, name="Torsten Kassör")
    client.force_login(staff)
    client.get(reverse("admin:members_user_change", args=[person.pk]))
    client.force_login(person)

    with translation.override("en"):
        page = unescape(client.get(reverse("privacy:my-data")).text)

    assert "Who has looked at your data" in page
    assert "Kassör" in page
    assert "Torsten" not in page
    assert NOW.year <= AccessLog.objects.get().at.year
