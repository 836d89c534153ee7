"""Our own check: the browser finds a number, which takes it a second and a flood of forms for ever.

The challenge and its verification are django-altcha's. Its script is not used: it writes a <style>
into the page and starts a worker from a blob, and our content policy refuses both. Ours is in
static/js/human-check.js.
"""

import base64
import json
from typing import Any

from django import forms
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _
from django_altcha import AltchaField, get_altcha_challenge

from privacy.rate_limits import fingerprint

MOST = 100_000
"""The number to find is at most this: about a second on a phone."""


def challenge(*, seconds: int) -> str:
    """A fresh one as JSON, in the words of the ALTCHA protocol."""
    return json.dumps(get_altcha_challenge(max_number=MOST, expires=seconds * 1000).to_dict())


class ProofField(AltchaField):
    """The solution that the browser found, each good for one form."""

    default_error_messages = {
        "error": _("The check that you are no machine did not work. Please send the form again."),
        "invalid": _("The check that you are no machine ran out. Please send the form again."),
        "replay": _("The check that you are no machine was used before. Please send again."),
    }

    def __init__(self, *, seconds: int, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.seconds = seconds

    def validate(self, value: Any) -> None:
        if value not in self.empty_values:
            super().validate(value)

    def replay_attack_protection(self, payload: str) -> None:
        solved = json.loads(base64.b64decode(payload))["challenge"]
        # `add` looks and writes in one step: of two simultaneous copies one is refused.
        if not cache.add(f"altcha:{fingerprint(solved)}", True, timeout=self.seconds):
            raise forms.ValidationError(self.error_messages["replay"], code="replay")
