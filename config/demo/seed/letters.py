"""The mails of the last weeks, by the real templates, as they would lie in the queue: sent."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import F

import billing.emails
import events.emails
import events.jobs
import members.emails
from billing.models import Invoice, Payment, Reminder
from config.demo.seed.clock import Clock
from events.models import Booking
from mail.models import Mail
from members.models import Application, Membership, RenewalTerms
from members.periods import DAY

# Texts of mails are forgotten after a month; two weeks are enough to look at.
KEPT = timedelta(days=14)
State = Application.State
Written = tuple[Mail, datetime]


class Letters:
    def __init__(self, clock: Clock) -> None:
        self.clock, self.since = clock, clock.at(clock.today, 0) - KEPT

    def write(self) -> None:
        """Also what the operations have just queued is sent, and what the night would write."""
        events.jobs.look_at_prices_again(self.clock.now)
        events.jobs.ask_who_still_comes(self.clock.now)
        queued = [(mail, self.clock.now) for mail in Mail.objects.filter(state=Mail.State.QUEUED)]
        written = dict([*self._all(), *queued])
        for mail, at in written.items():
            mail.created_at = at
        Mail.objects.bulk_update(written, ["created_at"])
        Mail.objects.update(
            state=Mail.State.SENT,
            attempts=1,
            not_before=F("created_at"),
            sent_at=F("created_at"),
        )
        _one_refused_and_one_dropped()

    def _all(self) -> Iterator[Written]:
        yield from self._of_applications()
        yield from self._of_memberships()
        yield from self._of_students()
        yield from self._of_invoices()
        yield from self._of_bookings()

    # --- Members ----------------------------------------------------------------------------------

    def _of_applications(self) -> Iterator[Written]:
        rows = Application.objects.select_related("kind", "user").filter(created_at__gte=self.since)
        for row in rows.order_by("pk"):
            yield members.emails.application_received(row, None), row.created_at
            if row.kind.needs_review and row.confirmed_at:
                yield members.emails.application_in_review(row), row.confirmed_at
            if row.asked_at:
                yield members.emails.application_question(row), row.asked_at
        decided = Application.objects.select_related("kind", "user").filter(
            state=State.REJECTED, decided_at__gte=self.since
        )
        for row in decided.order_by("pk"):
            yield members.emails.application_rejected(row), row.decided_at or self.clock.now

    def _of_memberships(self) -> Iterator[Written]:
        rows = Membership.objects.select_related("user", "kind", "invoice").order_by("pk")
        for row in rows.filter(created_at__gte=self.since, is_carried_over=True):
            yield members.emails.invitation(row.user, until=row.ends_on), row.created_at
        for row in rows.filter(created_at__gte=self.since, is_carried_over=False):
            if row.starts_on > self.clock.today and not row.kind.is_for_students:
                yield members.emails.renewal(row), row.created_at
            else:
                yield members.emails.welcome(row, because_of="joined"), row.created_at
        for row in rows.filter(ended_why=Membership.Ended.UNPAID, ended_on__gte=self.since - DAY):
            if row.ended_on:
                yield members.emails.ended_unpaid(row), self.clock.night(row.ended_on + DAY)

    def _of_students(self) -> Iterator[Written]:
        """Every notice that is due has been sent: the night must find nothing."""
        terms, today = RenewalTerms.objects.get(), self.clock.today
        rows = Membership.objects.ending_by_itself(today, within=terms.first_notice_before)
        for row in rows.select_related("user", "kind", "invoice").order_by("pk"):
            for step in terms.notices_before:
                day = row.ends_on - timedelta(days=step)
                if day <= today:
                    notice = members.emails.student_notice(row, step=step)
                    yield notice, self.clock.night(day)

    # --- Invoices ---------------------------------------------------------------------------------

    def _of_invoices(self) -> Iterator[Written]:
        invoices = Invoice.objects.select_related("buyer", "credits")
        for invoice in invoices.filter(created_at__gte=self.since).order_by("pk"):
            yield billing.emails.send_document(invoice), invoice.created_at
        payments = Payment.objects.select_related("invoice__buyer").filter(
            registered_at__gte=self.since, amount__gt=0
        )
        settled = set(Invoice.objects.settled().values_list("pk", flat=True))
        for payment in payments.exclude(method=Payment.Method.WRITE_OFF).order_by("pk"):
            if payment.invoice_id in settled:
                yield billing.emails.send_receipt(payment), payment.registered_at
        reminders = Reminder.objects.select_related("invoice__buyer").order_by("pk")
        for reminder in reminders.filter(sent_at__gte=self.since):
            yield billing.emails.send_reminder(reminder), reminder.sent_at

    # --- Events -----------------------------------------------------------------------------------

    def _of_bookings(self) -> Iterator[Written]:
        rows = Booking.objects.select_related("event", "user", "invoice_line").order_by("pk")
        for booking in rows.filter(confirmed_at__gte=self.since):
            yield events.emails.confirmed(booking), booking.confirmed_at or self.clock.now
        for booking in rows.filter(cancelled_at__gte=self.since):
            is_credited = booking.invoice_line is not None
            write = (
                events.emails.called_off if booking.event.cancelled_at else events.emails.cancelled
            )
            yield write(booking, is_credited=is_credited), booking.cancelled_at or self.clock.now


def _one_refused_and_one_dropped() -> None:
    """What else can become of a mail."""
    mails = Mail.objects.order_by("-created_at")
    Mail.objects.filter(pk=mails.filter(key__startswith="booking-confirmed:")[0].pk).update(
        state=Mail.State.FAILED,
        sent_at=None,
        problem="SMTPRecipientsRefused: 550 5.1.1 No such mailbox",
    )
    Mail.objects.filter(pk=mails.filter(key__startswith="reminder:")[0].pk).update(
        state=Mail.State.DROPPED, sent_at=None, attempts=0
    )
