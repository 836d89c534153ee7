"""Links in mails that open something without a log-in. Each says one thing only, for a while.

A link proves that its holder read our mail to that address. It never logs anybody in who has an
account already, and nothing happens before a button is pressed: mail scanners follow links too.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse


class Expired(Exception):
    """The link was ours and is too old."""


class NotOurs(Exception):
    """Nobody here made this link."""


@dataclass(frozen=True)
class Link:
    """A kind of link: the view it leads to, what it is signed for and how long it is good."""

    view: str
    salt: str
    lives: timedelta | None

    @property
    def days(self) -> int | None:
        return self.lives.days if self.lives else None

    def url(self, value: object) -> str:
        """Absolute, in the language that is active."""
        token = signing.TimestampSigner(salt=self.salt).sign(str(value))
        return f"{settings.SITE_URL}{reverse(self.view, args=[token])}"

    def read(self, token: str) -> str:
        """What was signed. Raises Expired or NotOurs."""
        try:
            return signing.TimestampSigner(salt=self.salt).unsign(token, max_age=self.lives)
        except signing.SignatureExpired:
            raise Expired from None
        except signing.BadSignature:
            raise NotOurs from None


CONFIRM = Link("members:confirm", "members.confirm", timedelta(days=7))
APPLY_AGAIN = Link("members:apply-again", "members.apply-again", timedelta(days=90))
COME_BACK = Link("members:come-back", "members.come-back", timedelta(days=180))
UNSUBSCRIBE = Link("members:unsubscribe", "members.unsubscribe", None)
CARD = Link("members:check-card", "members.card", None)
INVITATION = Link("members:claim", "members.claim", timedelta(days=60))
KEEP_ADDRESS = Link("members:keep-address", "members.keep-address", timedelta(days=14))
