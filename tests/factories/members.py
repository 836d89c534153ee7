"""People, applications and memberships, each with a default for everything.

Kinds, fees, terms, consent texts and roles are first rows; `first_rows()` puts them back where a
test that commits has emptied the tables.
"""

import itertools
import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.auth.models import Group
from django.utils import timezone

from billing import first_rows as billing_rows
from members import first_rows as members_rows
from members import roles
from members.models import (
    Application,
    BillingDetails,
    Consent,
    ConsentText,
    Membership,
    MembershipKind,
    User,
)
from members.operations.starting import invoice_for
from members.periods import year_number
from tests.factories import billing

STOCKHOLM = ZoneInfo("Europe/Stockholm")
PASSWORD = "correct horse battery"

_count = itertools.count(1)


def first_rows() -> None:
    billing_rows.create(apps)
    members_rows.create(apps)
    roles.grant(apps)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=STOCKHOLM)


def person(*, email: str = "", name: str = "Anna Åström", **changes: Any) -> User:
    """With a confirmed address and, unless told otherwise, a password."""
    email = email or f"person{next(_count)}@example.org"
    password = changes.pop("password", PASSWORD)
    user = User.objects.create_user(email, password, name=name, **changes)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def staff(role: str = roles.MEMBERSHIP_SECRETARY, **changes: Any) -> User:
    user = person(**{"name": "Karin Kansli", "is_staff": True, **changes})
    user.groups.add(Group.objects.get(name=role))
    return user


def kind(code: str = "ordinary") -> MembershipKind:
    return MembershipKind.objects.get(code=code)


def employer(user: User, **changes: Any) -> BillingDetails:
    return BillingDetails.objects.create(
        **{
            "user": user,
            "payer": "employer",
            "name": "Kanslibyrån i Umeå AB",
            "organisation_number": "8029999995",
            "street": "Storgatan 1",
            "postcode": "903 21",
            "city": "Umeå",
            "email": "ekonomi@kansli.example",
            "reference": "Avd 7",
            **changes,
        }
    )


def membership(
    user: User | None = None,
    *,
    starts_on: date = date(2026, 3, 2),
    code: str = "ordinary",
    fee: str | None = "1645",
    paid: bool = True,
    **changes: Any,
) -> Membership:
    """One year. `fee=None` makes no invoice, `paid=False` leaves it open."""
    user = user or person()
    period = year_number(starts_on, 0)
    row = Membership.objects.create(
        **{
            "user": user,
            "kind": kind(code),
            "starts_on": period.first,
            "ends_on": period.last,
            **changes,
        }
    )
    if fee is not None:
        row.invoice = invoice_for(row, fee=Decimal(fee), by=None, today=starts_on)
        row.save()
    if row.invoice and paid:
        billing.pay(row.invoice, paid_on=starts_on)
    return row


def student_year(user: User | None = None, **changes: Any) -> Membership:
    """The free first year."""
    return membership(user, **{"code": "student", "fee": None, **changes})


def application(*, code: str = "ordinary", **changes: Any) -> Application:
    """Kept, and not confirmed. Not saved with `save=False`."""
    number = next(_count)
    studies = {
        "mecenat_number": f"{10**9 + number}",
        "school": "Umeå universitet",
        "studies_end_on": date(2027, 6, 6),
        "is_employed": False,
    }
    save = changes.pop("save", True)
    row = Application(
        **{
            "form_token": uuid.uuid4(),
            "kind": kind(code),
            "email": f"applicant{number}@example.org",
            "name": "Åsa Öberg",
            "language": "sv",
            **(studies if code == "student" else {}),
            **changes,
        }
    )
    if save:
        row.save()
    return row


def in_review(user: User | None = None, **changes: Any) -> Application:
    user = user or person(name="Stina Student")
    return application(
        **{
            "code": "student",
            "email": user.email,
            "name": user.name,
            "user": user,
            "state": Application.State.IN_REVIEW,
            "confirmed_at": timezone.now(),
            **changes,
        }
    )


def consent_text(purpose: str = "news", language: str = "sv") -> ConsentText:
    """The text that is asked today."""
    return ConsentText.objects.offered().get(purpose=purpose, language=language)


def consent(user: User, purpose: str = "news", **changes: Any) -> Consent:
    return Consent.objects.create(
        **{
            "user": user,
            "text": consent_text(purpose),
            "action": Consent.Action.GIVEN,
            "at": noon(date(2026, 3, 2)),
            "channel": "test",
            **changes,
        }
    )
