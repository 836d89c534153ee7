"""How allauth behaves here."""

import logging
import uuid
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.signals import authentication_failed
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.dispatch import receiver
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mail.operations import Receiver, queue
from members import links, mailed_codes, operations
from members.models import User
from privacy.rate_limits import fingerprint

log = logging.getLogger(__name__)

_TO_A_NEW_ADDRESS = frozenset(
    {"account/email/email_confirmation", "account/email/account_already_exists"}
)


@receiver(authentication_failed)
def log_refused_second_step(*, user: User, **kwargs: Any) -> None:
    """The password was right, so this may be somebody who has stolen it."""
    log.warning("second step refused: person %s", user.pk)


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People become members, or book as guests; there is no account for its own sake."""
        return False

    # --- Who came in, and who did not -------------------------------------------------------

    def login(self, request: HttpRequest, user: Any) -> None:
        """By whichever way: password, code, passkey, second step."""
        super().login(request, user)
        log.info("logged in: person %s", user.pk)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Told apart, and nobody told who they are; what was typed may be no address at all."""
        super().authentication_failed(request, **credentials)
        whose = str(credentials.get("email") or "").lower()
        log.warning("log-in refused: account %s", fingerprint(whose)[:8])

    # --- Mail -------------------------------------------------------------------------------

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Into our queue: nothing is sent while somebody waits for a page.

        Known address or not, one look-up is made and one mail written, so the answer takes the
        same time.
        """
        person = User.objects.filter(email=email.lower()).first() or context.get("user")
        language = person.language if person else (get_language() or settings.LANGUAGE_CODE)
        if template_prefix in _TO_A_NEW_ADDRESS:
            self._tell_old_address(email)
        if "signup_url" in context:
            context = {**context, "signup_url": settings.SITE_URL + reverse("members:join")}
        queue(
            key=f"account:{uuid.uuid4()}",
            template=template_prefix,
            receiver=Receiver(email, language, person.pk if person else None),
            context={"email": email, **context},
        )

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Any,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """What happened to the safety of an account; of a new address also how to undo it."""
        context = {"user": user, **(context or {})}
        if template_prefix == "account/email/email_changed":
            context["stop_url"] = operations.stop_url(user, context["from_email"])
            context["days"] = links.KEEP_ADDRESS.days
        super().send_notification_mail(template_prefix, user, context, email)

    def _tell_old_address(self, new_email: str) -> None:
        """Whether or not the new one is known: the holder of this mailbox must not learn it."""
        person = self.request.user
        if not isinstance(person, User) or person.email == new_email.lower():
            return
        with translation.override(person.language):
            context = {
                "stop_url": operations.note_address_change(person=person),
                "days": links.KEEP_ADDRESS.days,
            }
        self.send_mail("account/email/email_change_asked", person.email, context)

    # --- Being asked once more --------------------------------------------------------------

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Besides password and second step a code by mail, so that everybody has a way."""
        methods = super().get_reauthentication_methods(user)
        if isinstance(user, User) and mailed_codes.are_offered_to(user):
            url = reverse("members:confirm-by-code")
            methods.append({"id": "code", "description": _("Get a code by mail"), "url": url})
        return methods

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Also of those without a password and second step, whom allauth lets pass unasked."""
        required = super().is_reauthentication_required(app=app, **kwargs)
        user = self.request.user
        has_no_other_way = isinstance(user, User) and not get_reauthentication_flows(user)
        if required and has_no_other_way and not mailed_codes.proven_recently(self.request, user):
            raise ReauthenticationRequired
        return required


def log_in_new_person(request: HttpRequest, user: User) -> None:
    """Only for an account that the confirmation on this very browser has just made.

    Nobody who is logged in here already is turned into somebody else.
    """
    if request.user.is_anonymous:
        AccountAdapter(request).login(request, user)
        UserSession.objects.create_from_request(request)
        mailed_codes.accept(request, user)
