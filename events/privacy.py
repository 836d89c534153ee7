"""What this room stores of people, why, and for how long."""

from datetime import timedelta

from django.db.models import Case, DateTimeField, Exists, F, OuterRef, Q, Value, When
from django.utils.translation import gettext_lazy as _

from events.models import Certificate
from privacy.recipients import HOSTING, MAIL, ORGANISER
from privacy.register import (
    Basis,
    Category,
    Data,
    Keep,
    Purpose,
    Sooner,
    also_holds,
    declare,
    no_person,
    technical,
)

NEEDS = Purpose(
    key="needs",
    title=_("Diet and access at an event"),
    why=_("To give you food that you can eat, and a place that you can take part in."),
    basis=Basis.EXPLICIT_CONSENT,
    keep=Keep(days=7, after=_("the event")),
    needed=_("Voluntary, and asked only where there is food or a room to prepare."),
    withdraw=_("On the page of your booking; what you told us is then deleted at once."),
    whom=_("Those who tell us of their diet or of what they need to take part."),
    recipients=(HOSTING, ORGANISER),
)
EVENTS = Purpose(
    key="events",
    title=_("Events that you book"),
    why=_("To hold a seat for you, send you what you need for the day and know who came."),
    basis=Basis.CONTRACT,
    keep=Keep(
        months=6, after=_("the event, or two years after it if you have a certificate of it")
    ),
    needed=_(
        "Name and e-mail are required: without them we cannot book a seat for you. You need no "
        "account, and your employer is up to you."
    ),
    whom=_("Those who book a seat, for whom a seat is booked, or who are on a waiting list."),
    source=_("You gave it to us, or whoever booked the seat for you did; we told you who."),
    recipients=(HOSTING, MAIL, ORGANISER),
)

# A certificate that nobody can verify any more proves nothing, and a year's hours are added up when
# the year is over. Those who certify privacy professionals count in terms of two years.
MADE_LONGER = timedelta(days=548)
_IS_CERTIFIED = Exists(Certificate.objects.filter(booking=OuterRef("pk")))
COUNTED_FROM = Case(
    When(_IS_CERTIFIED, then=F("event__ends_at") + Value(MADE_LONGER)),
    default=F("event__ends_at"),
    output_field=DateTimeField(),
)

declare(
    "events.Booking",
    person="user",
    person_email="email",
    purpose=EVENTS,
    kept_from=COUNTED_FROM,
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
        "is_walk_in has_answered_survey": Data(Category.PARTICIPATION, provided=False),
        "badge": Data(Category.CHOICES),
        "application": Data(Category.MEMBERSHIP),
        "amount audience invoice_line difference_line": Data(Category.PAYMENT, provided=False),
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
# A colleague's seat, or one that an employer pays for, stands by name on somebody else's invoice.
also_holds("billing.InvoiceLine", person="booking__user", person_email="booking__email")
also_holds(
    "billing.InvoiceLine",
    person="booking_of_difference__user",
    person_email="booking_of_difference__email",
)
declare(
    "events.Certificate",
    person="booking__user",
    person_email="booking__email",
    purpose=EVENTS,
    kept_with="booking",
    fields={
        "name": Data(Category.IDENTITY, provided=False),
        "shows_name": Data(Category.CHOICES),
        "code hours issued_at revoked_at revoked_because": Data(
            Category.PARTICIPATION, provided=False
        ),
    },
    actors="issued_by",
)
declare(
    "events.Needs",
    person="booking__user",
    person_email="booking__email",
    purpose=NEEDS,
    kept_from="booking__event__ends_at",
    fields={
        "diet allergies access": Data(Category.HEALTH),
        "may_be_named consented_at": Data(Category.CHOICES),
    },
)
declare(
    "events.CalendarFeed",
    person="user",
    purpose=EVENTS,
    kept_with="user",
    fields={"key renewed_at": technical()},
)
no_person(
    "events.Speaker",
    fields="event name role_sv role_en",
    reason=_("The programme, as it is published. Those who speak have agreed to be named."),
)
no_person(
    "events.Session",
    fields="event title_sv title_en starts_at ends_at room speakers",
    reason=_("The programme, as it is published."),
)
no_person(
    "events.Document",
    fields="event title_sv title_en url readers",
    reason=_("Papers and recordings of an event."),
)
no_person(
    "events.SurveyAnswer",
    fields="id event rating useful better",
    reason=_("Answers are kept without anything that tells who gave them, or when."),
)
no_person(
    "events.Message",
    fields=(
        "event receivers subject_sv subject_en body_sv body_en written_at sent_at receivers_count"
    ),
    actors="written_by",
    reason=_("What staff wrote to all who come or wait; to whom it went stands in the mails."),
)
no_person(
    "events.Event",
    fields=(
        "public_id slug kind title_sv title_en summary_sv summary_en description_sv "
        "description_en picture picture_width picture_height picture_alt_sv picture_alt_en place "
        "address map_url online_url starts_at ends_at capacity "
        "online_capacity education_hours booking_opens_at booking_closes_at cancel_until product "
        "published_at cancelled_at cancelled_reason asks_needs attendance_noted_at"
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
