"""The words every declaration of personal data is made of: why, on what ground, how long, for whom.

Values only: nothing here looks at a table. `privacy.register` re-exports what the rooms need.
"""

import calendar
import datetime as dt
from dataclasses import dataclass
from enum import Enum

from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class Basis(Enum):
    """A legal basis of the GDPR, with the article that holds it."""

    CONSENT = ("6.1.a", _("Your consent"))
    CONTRACT = ("6.1.b", _("Contract with you"))
    LEGAL_OBLIGATION = ("6.1.c", _("Legal obligation"))
    LEGITIMATE_INTEREST = ("6.1.f", _("Legitimate interest"))
    EXPLICIT_CONSENT = ("6.1.a, 9.2.a", _("Your explicit consent"))

    @property
    def article(self) -> str:
        return self.value[0]

    @property
    def title(self) -> Text:
        return self.value[1]

    @property
    def rests_on_consent(self) -> bool:
        return self in (Basis.CONSENT, Basis.EXPLICIT_CONSENT)


class Category(models.TextChoices):
    """Kinds of personal data, in the words of the notice and of the record of processing."""

    IDENTITY = "identity", pgettext_lazy("kind of data", "Name and identity")
    CONTACT = "contact", pgettext_lazy("kind of data", "Contact details")
    WORK = "work", pgettext_lazy("kind of data", "Employer and profession")
    STUDIES = "studies", pgettext_lazy("kind of data", "Studies")
    MEMBERSHIP = "membership", pgettext_lazy("kind of data", "Membership")
    PARTICIPATION = "participation", pgettext_lazy("kind of data", "Participation in events")
    PAYMENT = "payment", pgettext_lazy("kind of data", "Orders and payments")
    HEALTH = "health", pgettext_lazy("kind of data", "Diet, access needs and other health data")
    CHOICES = "choices", pgettext_lazy("kind of data", "Consents and choices")
    CORRESPONDENCE = "correspondence", pgettext_lazy("kind of data", "Messages")
    SECURITY = "security", pgettext_lazy("kind of data", "Log-in and security")
    ACTIVITY = "activity", pgettext_lazy("kind of data", "What was done, by whom and when")

    @property
    def is_special(self) -> bool:
        """Special categories, Art. 9."""
        return self is Category.HEALTH


@dataclass(frozen=True)
class Keep:
    """How long: a period, and in words what it is counted from.

    `end_of_year`: the period is counted from the end of the calendar year, as the Bookkeeping Act
    counts (ch. 7 s. 2): 2026 and `years=7` lets go at midnight when 2034 begins.
    """

    after: Text
    days: int = 0
    months: int = 0
    years: int = 0
    end_of_year: bool = False

    def __str__(self) -> str:
        words = {"period": self.period, "event": self.after}
        if not self.period:
            return gettext("Until %(event)s") % words
        if self.end_of_year:
            return gettext("%(period)s after the end of the calendar year when %(event)s") % words
        return gettext("%(period)s after %(event)s") % words

    @property
    def period(self) -> str:
        parts = []
        if self.years:
            parts.append(ngettext("%d year", "%d years", self.years) % self.years)
        if self.months:
            parts.append(ngettext("%d month", "%d months", self.months) % self.months)
        if self.days:
            parts.append(ngettext("%d day", "%d days", self.days) % self.days)
        return ", ".join(parts)

    def until(self, start: dt.date | dt.datetime) -> dt.datetime:
        """The first moment when it is no longer kept, in the association's time zone.

        A date counts as a whole day: the period begins when that day is over.
        """
        if self.end_of_year:
            year = (timezone.localtime(start) if isinstance(start, dt.datetime) else start).year
            start = dt.date(year, 12, 31)
        if isinstance(start, dt.datetime):
            local = timezone.localtime(start)
            moved = local.replace(tzinfo=None)
        else:
            moved = dt.datetime.combine(start, dt.time()) + dt.timedelta(days=1)
        moved = _add_months(moved, self.years * 12 + self.months) + dt.timedelta(days=self.days)
        return timezone.make_aware(moved)


def _add_months(moment: dt.datetime, months: int) -> dt.datetime:
    """The same day so many months on; the last day of the month where there is no such day."""
    years, month = divmod(moment.month - 1 + months, 12)
    year = moment.year + years
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


@dataclass(frozen=True, eq=False)
class Recipient:
    """A kind of receiver outside the association. Who it is today stands in `privacy.Processor`."""

    key: str
    title: Text
    gets: Text
    only_if: Text = ""


EVERYBODY = _("Members, applicants and people who book or write to us.")
FROM_YOU = _("You gave it to us.")


@dataclass(frozen=True, eq=False)
class Purpose:
    """Why we process, with everything Art. 13 wants said about it."""

    key: str
    title: Text
    why: Text
    basis: Basis
    keep: Keep
    needed: Text
    """Is the person obliged to give it, and what happens if not (Art. 13.2.e)."""
    because: Text = ""
    """The law (6.1.c) or the legitimate interest (6.1.f) by name."""
    withdraw: Text = ""
    """How a consent is taken back (Art. 13.2.c)."""
    whom: Text = EVERYBODY
    """Whose data (Art. 30.1.c)."""
    source: Text = FROM_YOU
    recipients: tuple[Recipient, ...] = ()

    def __post_init__(self) -> None:
        named = (Basis.LEGAL_OBLIGATION, Basis.LEGITIMATE_INTEREST)
        if self.basis in named and not self.because:
            raise ValueError(f"Purpose {self.key}: name the law or the interest in `because`.")
        if self.basis.rests_on_consent and not self.withdraw:
            raise ValueError(f"Purpose {self.key}: say in `withdraw` how consent is taken back.")
