"""A small association with a row of most kinds, and one person of each role."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.utils import timezone

from billing.models import InterestRate, Invoice, Payment, Reminder, StripeEvent
from billing.operations import export_sie
from events import operations
from events.models import Booking, CalendarFeed, Event, Message
from members import roles
from members.models import Application, User
from news.models import Article, Page, Subscriber, Topic
from privacy.models import Erasure, Incident, Request, RetentionRun
from privacy.operations import make_copy
from tests.factories import billing, events, mail, members, news

CANARY = "Kanariefågel"

VISITOR, MEMBER, OTHER, LAPSED, SUPERUSER = "visitor", "member", "other", "lapsed", "superuser"
STAFF = {
    "secretary": roles.MEMBERSHIP_SECRETARY,
    "treasurer": roles.TREASURER,
    "manager": roles.EVENT_MANAGER,
    "editor": roles.EDITOR,
    "officer": roles.PRIVACY_OFFICER,
}
ROLES = (VISITOR, MEMBER, OTHER, LAPSED, *STAFF, SUPERUSER)


@dataclass
class Association:
    member: User
    people: dict[str, User]
    event: Event
    booking: Booking
    held: Booking
    attended: Booking
    message: Message
    feed: CalendarFeed
    invoice: Invoice
    payment: Payment
    reminder: Reminder
    article: Article
    topic: Topic
    application: Application
    page: Page
    subscriber: Subscriber
    erasure: Erasure
    copy_token: str

    def client(self, role: str, **options: Any) -> Client:
        client = Client(raise_request_exception=True, **options)
        if role != VISITOR:
            client.force_login(self.people[role])
        return client

    def row(self, app_label: str, model: str) -> Any:
        """Some row of the kind; whose does not matter to staff."""
        found = apps.get_model(app_label, model)._base_manager.order_by("pk").first()
        assert found is not None, f"the association has no {model}"
        return found

    def content_type_of(self, row: Any) -> int:
        return ContentType.objects.get_for_model(row).pk


def build() -> Association:
    now, today = timezone.now(), timezone.localdate()
    published = {"published_at": now - timedelta(days=40)}
    member = members.membership(
        members.person(name=CANARY, email="kanarie@example.org", phone="+46700000001"),
        starts_on=today - timedelta(days=30),
    ).user
    event = events.event(starts_at=now + timedelta(days=30), **published)
    mine = {"user": member, "booked_by": member, "name": CANARY, "email": member.email}
    booking = events.confirmed(event, **mine)
    held = events.hold(
        events.conference(starts_at=now + timedelta(days=60), **published), now=now, by=member
    )
    past = events.event(starts_at=now - timedelta(days=9), education_hours=2, **published)
    attended = events.attended(past, **mine)
    operations.note_attendance(event=past, by=members.staff(roles.EVENT_MANAGER), now=now)
    message = Message.objects.create(
        event=event,
        receivers="coming",
        subject_sv="Ny sal",
        subject_en="New room",
        body_sv="Sal 2",
        body_en="Room 2",
    )
    invoice = billing.issue_invoice(
        buyer=member, today=today, customer=billing.customer(name=CANARY)
    )
    payment = billing.pay(billing.issue_invoice(buyer=member, today=today), paid_on=today)
    members.employer(member)
    members.consent(member)
    billing.bank_transaction()
    StripeEvent.objects.create(event_id="evt_1", type="charge.refunded", payload={})
    mail.create_mail(person=member)
    topic = news.create_topic()
    article = news.create_article(topics=[topic], published_at=now - timedelta(days=1))
    write_for_staff(member)
    return Association(
        member=member,
        people=people(member),
        event=event,
        booking=booking,
        held=held,
        attended=attended,
        message=message,
        feed=CalendarFeed.objects.create(user=member),
        invoice=Invoice.objects.get(pk=invoice.pk),
        payment=payment,
        reminder=reminder(now),
        article=article,
        topic=topic,
        application=members.in_review(),
        page=news.create_page(),
        subscriber=news.create_subscriber(confirmed_at=None),
        erasure=Erasure.objects.create(who="x", at=now),
        copy_token=make_copy(by=None, now=now, person=member)[1],
    )


def write_for_staff(member: User) -> None:
    """Rows that only the office shows."""
    now, today = timezone.now(), timezone.localdate()
    news.create_newsletter()
    InterestRate.objects.create(valid_from=today, percent=2)
    export_sie(since=today.replace(month=1, day=1), until=today)
    Incident.objects.create(
        title="A lost telephone",
        kind="confidentiality",
        discovered_at=now,
        began_at=now,
        happened="It lay in a train.",
    )
    Request.objects.create(person=member, kind="access", received_at=now, due_on=today)
    RetentionRun.objects.create(night=today, rule="mail.Mail", stopped=True, ran_at=now)


def reminder(now: datetime) -> Reminder:
    """Of the first invoice, which is the one that the office's pages are opened for."""
    first = Invoice.objects.earliest("pk")
    return Reminder.objects.create(invoice=first, level=7, sent_at=now, balance=first.total)


def people(member: User) -> dict[str, User]:
    today = timezone.localdate()
    left = {"starts_on": today - timedelta(days=800)}
    return {
        MEMBER: member,
        OTHER: members.membership(starts_on=today - timedelta(days=10)).user,
        LAPSED: members.membership(**left).user,
        **{name: in_two_steps(members.staff(role)) for name, role in STAFF.items()},
        SUPERUSER: in_two_steps(members.person(is_staff=True, is_superuser=True)),
    }


def in_two_steps(user: User) -> User:
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    return user
