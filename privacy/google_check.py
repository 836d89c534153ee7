"""Google reCAPTCHA for those who choose it. Nothing of it is loaded before they press the button.

Field and response are django-recaptcha's. Its widget loads Google with the page, by an inline
script, and its client lets an outage of Google's become an error of ours; so both are replaced.
"""

import http.client
import json
import logging
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from csp.decorators import csp_update
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_recaptcha.client import RecaptchaResponse
from django_recaptcha.constants import TEST_PRIVATE_KEY
from django_recaptcha.fields import ReCaptchaField
from django_recaptcha.widgets import ReCaptchaBase

from privacy.access import View

logger = logging.getLogger(__name__)

TIMEOUT_S = 3
LEAST_SCORE = 0.5
# Google's faults and ours in setting it up. The person can do nothing about them.
NOT_THEIR_FAULT = frozenset(
    {"missing-input-secret", "invalid-input-secret", "invalid-keys", "bad-request"}
)


class UnavailableError(Exception):
    """Google did not answer, or did not answer the question."""


def loads_google(view: View) -> View:
    """For views with a checked form: lets the browser load Google's script once it is asked for."""
    allowed = cast(View, csp_update(_policy())(view))

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        chosen = allowed if settings.RECAPTCHA_OFFERED else view
        return chosen(request, *args, **kwargs)

    return opened


def _policy() -> dict[str, list[str]]:
    google = f"https://{settings.RECAPTCHA_DOMAIN}/recaptcha/"
    return {
        "script-src": [google, "https://www.gstatic.com/recaptcha/"],
        "frame-src": [google],
        "connect-src": [google],
    }


def kind() -> str:
    """Of the keys: `checkbox` (v2) or `score` (v3). Google gives either the one or the other."""
    return getattr(settings, "RECAPTCHA_KIND", "checkbox")


def ask_google(token: str) -> RecaptchaResponse:
    """What Google says of the token. The visitor's network address is not passed on."""
    body = urlencode({"secret": settings.RECAPTCHA_PRIVATE_KEY, "response": token}).encode()
    address = f"{settings.RECAPTCHA_VERIFY_BASE}/recaptcha/api/siteverify"
    try:
        with urlopen(Request(address, data=body), timeout=TIMEOUT_S) as answer:  # noqa: S310 - the address is ours
            said = json.loads(answer.read(64_000))
        return RecaptchaResponse(
            is_valid=said["success"] is True,
            error_codes=said.get("error-codes", []),
            action=said.get("action"),
            extra_data=said,
        )
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError) as error:
        raise UnavailableError(type(error).__name__) from error


class GoogleWidget(ReCaptchaBase):
    """A button with the notice beside it, and an empty place for what Google will show."""

    template_name = "privacy/google_check.html"

    @classmethod
    def of(cls, action: str) -> "GoogleWidget":
        return cls(attrs={"data-action": action, "data-sitekey": settings.RECAPTCHA_PUBLIC_KEY})

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        # Not by the form renderer, which does not look into templates/.
        return render_to_string(self.template_name, self.get_context(name, value, attrs))

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        return {
            "key": self.attrs["data-sitekey"],
            "kind": kind(),
            "action": self.attrs["data-action"],
            "script": f"https://{settings.RECAPTCHA_DOMAIN}/recaptcha/api.js",
            "language": get_language(),
        }


class GoogleField(ReCaptchaField):
    """The token that Google's script left in the form. `clean` raises UnavailableError, too."""

    widget = GoogleWidget
    default_error_messages = {
        "captcha_invalid": _(
            "Google's check did not let the form through. Try it again, or use our own check."
        ),
    }

    def __init__(self, *, action: str) -> None:
        super().__init__(
            public_key=settings.RECAPTCHA_PUBLIC_KEY,
            private_key=settings.RECAPTCHA_PRIVATE_KEY,
            widget=GoogleWidget.of(action),
            max_length=8192,
        )
        self.required = False
        self.action = action

    def validate(self, value: str) -> None:
        if value in self.empty_values:
            return
        answer = ask_google(value)
        if NOT_THEIR_FAULT.intersection(answer.error_codes):
            logger.error("Google refuses our keys: %s", ", ".join(answer.error_codes))
            raise UnavailableError("keys")
        reason = self.objection(answer)
        if reason:
            logger.warning("Google's check refused a form: %s", reason)
            raise ValidationError(self.error_messages["captcha_invalid"], code="captcha_invalid")

    def objection(self, answer: RecaptchaResponse) -> str:
        """Why the answer does not do; empty when it does."""
        said = answer.extra_data
        if not answer.is_valid:
            return "not solved"
        if not _is_our_host(said.get("hostname")):
            return "another site's token"
        if kind() == "checkbox":
            return ""
        if answer.action != self.action:
            return "another form's token"
        score = said.get("score")
        if not isinstance(score, int | float) or score < LEAST_SCORE:
            return "low score"
        return ""


def _is_our_host(host: object) -> bool:
    """Whether the token was made on our pages. Google's public test keys name no real host."""
    if settings.RECAPTCHA_PRIVATE_KEY == TEST_PRIVATE_KEY and not settings.PRODUCTION:
        return True
    return host in {settings.SITE_HOST, *settings.ALLOWED_HOSTS}
