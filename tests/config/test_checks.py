"""Each demand on a production is met by ours and refused where it is not."""

import subprocess
import sys

import pytest
from csp.constants import NONE, SELF, UNSAFE_INLINE

from config import checks
from config.schedule import BEAT_SCHEDULE
from tests.config.test_environment import GOOD
from tests.processes import BARE

SAFE = {
    "CACHES": {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache"}},
    "PASSWORD_HASHERS": [checks.ARGON2],
    "SESSION_COOKIE_NAME": "__Host-sessionid",
    "CSRF_COOKIE_NAME": "__Host-csrftoken",
    "STAFF_NEEDS_TWO_STEPS": True,
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "SECURE_HSTS_SECONDS": 2 * 365 * 24 * 3600,
    "STORAGES": {"staticfiles": {"BACKEND": "whitenoise.storage.Compressed"}},
}
CLOSED = {name: [NONE] for name in ("default-src", "object-src", "base-uri", "frame-ancestors")}
SLOW_SQLITE = {"ENGINE": "django.db.backends.sqlite3", "OPTIONS": {}}


def cache(backend):
    return {"default": {"BACKEND": f"django.core.cache.backends.{backend}"}}


LONG_KEY = {"SECRET_KEY": "".join(map(chr, range(48, 110)))}


def policy(**directives):
    told = {name.replace("_", "-"): value for name, value in directives.items()}
    return {"DIRECTIVES": {**CLOSED, **told}}


@pytest.fixture
def told(settings):
    for name, value in SAFE.items():
        setattr(settings, name, value)
    return lambda: [message.id for message in checks.production_is_safe(None)]


def test_a_safe_production_is_content(told):
    assert told() == []


@pytest.mark.parametrize(
    ("number", "name", "value"),
    [
        ("E002", "CACHES", cache("dummy.DummyCache")),
        (
            "E002",
            "CACHES",
            {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
        ),
        ("E003", "PASSWORD_HASHERS", ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]),
        ("E005", "CELERY_BEAT_SCHEDULE", {"nightly": BEAT_SCHEDULE["nightly"]}),
        ("E006", "CONTENT_SECURITY_POLICY", policy(style_src=[SELF, UNSAFE_INLINE])),
        ("E006", "CONTENT_SECURITY_POLICY", policy(img_src=["*"])),
        ("E006", "CONTENT_SECURITY_POLICY", policy(default_src=[SELF])),
        ("E007", "SESSION_COOKIE_NAME", "sessionid"),
        ("E007", "CSRF_COOKIE_NAME", "csrftoken"),
        ("E008", "STAFF_NEEDS_TWO_STEPS", False),
        ("E009", "ALLOWED_HOSTS", ["*"]),
        ("E010", "RECAPTCHA_PUBLIC_KEY", checks.GOOGLES_TEST_KEY),
        ("E011", "EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend"),
        ("E012", "SECURE_HSTS_SECONDS", 3600),
        ("E013", "STORAGES", {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.X"}}),
    ],
)
def test_what_is_dangerous_is_refused(told, settings, number, name, value):
    setattr(settings, name, value)
    assert told() == [f"config.{number}"]


def test_an_impatient_sqlite_is_refused(told, settings, monkeypatch):
    monkeypatch.setitem(settings.DATABASES, "default", SLOW_SQLITE)
    assert told() == ["config.E004"]


def test_the_demo_is_refused_in_production(settings):
    settings.PRODUCTION = True
    settings.INSTALLED_APPS = ["config.demo"]
    assert [message.id for message in checks.demo_stays_at_home(None)] == ["config.E001"]


@pytest.mark.slow
def test_the_real_production_has_no_warning_at_all():
    """As docs/operations.md asks for it before the first start."""
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        env={**BARE, **GOOD, **LONG_KEY},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
