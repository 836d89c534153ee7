"""Knowing a person again without keeping who it was: keyed, so of no use without our key.

Keys that were retired but still stand in SECRET_KEY_FALLBACKS are recognised.
"""

from django.conf import settings
from django.utils.crypto import salted_hmac


def fingerprint(value: object, *, secret: str | None = None) -> str:
    """HMAC-SHA-256 of an account's public number or of an address, however it was typed."""
    text = "".join(str(value).split()).lower()
    return salted_hmac("privacy.person", text, secret=secret, algorithm="sha256").hexdigest()


def all_fingerprints(value: object) -> list[str]:
    """Under the present key and every earlier one that is still known."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [fingerprint(value, secret=secret) for secret in secrets]
