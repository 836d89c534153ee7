"""One settings file, read from the environment. `config/environment.py` names every remedy."""

import importlib.util
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from config import environment
from config.environment import env
from config.schedule import BEAT_SCHEDULE

BASE_DIR = Path(__file__).resolve().parent.parent
SITE_MODE = environment.site_mode()
DEMO = SITE_MODE == "demo"
TESTING = SITE_MODE == "test"
PRODUCTION = SITE_MODE == "production"
DEBUG = False

VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
SITE_URL = environment.site_url(mode=SITE_MODE)
SITE_HOST = urlsplit(SITE_URL).hostname or ""
SITE_NAME = "Forum för Dataskydd"
CONTACT_EMAIL = "info@dpforum.se"
# How long a process remembers standing facts that pages show: the footer, the fees.
REMEMBERED_S = env.int("REMEMBERED_S", default=0 if TESTING else 10)

SECRET_KEY = environment.secret_key(mode=SITE_MODE)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = [SITE_HOST] if PRODUCTION else [*sorted(environment.LOOPBACK)]

# Every page says that we are working on the site.
MAINTENANCE = environment.yes_or_no("MAINTENANCE", default=False)

# --- The rooms ------------------------------------------------------------------------------

INSTALLED_APPS = [
    "config.apps.ConfigConfig",
    *(["config.demo"] if not PRODUCTION else []),
    "events",
    "members",
    "billing",
    "news",
    "mail",
    "privacy",
    "config.apps.StaffConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_recaptcha",
    "django_altcha",
    "django_prose_editor",
    "js_asset",
    "simple_history",
    "import_export",
]

MIDDLEWARE = [
    "config.logs.log_requests",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.middleware.security_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.known_methods",
    "config.middleware.maintenance",
    "config.kept_pages.kept_pages",
    "config.middleware.public_pages",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "config.staff_sessions.StaffSessions",
    "simple_history.middleware.HistoryRequestMiddleware",
    "config.middleware.private_pages",
    "config.middleware.nothing_stays_after_log_out",
    "privacy.looks.note_looks",
    # Last: its refusal is a page, which asks for the session, the language and the cart.
    "config.middleware.no_null_bytes",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.site",
            ],
        },
    },
]

# --- Where things are kept ------------------------------------------------------------------

DATABASES = {
    "default": environment.database(mode=SITE_MODE, default=VAR_DIR / f"{SITE_MODE}.sqlite3")
}
# Whatever everybody sees alike is made once in so many seconds; 0 makes it for each.
PAGES_KEPT_S = env.int("PAGES_KEPT_S", default=0 if TESTING else 10)
CACHES = {
    "default": environment.cache(mode=SITE_MODE, directory=VAR_DIR / "cache"),
    # Whole pages, and what `{% cache %}` keeps in templates: each process its own, nothing of a
    # person, and nothing that a limit or a ticket stands on.
    "pages": environment.own_cache("pages", entries=500),
    "template_fragments": environment.own_cache("template_fragments", entries=3_000),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
_bootstrap = importlib.util.find_spec("bootstrap")
assert _bootstrap is not None and _bootstrap.submodule_search_locations  # noqa: S101
_BOOTSTRAP_DIR = Path(next(iter(_bootstrap.submodule_search_locations)))
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("bootstrap/css", _BOOTSTRAP_DIR / "css"),
    ("bootstrap/js", _BOOTSTRAP_DIR / "js"),
]
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / ("tests/media" if TESTING else "media")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if TESTING
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# Our scripts and styles are for our pages; no font of ours is asked for by another site.
WHITENOISE_ALLOW_ALL_ORIGINS = False
# Pictures are compressed already, and maps are read by developers only.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("jpg", "jpeg", "png", "gif", "webp", "woff", "woff2", "map")

# --- Languages and time ---------------------------------------------------------------------

LANGUAGE_CODE = "sv"
LANGUAGES = [("sv", _("Swedish")), ("en", _("English"))]
LOCALE_PATHS = [VAR_DIR / "locale", BASE_DIR / "locale"]
TIME_ZONE = "Europe/Stockholm"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = "config.formats"

# --- People, sessions and log-in ------------------------------------------------------------

AUTH_USER_MODEL = "members.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    *(["django.contrib.auth.hashers.MD5PasswordHasher"] if TESTING else []),
    "members.hashers.Argon2",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email", "employer")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "members.passwords.GuessableValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "my-pages"
ACCOUNT_LOGOUT_REDIRECT_URL = "start"

ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 600
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_ADAPTER = "members.accounts.AccountAdapter"
# Over an address that nobody has they take as long.
ACCOUNT_FORMS = {
    "reset_password": "members.forms.known_or_unknown.ResetPasswordForm",
    "request_login_code": "members.forms.known_or_unknown.RequestLoginCodeForm",
}
# A whole annual meeting sits behind one address: generous by address, tight by account.
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "120/m/ip,5/300s/key",
    "signup": "120/m/ip",
    "reset_password": "120/m/ip,5/m/key",
    "reset_password_from_key": "120/m/ip",
    "request_login_code": "120/m/ip,3/m/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = environment.proxy_count(mode=SITE_MODE)
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Forum för Dataskydd"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
# In the demo anybody is anybody by one click; a second step would stand in the way of looking.
STAFF_NEEDS_TWO_STEPS = PRODUCTION

