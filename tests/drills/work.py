"""What is being done when the accident happens: a process that does one kind of work to its end.

    python -m tests.drills.work ACTIVITY

Each activity goes through the same list every time, as people do who press a button again after an
error: what was done already must stay as it is. `prepare` fills an empty site with the list, and
`examine` tells on one line what is wrong and how much has been done.

With DRILL_UNSAFE set, every transaction is taken away: the control, which must leave a mess.
"""

import json
import os
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

PEOPLE = int(os.environ.get("DRILL_PEOPLE", "40"))
TODAY = date.today()
NEXT_YEAR = TODAY + timedelta(days=351)  # a fortnight before the years end that begin today
NAMESPACE = uuid.UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")


def prepare() -> None:
    """An association in the middle of its year."""
    from billing.models import Invoice  # noqa: PLC0415  after django.setup(), as all below
    from tests.factories import billing, events, members, news  # noqa: PLC0415

    events.first_rows()
    events.event(
        slug="drill",
        capacity=20 * PEOPLE,
        prices={"public": "500"},
        starts_at=_now() + timedelta(days=30),
        published_at=_now() - timedelta(days=1),
    )
    for number in range(PEOPLE):
        billing.issue_invoice(source=f"drill:{number}", today=TODAY)
        billing.issue_invoice(source=f"bank:{number}", today=TODAY)
        members.membership(starts_on=TODAY, paid=False)
        leaver = members.person(email=f"leaver{number}@example.org", name=f"Leaver {number}")
        members.student_year(leaver, starts_on=TODAY)
        news.create_subscriber(email=f"reader{number}@example.org", confirmed_at=_now())
        _never_confirmed(members.application(email=f"forgotten{number}@example.org"))
    members.person(email="stays@example.org")
    news.create_newsletter(sent_at=_now())
    _write_bank_file(list(Invoice.objects.filter(source__startswith="bank:")))


def _now() -> Any:
    from django.utils import timezone  # noqa: PLC0415

    return timezone.now()


def _never_confirmed(application: Any) -> None:
    long_ago = _now() - timedelta(days=8)  # due since yesterday
    type(application).objects.filter(pk=application.pk).update(created_at=long_ago)


def _bank_file() -> Path:
    from django.conf import settings  # noqa: PLC0415

    return Path(os.environ.get("BANK_FILE") or settings.VAR_DIR / "bank.xml")


def _write_bank_file(invoices: list[Any]) -> None:
    from tests.benchmarks.bench_billing import entry  # noqa: PLC0415
    from tests.billing.bankdata.camt import Camt  # noqa: PLC0415

    _bank_file().write_bytes(Camt(tuple(entry(invoice) for invoice in invoices)).data())


# --- The work -----------------------------------------------------------------------------------


def sign_up() -> None:
    from members import operations  # noqa: PLC0415
    from tests.factories import members  # noqa: PLC0415

    for number in range(PEOPLE):
        form = members.application(
            save=False,
            email=f"new{number}@example.org",
            form_token=uuid.uuid5(NAMESPACE, f"form{number}"),
        )
        application = operations.apply(application=form, today=TODAY)
        operations.confirm_application(
            application=application, now=members.noon(TODAY), today=TODAY
        )


def book() -> None:
    from events import operations  # noqa: PLC0415
    from events.models import Event  # noqa: PLC0415
    from events.operations.booking import checked_out  # noqa: PLC0415
    from tests.factories import events  # noqa: PLC0415

    event = Event.objects.get(slug="drill")
    for number in range(PEOPLE):
        cart = uuid.uuid5(NAMESPACE, f"cart{number}")
        if checked_out(cart):
            continue
        held = operations.hold_seat(event=event, mode="on_site", cart=cart, by=None, now=_now())
        guest = operations.Attendee(name=f"Gäst {number}", email=f"guest{number}@example.org")
        operations.check_out(
            cart=cart,
            by=None,
            attendees={held.public_id: guest},
            payer=events.payer(),
            seen={held.public_id: held.amount},
            terms=events.terms(),
            now=_now(),
        )


def pay() -> None:
    from billing import operations  # noqa: PLC0415
    from billing.models import Invoice, Payment  # noqa: PLC0415

    for invoice in Invoice.objects.filter(source__startswith="drill:").order_by("pk"):
        operations.register_payment(
            invoice=invoice,
            amount=invoice.total,
            paid_on=TODAY + timedelta(days=5),
            method=Payment.Method.BANK,
            external_id=f"drill:{invoice.pk}",
        )


def renew() -> None:
    from members.operations import issue_renewals  # noqa: PLC0415

    issue_renewals(today=NEXT_YEAR)


def send() -> None:
    from mail import operations  # noqa: PLC0415

    # Claims of killed senders have run out by then.
    operations.sweep(now=_now() + timedelta(minutes=5))


def import_file() -> None:
    from billing import operations  # noqa: PLC0415

    operations.import_bank_file(data=_bank_file().read_bytes(), name="bank.xml")


