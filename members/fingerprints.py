"""Knowing a person again after erasure, without keeping who it was.

A fingerprint is keyed (HMAC-SHA-256 under the site's secret), so nobody can go through a list of
addresses and find out whose it is without the key. Keys that were retired but still stand in
SECRET_KEY_FALLBACKS are recognised.
"""

import hmac
from hashlib import sha256

from django.conf import settings

_SALT = b"members.free-year:"


def fingerprint(value: str, *, secret: str | None = None) -> str:
    """Of an e-mail address or a card number, however it was typed."""
    key = sha256(_SALT + (secret or settings.SECRET_KEY).encode()).digest()
    return hmac.new(key, "".join(value.split()).lower().encode(), sha256).hexdigest()


def all_fingerprints(value: str) -> list[str]:
    """Under the present key and every earlier one that is still known."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [fingerprint(value, secret=secret) for secret in secrets]
