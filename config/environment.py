"""Reads the environment and refuses what is wrong, naming the remedy.

Every value the site takes from outside passes through here, so a wrong or missing one stops the
start with one plain sentence instead of failing a visitor later.
"""

from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

MODES = ("production", "demo", "test")
YES, NO = ("yes", "true", "on", "1"), ("no", "false", "off", "0")
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]", "::1", "testserver"})

env = environ.Env()


def refuse(name: str, problem: str, remedy: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{name} {problem}. {remedy}")


def site_mode() -> str:
    """Where we are. Production is the default: a forgotten variable must never open the demo."""
    mode = env.str("SITE_MODE", default="production")
    if mode not in MODES:
        raise refuse(
            "SITE_MODE", f"is {mode!r}", f"Use one of {', '.join(MODES)} (default: production)."
        )
    return mode


def required(name: str, *, mode: str, fallback: str, remedy: str) -> str:
    """The value of `name`; outside production `fallback` when it is missing."""
    value = env.str(name, default="")
    if value:
        return value
    if mode == "production":
        raise refuse(
            name, "is missing", f"{remedy} To look around without any set-up, run: make demo"
        )
    return fallback


def yes_or_no(name: str, *, default: bool) -> bool:
    text = env.str(name, default="").lower()
    if text not in {"", *YES, *NO}:
        raise refuse(name, f"is {text!r}", "Use yes or no.")
    return text in YES if text else default


def one_of(name: str, *choices: str) -> str:
    """The first choice is the default."""
    value = env.str(name, default="") or choices[0]
    if value not in choices:
        raise refuse(name, f"is {value!r}", f"Use one of {', '.join(choices)}.")
    return value


def whole_number(name: str, *, default: int) -> int:
    text = env.str(name, default="") or str(default)
    if not text.isdecimal():
        raise refuse(name, f"is {text!r}", f"Use a whole number, for example {default}.")
    return int(text)


def secret_key(*, mode: str) -> str:
    value = required(
        "SECRET_KEY",
        mode=mode,
        fallback="only-for-demo-and-tests-" + "x" * 40,
        remedy="Set it to a random text of at least 50 characters.",
    )
    if mode == "production" and len(value) < 50:
        raise refuse("SECRET_KEY", "is too short", "Use at least 50 random characters.")
    return value


def site_url(*, mode: str) -> str:
    """The canonical address, without a closing slash; mails and papers link to it."""
    value = required(
        "SITE_URL",
        mode=mode,
        fallback="http://localhost:8000",
        remedy="Set it to the public address, for example https://www.example.se.",
    ).rstrip("/")
    parts = urlsplit(value)
    is_address = parts.scheme in {"http", "https"} and parts.hostname and _has_good_port(parts)
    if not is_address or parts.path:
        raise refuse("SITE_URL", f"is {value!r}", "Use scheme and host: https://www.example.se.")
    if not value.isascii():
        written = str(parts.hostname).encode("idna").decode()
        raise refuse("SITE_URL", f"is {value!r}", f"Browsers send that name as {written}: use it.")
    if mode == "production" and parts.scheme != "https":
        raise refuse("SITE_URL", "is not https", "Production runs behind HTTPS only.")
    if mode == "demo" and parts.hostname not in LOOPBACK:
        raise refuse(
            "SITE_MODE",
            f"is demo but SITE_URL is {value}",
            "The demo logs anybody in as anybody and runs on this machine only: "
            "use localhost, or SITE_MODE=production.",
        )
    return value


def _has_good_port(parts: SplitResult) -> bool:
    try:
        return parts.port != 0
    except ValueError:  # no number, or too large
        return False


def database(*, mode: str, default: Path) -> dict[str, Any]:
    """Django's database settings from DATABASE_URL (SQLite or PostgreSQL)."""
    url = required(
        "DATABASE_URL",
        mode=mode,
        fallback=f"sqlite:///{default}",
        remedy="Set it like postgresql://user:password@host/name (or sqlite:////path/file).",
    )
    try:
        settings = dict(environ.Env.db_url_config(url))
    except Exception as error:
        raise refuse(
            "DATABASE_URL", "cannot be read", "Use postgresql://user:password@host/name."
        ) from error
    if not settings.get("ENGINE") or not settings.get("NAME"):
        raise refuse("DATABASE_URL", "is incomplete", "Use postgresql://user:password@host/name.")
    if settings["ENGINE"] == "django.db.backends.sqlite3":
        if mode == "production" and not Path(settings["NAME"]).is_absolute():
            raise refuse(
                "DATABASE_URL",
                "names no whole path of a file",
                "Use four slashes: sqlite:////var/lib/dpforum/production.sqlite3.",
            )
        settings["OPTIONS"] = {
            # IMMEDIATE: a writer waits for its turn at BEGIN instead of failing at the first
            # write; without it 194 of 200 simultaneous bookings meet "database is locked".
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
    elif settings["ENGINE"] == "django.db.backends.postgresql":
        options = settings.setdefault("OPTIONS", {})
        settings["CONN_HEALTH_CHECKS"] = True
        settings["CONN_MAX_AGE"] = 60
        options.setdefault("connect_timeout", 5)
    else:
        raise refuse(
            "DATABASE_URL",
            f"asks for {url.split(':', 1)[0]!r}",
            "The site runs on postgresql:// or sqlite://.",
        )
    return settings


REDIS_TIMEOUT_S = 3


def broker_url(*, mode: str) -> str:
    url = required(
        "CELERY_BROKER_URL",
        mode=mode,
        fallback="memory://" if mode == "test" else "filesystem://",
        remedy="Set it like redis://localhost:6379/0.",
    )
    scheme, host = urlsplit(url).scheme, urlsplit(url).hostname
    remedy = "Use redis://host:6379/0 (rediss:// with TLS)."
    if scheme not in {"redis", "rediss", "filesystem", "memory"}:
        raise refuse("CELERY_BROKER_URL", f"is {url!r}", remedy)
    if scheme.startswith("redis") and not host:
        raise refuse("CELERY_BROKER_URL", f"is {url!r} and names no host", remedy)
    return url


def cache(*, mode: str, directory: Path) -> dict[str, Any]:
    """The shared cache. Rate limits live in it, so production needs one that workers share."""
    url = required(
        "CACHE_URL",
        mode=mode,
        fallback="locmemcache://" if mode == "test" else f"filecache://{directory}",
        remedy="Set it like redis://localhost:6379/1.",
    )
    try:
        settings = dict(environ.Env.cache_url_config(url))
    except Exception as error:
        raise refuse("CACHE_URL", "cannot be read", "Use redis://localhost:6379/1.") from error
    if settings["LOCATION"] == "unix://":  # what redis:// without a host is made into
        raise refuse("CACHE_URL", f"is {url!r} and names no host", "Use redis://localhost:6379/1.")
    if mode == "production" and settings["BACKEND"].endswith((".LocMemCache", ".DummyCache")):
        raise refuse(
            "CACHE_URL",
            "is no cache that processes share",
            "Rate limits need a shared one: redis://localhost:6379/1.",
        )
    if settings["BACKEND"].endswith(".RedisCache"):
        # One that has stopped answering is treated as one that is gone.
        timeouts = {"socket_connect_timeout": REDIS_TIMEOUT_S, "socket_timeout": REDIS_TIMEOUT_S}
        settings["OPTIONS"] = {**timeouts, **settings.get("OPTIONS", {})}
    if settings["BACKEND"].endswith(".FileBasedCache"):
        # Beyond 300, unless told, any entry is thrown out: a limit or a used ticket as well.
        settings["OPTIONS"] = {"MAX_ENTRIES": 20_000, **settings.get("OPTIONS", {})}
    return settings


def own_cache(name: str, *, entries: int) -> dict[str, Any]:
    """A cache of each process, apart from its others; what was not used for longest goes first."""
    return {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": name,
        "OPTIONS": {"MAX_ENTRIES": entries},
    }


def email(*, mode: str) -> dict[str, Any]:
    """Django's EMAIL_* settings from EMAIL_URL; the demo keeps its mails in the database only."""
    url = required(
        "EMAIL_URL",
        mode=mode,
        fallback="memorymail://" if mode == "test" else "dummymail://",
        remedy="Set it like smtp+tls://user:password@mail.example.se:587.",
    )
    try:
        settings = dict(environ.Env.email_url_config(url))
    except Exception as error:
        raise refuse(
            "EMAIL_URL", "cannot be read", "Use smtp+tls://user:password@host:587."
        ) from error
    is_smtp = settings["EMAIL_BACKEND"].endswith(".smtp.EmailBackend")
    if mode == "production" and not is_smtp:
        raise refuse("EMAIL_URL", "sends no real mail", "Use smtp+tls://user:password@host:587.")
    if is_smtp and not settings["EMAIL_HOST"]:
        raise refuse("EMAIL_URL", "names no mail server", "Use smtp+tls://user:password@host:587.")
    if mode == "demo" and is_smtp:
        host = str(settings["EMAIL_HOST"])
        if host not in LOOPBACK:
            raise refuse(
                "EMAIL_URL",
                f"sends through {host} while SITE_MODE is demo",
                "The demo's people do not exist: leave EMAIL_URL out.",
            )
    return settings


def proxy_count(*, mode: str) -> int:
    """How many reverse proxies of ours add to X-Forwarded-For; what is before them is hearsay."""
    return whole_number("TRUSTED_PROXY_COUNT", default=1 if mode == "production" else 0)


def both_or_none(first: str, second: str, remedy: str) -> tuple[str, str]:
    """Two keys that only work together."""
    one, two = env.str(first, default=""), env.str(second, default="")
    if bool(one) != bool(two):
        missing = second if one else first
        raise refuse(missing, f"is missing although {first if one else second} is set", remedy)
    return one, two


def stripe_keys(*, mode: str) -> tuple[str, list[str], str | None]:
    """Secret key, webhook secrets (several while one is being changed) and another API address."""
    key, secrets = both_or_none(
        "STRIPE_SECRET_KEY",
        "STRIPE_WEBHOOK_SECRET",
        "Take both from Stripe's dashboard, or leave both out: then there is no card payment.",
    )
    base = env.str("STRIPE_API_BASE", default="") or None
    if key and not key.startswith(("sk_test_", "sk_live_", "rk_test_", "rk_live_")):
        raise refuse("STRIPE_SECRET_KEY", "is no Stripe key", "It begins with sk_live_.")
    if mode == "production" and (base or "_test_" in key):
        raise refuse(
            "STRIPE_SECRET_KEY",
            "is a test key (or STRIPE_API_BASE is set)",
            "Production takes live keys and Stripe's own address only.",
        )
    if mode != "production" and "_live_" in key:
        raise refuse("STRIPE_SECRET_KEY", "is a live key", f"SITE_MODE={mode} takes test keys.")
    return key, [part.strip() for part in secrets.split(",") if part.strip()], base
