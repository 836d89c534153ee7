"""People and what is stored of them, for the tests of this room."""

import datetime as dt
from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user_model

from privacy.models import AccessLog, Processor

User = get_user_model()
NOW = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)


def person(email: str = "anna@example.org", *, verified: bool = True, **fields: Any) -> Any:
    user = User.objects.create_user(email, **{"name": "Anna Ek", **fields})
    EmailAddress.objects.create(user=user, email=email, verified=verified, primary=True)
    return user


def browser_of(user: Any, *, key: str, seen_at: dt.datetime = NOW) -> UserSession:
    return UserSession.objects.create(
        user=user,
        session_key=key,
        ip="192.0.2.7",
        user_agent=f"Browser {key}",
        last_seen_at=seen_at,
    )


def look_at(user: Any, *, at: dt.datetime = NOW, **fields: Any) -> AccessLog:
    words = {"role": "Treasurer", "purpose": "Payment", "view": "admin:x", **fields}
    return AccessLog.objects.create(person=user, at=at, **words)


def company(**fields: Any) -> Processor:
    return Processor.objects.create(
        **{
            "recipient": "hosting",
            "name": "Värd AB",
            "country": "SE",
            "role": Processor.Role.PROCESSOR,
            "safeguard": Processor.Safeguard.INSIDE,
            "contract_on": dt.date(2026, 1, 15),
            **fields,
        }
    )
