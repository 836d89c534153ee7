"""Who changes a way to log in remains logged in here and nowhere else.

A new password ends the others by itself, since a session knows the password's hash. Of the second
step and of the address, to which codes are mailed, a session knows nothing.
"""

from typing import Any

from allauth.account.signals import email_changed
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from allauth.usersessions.models import UserSession
from django.dispatch import receiver
from django.http import HttpRequest

from members.models import User


@receiver([authenticator_added, authenticator_removed, authenticator_reset, email_changed])
def end_other_sessions(*, request: HttpRequest, user: User, **kwargs: Any) -> None:
    mine = request.session.session_key
    for session in UserSession.objects.filter(user=user).exclude(session_key=mine):
        session.end()
