"""A code by mail as the proof that whoever sits at the screen still is the person logged in.

For those who have neither a password nor a second step; those who have a password may use it too.
Kept in the session: it opens nothing anywhere else.
"""

import time

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest

from members.models import User
from privacy.rate_limits import Limit

GOOD_FOR = 10 * 60  # seconds, for the code and for the proof
ATTEMPTS = 5
MAILED = Limit("confirm-by-code", most=5, seconds=10 * 60)
_KEY = "confirm_by_code"
_METHOD = "code"


class TooMany(Exception):
    """So many codes have been mailed within a short while that no more are."""


def are_offered_to(person: User) -> bool:
    """Whoever has a second step must use it: a code in the mailbox proves less."""
    return not is_mfa_enabled(person)


def send(request: HttpRequest, person: User) -> None:
    """A new code; an earlier one is good no longer. Raises TooMany."""
    if not MAILED.allows(str(person.pk)):
        raise TooMany
    adapter = get_adapter()
    code = adapter.generate_login_code()
    request.session[_KEY] = {"code": code, "at": time.time(), "failed": 0}
    adapter.send_mail("account/email/confirm_code", person.email, {"code": code})


def waiting(request: HttpRequest) -> str:
    """The code that is good now; empty when none is."""
    sent = request.session.get(_KEY)
    if not sent or time.time() - sent["at"] > GOOD_FOR or sent["failed"] >= ATTEMPTS:
        return ""
    return str(sent["code"])


def count_failure(request: HttpRequest) -> None:
    sent = request.session.get(_KEY)
    if sent:
        request.session[_KEY] = {**sent, "failed": sent["failed"] + 1}


def accept(request: HttpRequest, person: User) -> None:
    """The right code was entered, or the person has just opened our mail on this browser."""
    request.session.pop(_KEY, None)
    record_authentication(request, person, method=_METHOD, reauthenticated=True)


def proven_recently(request: HttpRequest, person: User) -> bool:
    """By this or by logging in with a code."""
    records = get_authentication_records(request, person)
    at = [one["at"] for one in records if one["method"] == _METHOD or one.get("reauthenticated")]
    return bool(at) and time.time() - max(at) < GOOD_FOR
