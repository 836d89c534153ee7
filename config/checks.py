"""System checks of our own. They refuse a production that would be dangerous."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security)
def demo_stays_at_home(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The demo logs anybody in as anybody: it must not exist where real people are."""
    if not settings.PRODUCTION or "config.demo" not in settings.INSTALLED_APPS:
        return []
    return [Error("The demo is installed in production.", id="config.E001")]


GOOGLES_TEST_KEY = "6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI"
ARGON2 = "members.hashers.Argon2"
# Tasks without which promises are broken by themselves: mail, seats, dues, what must be forgotten.
PROMISED = frozenset({"config.tasks.nightly", "mail.tasks.sweep", "events.tasks.sweep_seats"})


def _shared_cache() -> bool:
    backend = settings.CACHES["default"]["BACKEND"].lower()
    return not any(word in backend for word in ("locmem", "dummy"))


def _host_cookies() -> bool:
    names = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME)
    return all(name.startswith("__Host-") for name in names)


def _strict_policy() -> bool:
    told: dict[str, Any] = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    sources = {str(source) for listed in told.values() for source in listed}
    is_loose = any(source.startswith(("'unsafe", "*", "http:")) for source in sources)
    closed = ("default-src", "object-src", "base-uri", "frame-ancestors")
    return not is_loose and all(told.get(name) == ["'none'"] for name in closed)


def _patient_database() -> bool:
    database: dict[str, Any] = settings.DATABASES["default"]
    is_sqlite = database["ENGINE"].endswith("sqlite3")
    return not is_sqlite or database.get("OPTIONS", {}).get("transaction_mode") == "IMMEDIATE"


def _promises_kept() -> bool:
    return {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} >= PROMISED


# What is true in a production that is safe, and what to do where it is not. Missing and malformed
# values never come this far: config/environment.py refuses to start.
DEMANDS: list[tuple[str, Callable[[], bool], str]] = [
    (
        "config.E002",
        _shared_cache,
        "Each process counts log-ins for itself. Set CACHE_URL to a cache that they share.",
    ),
    (
        "config.E003",
        lambda: settings.PASSWORD_HASHERS[0] == ARGON2,
        "New passwords are not stored with Argon2. Put it first in PASSWORD_HASHERS.",
    ),
    (
        "config.E004",
        _patient_database,
        "SQLite needs transaction_mode IMMEDIATE, or simultaneous bookings fail.",
    ),
    ("config.E005", _promises_kept, "The schedule lacks the night or a sweep."),
    (
        "config.E006",
        _strict_policy,
        "The content policy allows more than our own scripts and styles.",
    ),
    (
        "config.E007",
        _host_cookies,
        "Cookies must be named __Host-…, so that no subdomain sets them.",
    ),
    (
        "config.E008",
        lambda: settings.STAFF_NEEDS_TWO_STEPS,
        "Staff can log in with a password alone. Turn STAFF_NEEDS_TWO_STEPS on.",
    ),
    (
        "config.E009",
        lambda: "*" not in settings.ALLOWED_HOSTS,
        "Any host name is answered. Name the site's own in ALLOWED_HOSTS.",
    ),
    (
        "config.E010",
        lambda: settings.RECAPTCHA_PUBLIC_KEY != GOOGLES_TEST_KEY,
        "These reCAPTCHA keys are Google's for tests: they let every robot in.",
    ),
    (
        "config.E011",
        lambda: settings.EMAIL_BACKEND.endswith(".smtp.EmailBackend"),
        "Mail is not sent. Set EMAIL_URL.",
    ),
    (
        "config.E012",
        lambda: settings.SECURE_HSTS_SECONDS >= 365 * 24 * 3600,
        "Browsers must be told for a year or longer to use HTTPS only.",
    ),
    (
        "config.E013",
        lambda: settings.STORAGES["staticfiles"]["BACKEND"].startswith("whitenoise."),
        "Static files have no fingerprint in their names, so old ones stay in browsers.",
    ),
]


@register(Tags.security, deploy=True)
def production_is_safe(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    return [Error(said, id=number) for number, is_met, said in DEMANDS if not is_met()]