def erase() -> None:
    from members.models import User  # noqa: PLC0415
    from privacy.operations.erasing import erase_account  # noqa: PLC0415

    leavers = User.objects.filter(email__startswith="leaver").order_by("pk")
    for number in leavers.values_list("pk", flat=True):
        erase_account(pk=number, by=None, now=_now())


def clear() -> None:
    from privacy.operations import clear_expired  # noqa: PLC0415

    clear_expired(today=TODAY)


def write_letters() -> None:
    from news.operations import deliver_unfinished  # noqa: PLC0415

    deliver_unfinished(now=_now())


ACTIVITIES: dict[str, Callable[[], Any]] = {
    "sign_up": sign_up,
    "book": book,
    "pay": pay,
    "renew": renew,
    "send": send,
    "import_file": import_file,
    "erase": erase,
    "clear": clear,
    "write_letters": write_letters,
}


# --- What is left of it -------------------------------------------------------------------------


def faults() -> list[str]:
    """What must not be there, killed or not."""
    from billing.models import Invoice, Series  # noqa: PLC0415
    from config import integrity  # noqa: PLC0415

    found = list(integrity.findings())
    for series in Series.objects.all():
        issued = Invoice.objects.filter(kind=series.code).order_by("sequence")
        numbers = list(issued.values_list("sequence", flat=True))
        if numbers != list(range(series.first, series.next)):
            found.append(f"series {series.code}: a gap in the numbers")
    return [*found, *_half_erased()]


def _half_erased() -> list[str]:
    """An account is erased with all its rows, or not at all."""
    from members.models import User  # noqa: PLC0415
    from privacy.models import Erasure  # noqa: PLC0415

    erased = User.objects.filter(erased_at__isnull=False)
    receipts = Erasure.objects.count()
    named = erased.exclude(name="").count()
    if erased.count() == receipts and not named:
        return []
    return [f"{erased.count()} erased, {named} of them with a name, {receipts} receipts"]


def done() -> dict[str, int]:
    """How much of the list has been done; each is PEOPLE in the end."""
    from billing.models import BankTransaction, Payment  # noqa: PLC0415
    from events.models import Booking  # noqa: PLC0415
    from mail.models import Mail  # noqa: PLC0415
    from members.models import Application, Membership, User  # noqa: PLC0415

    booked = Booking.objects.filter(event__slug="drill", state="confirmed")
    return {
        "signed up": User.objects.filter(email__startswith="new").count(),
        "renewed": Membership.objects.filter(starts_on__gt=TODAY).count() // 2,
        "booked": booked.filter(email__startswith="guest", email__endswith="example.org").count(),
        "paid": Payment.objects.filter(external_id__startswith="drill:").count(),
        "from the bank": Payment.objects.filter(bank_transaction__isnull=False).count(),
        "bank rows": BankTransaction.objects.count(),
        "erased": User.objects.filter(erased_at__isnull=False).count(),
        "letters": Mail.objects.filter(key__startswith="newsletter:").count(),
        "forgotten": PEOPLE - Application.objects.filter(email__startswith="forgotten").count(),
    }


def examine() -> None:
    from collections import Counter  # noqa: PLC0415

    from django.urls import reverse  # noqa: PLC0415

    from billing.models import Invoice  # noqa: PLC0415
    from events.models import Booking  # noqa: PLC0415
    from mail.models import Mail  # noqa: PLC0415
    from members.models import Membership  # noqa: PLC0415

    drill = "@drill.example"
    guests = Booking.objects.filter(email__endswith=drill, state="confirmed")
    # The first of each; the run of renewals goes on beside.
    years = Membership.objects.filter(user__email__endswith=drill, starts_on=TODAY)
    told = {
        "faults": faults(),
        "done": done(),
        "guests": Counter(guests.values_list("email", flat=True)),
        "on invoices": guests.filter(invoice_line__isnull=False).count(),
        "members": Counter(years.values_list("user__email", flat=True)),
        "paper": reverse("billing:invoice-pdf", args=[Invoice.objects.earliest("pk").link_token]),
        "mails": {mail.message_id: mail.state for mail in Mail.objects.all()},
    }
    print(json.dumps(told))


# --- The control --------------------------------------------------------------------------------


def without_transactions() -> None:
    """Every statement stands alone, and nobody waits for a lock."""
    from django.db import connection, transaction  # noqa: PLC0415

    transaction.Atomic.__enter__ = lambda self: None  # type: ignore[assignment, method-assign]
    transaction.Atomic.__exit__ = lambda self, *how: None  # type: ignore[assignment, method-assign]
    connection.features.has_select_for_update = False


if __name__ == "__main__":
    import sys

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    if os.environ.get("DRILL_UNSAFE"):
        without_transactions()
    asked = {**ACTIVITIES, "prepare": prepare, "examine": examine}[sys.argv[1]]
    if sys.argv[1] in ACTIVITIES:
        print("ready", flush=True)
    asked()
    if sys.argv[1] in ACTIVITIES:
        print("done", flush=True)
