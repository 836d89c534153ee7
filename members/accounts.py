"""How allauth behaves here."""

import uuid
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from mail.operations import Receiver, queue
from members.models import User


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People become members, or book as guests; there is no account for its own sake."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Into our queue: nothing is sent while somebody waits for a page.

        Known address or not, one look-up is made and one mail written, so the answer takes the
        same time.
        """
        person = User.objects.filter(email=email.lower()).first() or context.get("user")
        language = person.language if person else (get_language() or settings.LANGUAGE_CODE)
        if "signup_url" in context:
            context = {**context, "signup_url": settings.SITE_URL + reverse("members:join")}
        queue(
            key=f"account:{uuid.uuid4()}",
            template=template_prefix,
            receiver=Receiver(email, language, person.pk if person else None),
            context={"email": email, **context},
        )


def log_in_new_person(request: HttpRequest, user: User) -> None:
    """Only for an account that the confirmation on this very browser has just made.

    Nobody who is logged in here already is turned into somebody else.
    """
    if request.user.is_anonymous:
        AccountAdapter(request).login(request, user)
