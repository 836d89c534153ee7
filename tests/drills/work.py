"""What is being done when the accident happens: a process that does one kind of work to its end.

    python -m tests.drills.work ACTIVITY
    python -m tests.drills.work office      the long runs in turn, for ever
    python -m tests.drills.work clerk       answers each line it is told with a line of JSON

Each activity goes through the same list every time, as people do who press a button again after an
error: what was done already must stay as it is. The clerk is never killed: it fills the site with
the list, and tells what is wrong and how much has been done.

With DRILL_UNSAFE set, every transaction is taken away from the activities.
"""

import itertools
import json
import os
import sys
import time
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.drills.unsafe import without_transactions

PEOPLE = int(os.environ.get("DRILL_PEOPLE", "40"))
TODAY = date.today()
NEXT_YEAR = TODAY + timedelta(days=351)  # a fortnight before the years end that begin today
TOO_LATE = NEXT_YEAR + timedelta(
    days=76
)  # who has not paid the next year by then is a member no more
NAMESPACE = uuid.UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")


def prepare(first: int = 0, count: int = PEOPLE) -> None:
    """An association in the middle of its year; by later calls it grows."""
    from tests.factories import news  # noqa: PLC0415  after django.setup(), as all below

    if first == 0:
        _found()
    for number in range(first, first + count):
        _come(number)
        if first == 0:
            news.create_subscriber(email=f"reader{number}@example.org", confirmed_at=_now())
    _write_bank_file(first, count)
    news.create_newsletter(sent_at=_now())


def _found() -> None:
    from tests.factories import events, members  # noqa: PLC0415

    events.first_rows()
    events.event(
        slug="drill",
        capacity=20 * PEOPLE,
        prices={"public": "500"},
        starts_at=_now() + timedelta(days=30),
        published_at=_now() - timedelta(days=1),
    )
    members.person(email="stays@example.org")


def _come(number: int) -> None:
    from tests.factories import billing, members  # noqa: PLC0415

    billing.issue_invoice(source=f"drill:{number}", today=TODAY)
    billing.issue_invoice(source=f"bank:{number}", today=TODAY)
    members.membership(starts_on=TODAY, paid=False)
    leaver = members.person(email=f"leaver{number}@example.org", name=f"Leaver {number}")
    members.student_year(leaver, starts_on=TODAY)
    _never_confirmed(members.application(email=f"forgotten{number}@example.org"))


def _now() -> Any:
    from django.utils import timezone  # noqa: PLC0415

    return timezone.now()


def _never_confirmed(application: Any) -> None:
    long_ago = _now() - timedelta(days=8)  # due since yesterday
    type(application).objects.filter(pk=application.pk).update(created_at=long_ago)


def _bank_files() -> Path:
    from django.conf import settings  # noqa: PLC0415

    folder = Path(os.environ.get("BANK_FILES") or settings.VAR_DIR / "bank")
    folder.mkdir(exist_ok=True)
    return folder


def _write_bank_file(first: int, count: int) -> None:
    from billing.models import Invoice  # noqa: PLC0415
    from tests.benchmarks.bench_billing import entry  # noqa: PLC0415
    from tests.billing.bankdata.camt import Camt  # noqa: PLC0415

    sources = [f"bank:{number}" for number in range(first, first + count)]
    entries = tuple(map(entry, Invoice.objects.filter(source__in=sources)))
    file = _bank_files() / f"{first:06}.writing"
    file.write_bytes(Camt(entries).data())
    file.rename(file.with_suffix(".xml"))


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


def end() -> None:
    from members.operations import end_memberships  # noqa: PLC0415

    end_memberships(today=TOO_LATE)


def send() -> None:
    from django.db.models import Max  # noqa: PLC0415

    from mail import operations  # noqa: PLC0415
    from mail.models import Mail  # noqa: PLC0415

    # Claims of killed senders have run out by then.
    last = Mail.objects.aggregate(last=Max("leased_until"))["last"] or _now()
    operations.sweep(now=max(last, _now()) + timedelta(seconds=1), lasting=timedelta(hours=1))


