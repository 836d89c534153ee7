"""Keeps machines from sending our public forms, without following a person.

    class JoinForm(HumanCheckMixin, forms.Form): ...

    form = JoinForm(request.POST or None, request=request, action="join")

Put `HumanCheckLayout()` into the form's crispy layout, or `{{ form.human }}` into the template,
just before the submit button. Views with such a form carry `google_check.loads_google` (below the
access decorator). What let a valid form through stands in `form.human.proof`; `Proof.NONE` means
that nothing did but patience, so let such a person confirm by mail.
"""

import logging
import secrets
import time
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from django import forms
from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from privacy import proof_of_work
from privacy.google_check import GoogleField, GoogleWidget, UnavailableError
from privacy.rate_limits import Limit, network_of

logger = logging.getLogger(__name__)

LONGEST_S = 24 * 3600
"""A form that was opened longer ago is sent anew."""
SHORTEST_S = 3
"""Nobody fills in a form faster."""
SHORTEST_WITHOUT_PROOF_S = 10

# A whole annual meeting sits behind one address, so these are wide.
FROM_ADDRESS = Limit("form-address", most=120, seconds=600)
FROM_PREFIX = Limit("form-prefix", most=600, seconds=600)
UNPROVEN_FROM_ADDRESS = Limit("form-unproven-address", most=10, seconds=600)
UNPROVEN_FROM_PREFIX = Limit("form-unproven-prefix", most=30, seconds=600)
TO_EMAIL = Limit("form-email", most=10, seconds=3600)

HONEYPOT = "homepage"
TICKET = "human_ticket"
SOLUTION = "altcha"
GOOGLE_TOKEN = "g-recaptcha-response"  # noqa: S105 - the name of Google's field


class Proof(StrEnum):
    """What speaks for a human being."""

    OWN = "own"
    GOOGLE = "google"
    GOOGLE_DOWN = "google-down"
    NONE = "none"


@dataclass(frozen=True)
class Ticket:
    """Travels in the form, signed: which form, first shown when, and what has been proven since."""

    action: str
    shown_at: float
    number: str
    proof: str = ""

    @classmethod
    def fresh(cls, action: str) -> "Ticket":
        return cls(action, time.time(), secrets.token_urlsafe(12))

    @classmethod
    def read(cls, text: str, action: str) -> "Ticket":
        """Raises BadSignature for what is not ours, is of another form, or is too old."""
        ticket = cls(**signing.loads(text, salt=__name__))
        if ticket.action != action or time.time() - ticket.shown_at > LONGEST_S:
            raise signing.BadSignature
        return ticket

    def __str__(self) -> str:
        return signing.dumps(asdict(self), salt=__name__)

    def use(self) -> bool:
        """True the first time only."""
        return cache.add(f"ticket:{self.number}", True, timeout=LONGEST_S)


def refused(message: Any, code: str) -> ValidationError:
    logger.info("A form was not let through: %s", code)
    return ValidationError(message, code=code)