_HOST_PREFIX = "__Host-" if PRODUCTION else ""
SESSION_COOKIE_NAME = f"{_HOST_PREFIX}sessionid"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = f"{_HOST_PREFIX}csrftoken"
CSRF_COOKIE_AGE = None
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SAMESITE = "Lax"
# Forms carry the token themselves; no script of ours reads it.
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
# In the session, not in a cookie of its own: the cookie page names two, and that is all.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- What browsers are told -----------------------------------------------------------------

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 3600 if PRODUCTION else 0
# An association with other sites under its name, without HTTPS, says no to these two.
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION and environment.yes_or_no(
    "HSTS_SUBDOMAINS", default=True
)
SECURE_HSTS_PRELOAD = SECURE_HSTS_INCLUDE_SUBDOMAINS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRETS, STRIPE_API_BASE = environment.stripe_keys(mode=SITE_MODE)
# A form whose answer redirects to the payment page needs that page's origin in form-action.
CHECKOUT_ORIGIN = STRIPE_API_BASE or "https://checkout.stripe.com"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF, *([CHECKOUT_ORIGIN] if STRIPE_SECRET_KEY else [])],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
    }
}

# --- The human check ------------------------------------------------------------------------

_recaptcha = environment.both_or_none(
    "RECAPTCHA_PUBLIC_KEY",
    "RECAPTCHA_PRIVATE_KEY",
    "Take both from Google's console, or leave both out: then Google's check is not offered.",
)
RECAPTCHA_OFFERED = bool(_recaptcha[0])
# Empty keys make django-recaptcha fall back to Google's public test keys and complain of it;
# the field is only built when RECAPTCHA_OFFERED.
RECAPTCHA_PUBLIC_KEY, RECAPTCHA_PRIVATE_KEY = _recaptcha if RECAPTCHA_OFFERED else ("off", "off")
# What the keys were made for: "checkbox" (v2) or "score" (v3).
RECAPTCHA_KIND = environment.one_of("RECAPTCHA_KIND", "checkbox", "score")
RECAPTCHA_DOMAIN = "www.recaptcha.net"
RECAPTCHA_VERIFY_BASE = env.str("RECAPTCHA_VERIFY_BASE", default="https://www.recaptcha.net")
ALTCHA_HMAC_KEY = env.str("ALTCHA_HMAC_KEY", default="") or f"{SECRET_KEY}:altcha"

# Who is responsible for the personal data, as the privacy notice says it.
PRIVACY_CONTROLLER = "config.association.controller"
# How the privacy room sends a letter; it knows nothing of the queue.
PRIVACY_LETTERS = "config.association.send_letter"
# Who was erased, outside the database and its backups: put it on another disk than they are on.
ERASURE_LEDGER = env.str("ERASURE_LEDGER", default=str(VAR_DIR / "erasures.jsonl"))
# What the last restored backup showed, as whoever restores it writes it down.
RESTORE_DRILL = env.str("RESTORE_DRILL", default=str(VAR_DIR / "restore_drill.json"))
# More than this of one table, if it is unusual, is no clearing but an accident: nothing is removed.
RETENTION_CAP = environment.whole_number("RETENTION_CAP", default=500)

# --- Mail and work in the background --------------------------------------------------------

_email = environment.email(mode=SITE_MODE)
EMAIL_BACKEND = _email.pop("EMAIL_BACKEND")
EMAIL_HOST = _email.get("EMAIL_HOST") or "localhost"
EMAIL_PORT = _email.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = _email.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = _email.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = bool(_email.get("EMAIL_USE_TLS"))
EMAIL_USE_SSL = bool(_email.get("EMAIL_USE_SSL"))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Forum för Dataskydd <info@dpforum.se>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

LONGEST_NIGHT_H = 4
CELERY_BROKER_URL = environment.broker_url(mode=SITE_MODE)
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {
        "data_folder_in": str(VAR_DIR / "broker" / "queue"),
        "data_folder_out": str(VAR_DIR / "broker" / "queue"),
        "control_folder": str(VAR_DIR / "broker" / "control"),
        # 50 messages a second instead of 10, for 1.4 % of a core.
        "polling_interval": 0.02,
    }
    if CELERY_BROKER_URL.startswith("filesystem")
    else {
        # Longer than the longest task, or Redis hands the same one out twice. Nobody waits for it:
        # what a killed worker held is found by the sweep of the next minute, or the next night.
        "visibility_timeout": (LONGEST_NIGHT_H + 1) * 3600,
        "socket_connect_timeout": environment.REDIS_TIMEOUT_S,
        # One attempt to hand a message over, and not for long: the sweep finds what it was about.
        # The worker listens for a second at a time, so that this is no limit to its patience.
        "socket_timeout": environment.REDIS_TIMEOUT_S,
        "max_retries": 0,
    }
)
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ALWAYS_EAGER = TESTING and env.bool("CELERY_TASK_ALWAYS_EAGER", default=True)
CELERY_TASK_EAGER_PROPAGATES = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 1800
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = BEAT_SCHEDULE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")

# --- Forms, admin, uploads ------------------------------------------------------------------

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
SIMPLE_HISTORY_REVERT_DISABLED = False
IMPORT_EXPORT_USE_TRANSACTIONS = True
SILENCED_SYSTEM_CHECKS = [
    "security.W019",  # frames are denied by X_FRAME_OPTIONS and the content policy
]

# --- Logs -----------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
        "json": {"()": "config.logs.JsonLines"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "json" if PRODUCTION else "plain",
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        # Django's own handler writes paths, and some of ours are keys.
        "django": {"handlers": [], "propagate": True},
        "request": {"level": "INFO" if PRODUCTION else "WARNING"},
        "fontTools": {"level": "WARNING"},
        "stripe": {"level": "WARNING"},  # at INFO it writes what it was sent, e-mail and all
    },
}
