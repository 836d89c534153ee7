"""A tour of five minutes: what to do, and where it happens."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from config.demo.people import PEOPLE, DemoPerson
from events.models import Event, Price

Text = str | Promise


@dataclass(frozen=True)
class Way:
    """A link, or a log-in as somebody that leads there."""

    label: Text
    url: str
    person: DemoPerson | None = None


@dataclass(frozen=True)
class Step:
    title: Text
    text: Text
    ways: tuple[Way, ...]
    has_bank_file: bool = False


def steps() -> list[Step]:
    return [_join(), _pay_by_bank(), _book(), _pay_by_card(), _approve(), _see_own_data()]


def _join() -> Step:
    return Step(
        _("Become a member"),
        _(
            "Fill in the form with any name and an address that ends in .example. The link that "
            "confirms it lies among the mails; so does the invoice a moment later."
        ),
        (
            Way(_("Become a member"), reverse("members:join")),
            Way(_("Mails that were sent"), reverse("demo:mails")),
        ),
    )


def _pay_by_bank() -> Step:
    return Step(
        _("Pay by bank"),
        _(
            "Choose an invoice, and you get the file that the bank would send. Then be the "
            "treasurer and import it: the payment finds its invoice, and the receipt is mailed."
        ),
        (
            _as(
                "treasurer",
                _("Import the file as treasurer"),
                reverse("admin:billing_bankfile_add"),
            ),
        ),
        has_bank_file=True,
    )


def _book() -> Step:
    return Step(
        _("Book a seminar in one click"),
        _(
            "Members go free of charge. Log in as Ingrid, choose a seminar and press once; the "
            "confirmation comes with a calendar file. A visitor sees another price, and why."
        ),
        (_as("member", _("See what is on as Ingrid"), _seminar()),),
    )


def _pay_by_card() -> Step:
    return Step(
        _("Pay by card"),
        _(
            "Put the conference into the cart without logging in, check out, and pay the invoice "
            "by card. A page on this machine stands in for Stripe and says which numbers to try."
        ),
        (
            Way(_("Go to the conference"), _conference()),
            _as("newcomer", _("Pay the fee as Mehmet"), reverse("my-pages")),
        ),
    )


def _approve() -> Step:
    return Step(
        _("Approve a student"),
        _(
            "Student applications wait for the membership secretary. See what approving would "
            "give, approve or ask, and read the mail that the applicant gets."
        ),
        (
            _as(
                "secretary",
                _("Look at the applications"),
                f"{reverse('admin:members_application_changelist')}?state__exact=in_review",
            ),
            _as("administrator", _("See what else waits today"), reverse("admin:index")),
        ),
    )


def _see_own_data() -> Step:
    return Step(
        _("See what is stored of you"),
        _(
            "Every member sees all that the site knows of them, why, and for how long. The privacy "
            "notice is made from the same list."
        ),
        (
            _as("member", _("Look as Ingrid"), reverse("privacy:my-data")),
            Way(_("Privacy notice"), reverse("privacy:notice")),
        ),
    )


def _as(key: str, label: Text, url: str) -> Way:
    return Way(label, url, PEOPLE[key])


def _seminar() -> str:
    """The next one that can be booked and costs members nothing, or else the list."""
    now = timezone.now()
    coming = Event.objects.published(now).coming(now).not_called_off()
    free = coming.filter(prices__audience=Price.Audience.MEMBER, prices__amount=0)
    return next((_page_of(event) for event in free if event.is_bookable(now)), _programme())


def _conference() -> str:
    now = timezone.now()
    coming = Event.objects.published(now).coming(now).not_called_off()
    return next(map(_page_of, coming.filter(kind=Event.Kind.CONFERENCE)), _programme())


def _page_of(event: Event) -> str:
    return reverse("events:event", args=[event.slug])


def _programme() -> str:
    return reverse("events:list")
