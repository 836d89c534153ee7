"""What is being done when the accident happens: a process that does one kind of work to its end.

    python -m tests.drills.work ACTIVITY

Each activity goes through the same list every time, as people do who press a button again after an
error: what was done already must stay as it is.
"""

import os
import sys
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

PEOPLE = int(os.environ.get("DRILL_PEOPLE", "40"))
TODAY = date(2026, 3, 2)
NEXT_YEAR = date(2027, 2, 16)  # a fortnight before the years end that began on TODAY
NAMESPACE = uuid.UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")


def sign_up() -> None:
    from members import operations  # noqa: PLC0415  after django.setup(), as all below
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
        held = operations.hold_seat(event=event, mode="on_site", cart=cart, by=None, now=events.NOW)
        guest = operations.Attendee(name=f"Gäst {number}", email=f"guest{number}@example.org")
        operations.check_out(
            cart=cart,
            by=None,
            attendees={held.public_id: guest},
            payer=events.payer(),
            seen={held.public_id: held.amount},
            terms=events.terms(),
            now=events.NOW,
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
    from django.utils import timezone  # noqa: PLC0415

    from mail import operations  # noqa: PLC0415

    # Claims of killed senders have run out by then.
    operations.sweep(now=timezone.now() + timedelta(minutes=5))


def import_file() -> None:
    from pathlib import Path  # noqa: PLC0415

    from billing import operations  # noqa: PLC0415

    operations.import_bank_file(data=Path(os.environ["BANK_FILE"]).read_bytes(), name="bank.xml")


ACTIVITIES: dict[str, Callable[[], Any]] = {
    "sign_up": sign_up,
    "book": book,
    "pay": pay,
    "renew": renew,
    "send": send,
    "import_file": import_file,
}

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    print("ready", flush=True)
    ACTIVITIES[sys.argv[1]]()
    print("done", flush=True)
