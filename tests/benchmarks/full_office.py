"""What an office of so many members has gathered: rows behind every long list of the admin."""

from datetime import timedelta

from django.utils import timezone

from billing.models import BankFile, BankTransaction, StripeEvent
from events.models import Booking, Certificate, Event
from mail.models import Mail
from members.models import (
    Application,
    BillingDetails,
    Consent,
    FeeExemption,
    FreeYear,
    Membership,
    User,
)
from news.models import Subscriber
from privacy.models import AccessLog, Erasure, Protection, Request, RetentionRun
from tests.benchmarks.filling import fill, settle
from tests.benchmarks.many_invoices import fill_with_invoices, run
from tests.factories import events, members

SEATS = 100  # of each event, all taken
PEOPLE = "members_user WHERE starts_with(email, 'member')"
# Each person beside the invoice of the same number.
INVOICED = (
    "members_user AS person JOIN billing_invoice AS invoice "
    "ON invoice.customer_email = person.email AND starts_with(invoice.source, 'copy:')"
)


def full_office(count: int) -> None:
    """So many people, and for each a row of everything that is written of people."""
    numbers = f"generate_series(1, {count}) AS n"
    _people(numbers)
    fill_with_invoices(count)
    _what_they_owe()
    _what_they_asked_for()
    _seats(count // SEATS or 1)
    _bank_rows(count // 100 or 1)
    _stripe_events(numbers)
    _letters()
    _evidence(numbers)
    settle()


def _people(numbers: str) -> None:
    fill(
        User,
        numbers,
        public_id="gen_random_uuid()",
        email="'member' || n || '@example.org'",
        name="'Medlem ' || n",
        phone="'070' || lpad(n::text, 7, '0')",
        employer="'Byrån ' || mod(n, 5000) || ' AB'",
        created_at="now() - n * interval '1 hour'",
    )
    same = ("id", "public_id", "email", "name", "phone", "employer", "created_at")
    fill(
        User.history.model,
        PEOPLE,
        **dict(zip(same, same, strict=True)),
        history_date="now()",
        history_type="'+'",
    )
    fill(
        BillingDetails,
        f"{PEOPLE} AND mod(id, 3) = 0",
        user_id="id",
        payer="'employer'",
        name="'Företaget ' || id || ' AB'",
        organisation_number="'8029999995'",
        email="'ekonomi' || id || '@example.org'",
    )


def _what_they_owe() -> None:
    today = timezone.localdate()
    run("ALTER TABLE billing_invoice DISABLE TRIGGER USER")
    run(
        "UPDATE billing_invoice SET buyer_id = person.id FROM members_user AS person "
        "WHERE person.email = customer_email AND starts_with(source, 'copy:')"
    )
    run("ALTER TABLE billing_invoice ENABLE TRIGGER USER")
    first = f"DATE '{today - timedelta(days=400)}' + mod(person.id, 390)::int"
    fill(
        Membership,
        INVOICED,
        user_id="person.id",
        kind_id=f"CASE mod(person.id, 10) WHEN 0 THEN {members.kind('student').pk} "
        f"ELSE {members.kind('ordinary').pk} END",
        invoice_id="invoice.id",
        starts_on=first,
        ends_on=f"{first} + 364",
    )
    fill(
        FeeExemption,
        PEOPLE,
        user_id="id",
        reason="'Styrelsen, ' || id",
        starts_on=f"DATE '{today}'",
    )
    fill(
        FreeYear,
        PEOPLE,
        fingerprint="md5(id::text)",
        given_on=f"DATE '{today}' - mod(id, 999)::int",
    )


def _what_they_asked_for() -> None:
    state = "CASE mod(id, 3) WHEN 0 THEN 'in_review' WHEN 1 THEN 'approved' ELSE 'rejected' END"
    fill(
        Application,
        PEOPLE,
        public_id="gen_random_uuid()",
        form_token="gen_random_uuid()",
        kind_id=str(members.kind("student").pk),
        user_id="id",
        email="email",
        name="name",
        school="'Högskola ' || mod(id, 50)",
        language="'sv'",
        state=state,
        created_at="created_at",
        confirmed_at="created_at",
        decided_at="CASE mod(id, 3) WHEN 0 THEN NULL ELSE now() END",
    )
    fill(
        Consent,
        PEOPLE,
        user_id="id",
        text_id=str(members.consent_text().pk),
        action="CASE mod(id, 5) WHEN 0 THEN 'withdrawn' ELSE 'given' END",
        at="created_at",
        channel="'my pages'",
    )
    fill(
        Request,
        PEOPLE,
        public_id="gen_random_uuid()",
        kind="'access'",
        state="CASE mod(id, 50) WHEN 0 THEN 'open' ELSE 'granted' END",
        person_id="id",
        name="name",
        email="email",
        identity="'inloggad'",
        received_at="created_at",
        due_on="created_at::date + 30",
        answered_at="CASE mod(id, 50) WHEN 0 THEN NULL ELSE now() END",
    )
    fill(Protection, PEOPLE, person_id="id", kind="'hold'", reason="'Tvist ' || id")


def _seats(count: int) -> None:
    product = events.event().product_id
    fill(
        Event,
        f"generate_series(1, {count}) AS n",
        public_id="gen_random_uuid()",
        slug="'nr-' || n",
        kind="'seminar'",
        title_sv="'Seminarium ' || n",
        title_en="'Seminar ' || n",
        place="'Umeå'",
        starts_at="now() + (n - 100) * interval '1 day'",
        ends_at="now() + (n - 100) * interval '1 day' + interval '2 hours'",
        capacity=str(SEATS),
        product_id=str(product),
        published_at="now() - interval '2 years'",
    )
    fill(
        Booking,
        f"(SELECT *, row_number() OVER (ORDER BY id) AS n FROM {PEOPLE}) AS person "
        f"JOIN events_event AS event ON event.slug = 'nr-' || ((n - 1) / {SEATS} + 1)",
        public_id="gen_random_uuid()",
        event_id="event.id",
        state="CASE WHEN event.ends_at < now() THEN 'attended' ELSE 'confirmed' END",
        seat=f"mod(n - 1, {SEATS}) + 1",
        user_id="person.id",
        booked_by_id="person.id",
        name="person.name",
        email="person.email",
        employer="person.employer",
        created_at="person.created_at",
        attended_at="CASE WHEN event.ends_at < now() THEN event.ends_at END",
    )
    fill(
        Certificate,
        "events_booking WHERE starts_with(email, 'member')",
        code="'INTYG-' || id",
        booking_id="id",
        name="name",
        hours="2",
        issued_at="created_at",
    )


def _bank_rows(files: int) -> None:
    """One for each payment, in so many files; all but each fiftieth are matched."""
    numbers = f"generate_series(1, {files}) AS n"
    fill(BankFile, numbers, sha256="md5(n::text)", name="'fil-' || n", format="'bgmax'")
    fill(
        BankTransaction,
        "billing_payment AS payment JOIN billing_invoice AS invoice ON invoice.id = invoice_id "
        f"JOIN billing_bankfile AS f ON f.sha256 = md5((mod(invoice.id, {files}) + 1)::text)",
        file_id="f.id",
        external_id="'bank:' || payment.id",
        booked_on="paid_on",
        amount="amount",
        payer_name="invoice.customer_name",
        text="'ref ' || invoice.ocr",
    )
    run("ALTER TABLE billing_payment DISABLE TRIGGER USER")
    run(
        "UPDATE billing_payment AS p SET bank_transaction_id = t.id "
        "FROM billing_banktransaction AS t "
        "WHERE t.external_id = 'bank:' || p.id AND mod(p.id, 50) > 0"
    )
    run("ALTER TABLE billing_payment ENABLE TRIGGER USER")


def _stripe_events(numbers: str) -> None:
    fill(
        StripeEvent,
        numbers,
        event_id="'evt_' || n",
        payload="'{}'",
        type="CASE mod(n, 3) WHEN 0 THEN 'charge.refunded' ELSE 'checkout.session.completed' END",
        received_at="now() - n * interval '1 minute'",
        applied_at="now()",
        problem="CASE mod(n, 1000) WHEN 0 THEN 'okänd faktura' ELSE '' END",
    )


def _letters() -> None:
    fill(
        Mail,
        PEOPLE,
        key="'newsletter:1:' || id",
        person_id="id",
        to="email",
        language="'sv'",
        subject="'Till ' || name",
        text="repeat('Hej! ', 200)",
        created_at="created_at",
        not_before="created_at",
        state="CASE mod(id, 50) WHEN 0 THEN 'failed' ELSE 'sent' END",
        sent_at="CASE mod(id, 50) WHEN 0 THEN NULL ELSE created_at END",
    )
    fill(
        Subscriber,
        PEOPLE,
        email="email",
        language="'sv'",
        asked_at="created_at",
        confirmed_at="created_at",
    )


def _evidence(numbers: str) -> None:
    fill(
        AccessLog,
        PEOPLE,
        actor_id=str(members.person(is_staff=True).pk),
        role="'Kansli'",
        person_id="id",
        purpose="'membership'",
        what="'person'",
        view="'admin:members_user_change'",
        at="created_at",
    )
    fill(
        Erasure,
        numbers,
        id="gen_random_uuid()",
        who="md5(n::text)",
        at="now() - n * interval '1 hour'",
    )
    fill(
        RetentionRun,
        numbers,
        night="DATE '2020-01-01' + (n / 40)::int",
        rule="'rule.' || mod(n, 40)",
        ran_at="now()",
    )
