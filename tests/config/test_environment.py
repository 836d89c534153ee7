"""A wrong or missing value stops the start with one sentence and its remedy."""

import subprocess
import sys

import pytest

from tests.processes import BARE

# A process each.
pytestmark = pytest.mark.slow

GOOD = {
    "SITE_MODE": "production",
    "SECRET_KEY": "k" * 60,
    "SITE_URL": "https://www.example.org",
    "DATABASE_URL": "postgresql://site:secret@localhost/site",
    "CELERY_BROKER_URL": "redis://localhost:6379/0",
    "CACHE_URL": "redis://localhost:6379/1",
    "EMAIL_URL": "smtp+tls://user:secret@mail.example.org:587",
}


def start(**changes):
    """Load the settings in a process of its own; returns its exit code and last line of error."""
    environment = {key: value for key, value in {**GOOD, **changes}.items() if value is not None}
    done = subprocess.run(
        [sys.executable, "-c", "import django; django.setup(); print('up')"],
        env={
            **BARE,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, (done.stderr.strip().splitlines() or [""])[-1]


def test_a_whole_production_starts():
    assert start() == (0, "")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"SITE_MODE": "prod"}, "Use one of production, demo, test"),
        ({"SECRET_KEY": None}, "make demo"),
        ({"SECRET_KEY": "short"}, "at least 50"),
        ({"SITE_URL": None}, "https://www.example.se"),
        ({"SITE_URL": "http://www.example.org"}, "HTTPS only"),
        ({"SITE_URL": "www.example.org"}, "scheme and host"),
        ({"SITE_URL": "https://www.example.org:99999"}, "scheme and host"),
        ({"SITE_URL": "https://räksmörgås.example"}, "xn--rksmrgs-5wao1o.example"),
        ({"HSTS_SUBDOMAINS": "maybe"}, "yes or no"),
        ({"MAINTENANCE": "soon"}, "yes or no"),
        ({"RETENTION_CAP": "many"}, "a whole number"),
        ({"RECAPTCHA_KIND": "v2"}, "one of checkbox, score"),
        ({"DATABASE_URL": None}, "postgresql://"),
        ({"DATABASE_URL": "mysql://localhost/site"}, "postgresql:// or sqlite://"),
        ({"DATABASE_URL": "nonsense"}, "postgresql://"),
        ({"DATABASE_URL": "postgresql://"}, "postgresql://"),
        ({"DATABASE_URL": "sqlite:///relative.db"}, "four slashes"),
        ({"TRUSTED_PROXY_COUNT": "x"}, "a whole number"),
        ({"CELERY_BROKER_URL": None}, "redis://"),
        ({"CELERY_BROKER_URL": "amqp://localhost"}, "redis://"),
        ({"CELERY_BROKER_URL": "redis://"}, "names no host"),
        ({"CACHE_URL": "locmemcache://"}, "redis://"),
        ({"CACHE_URL": "dummycache://"}, "redis://"),
        ({"CACHE_URL": "redis://"}, "names no host"),
        ({"EMAIL_URL": None}, "smtp+tls://"),
        ({"EMAIL_URL": "smtp+tls://:587"}, "names no mail server"),
        ({"EMAIL_URL": "consolemail://"}, "smtp+tls://"),
        ({"STRIPE_SECRET_KEY": "sk_live_x"}, "STRIPE_WEBHOOK_SECRET is missing"),
        (
            {"STRIPE_SECRET_KEY": "sk_test_x", "STRIPE_WEBHOOK_SECRET": "whsec_x"},
            "live keys",
        ),
        ({"STRIPE_SECRET_KEY": "nonsense", "STRIPE_WEBHOOK_SECRET": "whsec_x"}, "no Stripe key"),
        ({"RECAPTCHA_PUBLIC_KEY": "x"}, "RECAPTCHA_PRIVATE_KEY is missing"),
        ({"SITE_MODE": "demo"}, "runs on this machine only"),
        (
            {
                "SITE_MODE": "demo",
                "SITE_URL": "http://localhost:8000",
                "STRIPE_SECRET_KEY": "sk_live_x",
                "STRIPE_WEBHOOK_SECRET": "whsec_x",
            },
            "test keys",
        ),
        (
            {"SITE_MODE": "demo", "SITE_URL": "http://localhost:8000"},
            "leave EMAIL_URL out",
        ),
    ],
)
def test_a_wrong_value_is_refused_with_its_remedy(changes, says):
    code, error = start(**changes)

    assert code == 1
    assert error.startswith("django.core.exceptions.ImproperlyConfigured")
    assert says in error
