"""What is kept outside the tables: cookies in the browser, cache, logs, backups."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from privacy.basic_purposes import GOOGLE_CHECK, SECURITY
from privacy.purposes import Text
from privacy.register import Store, store


@dataclass(frozen=True)
class Cookie:
    """One cookie of ours. `flags` as the browser shows them."""

    name: str
    purpose: Text
    when: Text
    life: Text
    flags: str


def cookies() -> list[Cookie]:
    """Every cookie that the site sets, and nothing else; a test reads them off the answers."""
    secure = ["Secure"] if settings.SESSION_COOKIE_SECURE else []
    return [
        Cookie(
            name=settings.SESSION_COOKIE_NAME,
            purpose=_("Keeps you logged in and remembers the steps of a form and the cart."),
            when=_("When you log in, put something into the cart or begin a form in steps."),
            life=_("Until you close the browser; 14 days if you asked to stay logged in."),
            flags=", ".join([*secure, "HttpOnly", "SameSite=Lax"]),
        ),
        Cookie(
            name=settings.CSRF_COOKIE_NAME,
            purpose=_("Makes sure that a form was sent by you and not by another site."),
            when=_("On pages with a form."),
            life=_("Until you close the browser."),
            flags=", ".join([*secure, "HttpOnly", "SameSite=Lax"]),
        ),
    ]


store(
    Store(
        title=_("Counters against misuse"),
        holds=_(
            "How often a form was sent from one network or to one address. Both are stored as "
            "fingerprints that cannot be turned back without our key."
        ),
        purpose=SECURITY,
        kept=_("One day at most, in memory."),
        on_erasure=_("They go by themselves within a day."),
    )
)
store(
    Store(
        title=_("Logs of the server"),
        holds=_("Time, page and outcome of requests, and errors, without names and addresses."),
        purpose=SECURITY,
        kept=_("90 days."),
        on_erasure=_("Nothing in them points at you."),
    )
)
store(
    Store(
        title=_("Backups"),
        holds=_("Copies of all tables, for the day when something breaks."),
        purpose=SECURITY,
        kept=_("35 days."),
        on_erasure=_("They run out within 35 days."),
    )
)
if settings.RECAPTCHA_OFFERED:
    store(
        Store(
            title=_("What Google is told"),
            holds=_("Only if you press the button for Google's check."),
            purpose=GOOGLE_CHECK,
            kept=_("We keep nothing of it."),
            on_erasure=_("There is nothing of it here."),
        )
    )
