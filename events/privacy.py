"""What this room stores of people, why, and for how long."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from privacy.recipients import HOSTING, MAIL, ORGANISER
from privacy.register import (
    Basis,
    Category,
    Data,
    Keep,
    Purpose,
    Sooner,
    declare,
    no_person,
    technical,
)

EVENTS = Purpose(
    key="events",
    title=_("Events that you book"),
    why=_("To hold a seat for you, send you what you need for the day and know who came."),
    basis=Basis.CONTRACT,
    keep=Keep(months=6, after=_("the event")),
    needed=_(
        "Name and e-mail are required: without them we cannot book a seat for you. You need no "
        "account, and your employer is up to you."
    ),
    whom=_("Those who book a seat, for whom a seat is booked, or who are on a waiting list."),
    source=_("You gave it to us, or whoever booked the seat for you did; we told you who."),
    recipients=(HOSTING, MAIL, ORGANISER),
)

declare(
    "events.Booking",
    person="user",
    person_email="email",
    purpose=EVENTS,
    kept_from="event__ends_at",
    fields={
        "name": Data(Category.IDENTITY),
        "email": Data(Category.CONTACT),
        "employer": Data(Category.WORK),
        "language": Data(Category.CHOICES),
        "terms": Data(Category.CHOICES),
        "event mode": Data(Category.PARTICIPATION),
        "state seat held_until priority priority_reason": Data(
            Category.PARTICIPATION, provided=False
        ),
        "created_at confirmed_at attended_at cancelled_at": Data(
            Category.PARTICIPATION, provided=False
        ),
        "amount audience invoice_line": Data(Category.PAYMENT, provided=False),
        "public_id cart": technical(),
    },
    actors="booked_by",
    sooner=[
        Sooner(
            Q(state__in=["waiting", "offered"]),
            kept_from="event__ends_at",
            keep=Keep(after=_("the event you waited for")),
        ),
        Sooner(
            Q(state__in=["held", "lapsed"]),
            kept_from="created_at",
            keep=Keep(days=7, after=_("you put a seat into the cart without booking it")),
        ),
    ],
)
declare(
    "events.Certificate",
    person="booking__user",
    purpose=EVENTS,
    kept_with="booking",
    fields={"code hours issued_at revoked_at": Data(Category.PARTICIPATION, provided=False)},
)
no_person(
    "events.Event",
    fields=(
        "public_id slug kind title_sv title_en summary_sv summary_en description_sv "
        "description_en place address map_url online_url starts_at ends_at capacity "
        "online_capacity education_hours booking_opens_at booking_closes_at cancel_until product "
        "published_at cancelled_at cancelled_reason"
    ),
    reason=_("The programme, as it is published."),
)
no_person(
    "events.Price",
    fields="event audience amount until demands_paid_fee",
    reason=_("What a seat costs whom."),
)
no_person(
    "events.BookingTerms",
    fields="valid_from body_sv body_en",
    reason=_("What those who book agree to."),
)