class HumanCheck:
    """The check of one form: what it shows, and whether what came back will do."""

    def __init__(self, *, request: HttpRequest, action: str, data: Any) -> None:
        self.request = request
        self.action = action
        self.data = data or {}
        self.ticket = Ticket.fresh(action)
        self.proof = Proof.NONE

    # --- What the page shows --------------------------------------------------------------

    def __str__(self) -> SafeString:
        return render_to_string("privacy/human_check.html", {"human": self})

    __html__ = __str__

    @cached_property
    def challenge(self) -> str:
        return proof_of_work.challenge(seconds=LONGEST_S)

    @cached_property
    def google(self) -> SafeString:
        """Google's button, where it is offered."""
        if not settings.RECAPTCHA_OFFERED:
            return SafeString()
        return GoogleWidget.of(self.action).render(GOOGLE_TOKEN, None)

    @property
    def patience(self) -> int:
        return SHORTEST_WITHOUT_PROOF_S

    # --- What came back -------------------------------------------------------------------

    def judge(self, *, complete: bool, email: str = "", mails: Limit | None = None) -> None:
        """Raises ValidationError unless the form may pass; `mails` instead of `TO_EMAIL`.

        A form with other faults (`complete` is false) is judged as well, so that all is said at
        once; its ticket remembers the proof, and the next attempt needs no new one.
        """
        self._look_into_the_trap()
        self.ticket = self._ticket_in_hand()
        self._count(FROM_ADDRESS, FROM_PREFIX)
        self._wait(shortest_s())
        if not self.ticket.proof:
            self.ticket = replace(self.ticket, proof=self._proof())
        self.proof = Proof(self.ticket.proof)
        if self.proof is Proof.NONE:
            self._judge_without_proof()
        if complete:
            self._let_through(email, mails or TO_EMAIL)

    def _look_into_the_trap(self) -> None:
        if self.data.get(HONEYPOT):
            raise refused(
                _("A field that must stay empty was filled in. Please send the form again."),
                "trap",
            )

    def _ticket_in_hand(self) -> Ticket:
        try:
            return Ticket.read(self.data.get(TICKET, ""), self.action)
        except (signing.BadSignature, TypeError):
            raise refused(
                _("The form was open for too long. All you wrote is still here: send it again."),
                "ticket",
            ) from None

    def _count(self, by_address: Limit, by_prefix: Limit) -> None:
        network = network_of(self.request)
        # Both are counted, whatever the first one says.
        within = [by_address.allows(network.address), by_prefix.allows(network.prefix)]
        if not all(within):
            self._too_many(by_address)

    def _too_many(self, limit: Limit) -> None:
        minutes = limit.seconds // 60
        raise refused(
            ngettext_lazy(
                "Too many forms were sent from here. Please try again in %d minute.",
                "Too many forms were sent from here. Please try again in %d minutes.",
                minutes,
            )
            % minutes,
            "limit",
        )

    def _wait(self, seconds: float) -> None:
        if time.time() - self.ticket.shown_at < seconds:
            raise refused(
                _("That was very fast. Please wait a few seconds and send the form again."), "fast"
            )

    def _proof(self) -> Proof:
        """What the browser brings along. A proof that fails is not overlooked."""
        if self.data.get(SOLUTION):
            proof_of_work.ProofField(seconds=LONGEST_S).clean(self.data[SOLUTION])
            return Proof.OWN
        if settings.RECAPTCHA_OFFERED and self.data.get(GOOGLE_TOKEN):
            return self._proof_of_google(self.data[GOOGLE_TOKEN])
        return Proof.NONE

    def _proof_of_google(self, token: str) -> Proof:
        try:
            GoogleField(action=self.action).clean(token)
        except UnavailableError as error:
            logger.warning("Google's check is unavailable (%s); the form is let through.", error)
            return Proof.GOOGLE_DOWN
        return Proof.GOOGLE

    def _judge_without_proof(self) -> None:
        """Patience and a stricter limit stand in for the proof; a later attempt may bring one."""
        self.ticket = replace(self.ticket, proof="")
        self._wait(shortest_without_proof_s())
        self._count(UNPROVEN_FROM_ADDRESS, UNPROVEN_FROM_PREFIX)

    def _let_through(self, email: str, mails: Limit) -> None:
        if email and not mails.allows(email.casefold()):
            self._too_many(mails)
        used = not self.ticket.use()
        # Whatever is shown next is a form of its own, though nobody has to wait for it again.
        self.ticket = replace(Ticket.fresh(self.action), shown_at=self.ticket.shown_at)
        if used:
            raise refused(
                _("This form was sent already. If you want to send it once more, send it again."),
                "used",
            )


def shortest_s() -> float:
    return getattr(settings, "HUMAN_CHECK_SHORTEST_S", SHORTEST_S)


def shortest_without_proof_s() -> float:
    return getattr(settings, "HUMAN_CHECK_SHORTEST_WITHOUT_PROOF_S", SHORTEST_WITHOUT_PROOF_S)


class HumanCheckMixin(forms.BaseForm):
    """Put before the form class. A refusal is an error of the whole form."""

    checked_email = "email"
    """The field whose address gets mail because of the form."""
    mails: Limit | None = None
    """Where that address may get more of it than most."""

    def __init__(self, *args: Any, request: HttpRequest, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        data = self.data if self.is_bound else None
        self.human = HumanCheck(request=request, action=action, data=data)

    def full_clean(self) -> None:
        super().full_clean()
        if not self.is_bound:
            return
        email = self.cleaned_data.get(self.checked_email) or ""
        try:
            self.human.judge(complete=not self.errors, email=email, mails=self.mails)
        except ValidationError as refusal:
            self.add_error(None, refusal)


class HumanCheckLayout:
    """Stands for the check in a crispy layout."""

    def render(self, form: HumanCheckMixin, *_args: Any, **_kwargs: Any) -> SafeString:
        return form.human.__html__()