def import_file() -> None:
    from billing import operations  # noqa: PLC0415

    for file in sorted(_bank_files().glob("*.xml")):
        operations.import_bank_file(data=file.read_bytes(), name=file.name)


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
# Takes back what others of them do.
ALONE = {"end": end}


# In a whole site people do the first two themselves, and the worker sends the mails.
RUNS = [ACTIVITIES[name] for name in ACTIVITIES if name not in {"sign_up", "book", "send"}]


def office() -> None:
    """What fails is begun anew, as by staff and by the next night."""
    from django.db import connection  # noqa: PLC0415

    for activity in itertools.cycle(RUNS):
        try:
            activity()
        except Exception as error:
            print(f"{activity.__name__}: {type(error).__name__}", flush=True)
            connection.close()
        time.sleep(0.2)


# --- What is left of it -------------------------------------------------------------------------


def faults() -> list[str]:
    """What must not be there, killed or not; as of one moment, since the work goes on."""
    from config import integrity  # noqa: PLC0415

    with integrity.one_moment():
        return [*integrity.findings(), *_gaps(), *_half_erased()]


def _gaps() -> list[str]:
    from billing.models import Invoice, Series  # noqa: PLC0415

    found = []
    for series in Series.objects.all():
        issued = Invoice.objects.filter(kind=series.code).order_by("sequence")
        numbers = list(issued.values_list("sequence", flat=True))
        if numbers != list(range(series.first, series.next)):
            found.append(f"series {series.code}: a gap in the numbers")
    return found


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
        "forgotten": _came() - Application.objects.filter(email__startswith="forgotten").count(),
    }


def _not_renewed() -> int:
    """Years that began today and will not go on. Students apply anew, and have all left."""
    from members.models import Membership  # noqa: PLC0415

    going_on = Membership.objects.filter(starts_on__gt=TODAY).values("user")
    begun = Membership.objects.filter(starts_on=TODAY, user__erased_at=None)
    return begun.exclude(user__in=going_on).count()


def _came() -> int:
    """How many there are of each kind."""
    from billing.models import Invoice  # noqa: PLC0415

    return Invoice.objects.filter(source__startswith="drill:").count()


def examined() -> dict[str, Any]:
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
    return {
        "faults": faults(),
        "done": done(),
        "not renewed": _not_renewed(),
        "guests": Counter(guests.values_list("email", flat=True)),
        "on invoices": guests.filter(invoice_line__isnull=False).count(),
        "members": Counter(years.values_list("user__email", flat=True)),
        "paper": reverse("billing:invoice-pdf", args=[Invoice.objects.earliest("pk").link_token]),
        "mails": {mail.message_id: mail.state for mail in Mail.objects.all()},
    }


def applications() -> int:
    """By form, since the beginning."""
    from members.models import Application  # noqa: PLC0415

    return Application.objects.filter(email__endswith="@drill.example").count()


def clerk() -> None:
    """`prepare FIRST COUNT`, `faults` or `examined`, until nobody asks any more."""
    from django.db import connection  # noqa: PLC0415

    for line in sys.stdin:
        name, *numbers = line.split()
        asked: dict[str, Callable[..., Any]] = {
            "prepare": prepare,
            "faults": faults,
            "examined": examined,
            "applications": applications,
        }
        # The database may have been killed since the last question.
        connection.close()
        print(json.dumps(asked[name](*map(int, numbers))), flush=True)


def main(name: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django  # noqa: PLC0415

    django.setup()
    if os.environ.get("DRILL_UNSAFE"):
        without_transactions()
    activities = {**ACTIVITIES, **ALONE}
    if name not in activities:
        {"office": office, "clerk": clerk}[name]()
        return
    print("ready", flush=True)
    activities[name]()
    print("done", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
