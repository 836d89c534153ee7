"""Finding a seat by who sits there, or by what the event is called."""

from django.db.models import Q, QuerySet
from django.db.models.functions import Upper

from events.models import Booking, Event
from members.search import Joined, says


def bookings(rows: QuerySet[Booking], typed: str) -> QuerySet[Booking]:
    """Those of `rows` of which every word is true."""
    for word in typed.split():
        here = Booking.objects.alias(says=text()).filter(says(word)).values("pk")
        titled = Event.objects.filter(Q(title_sv__icontains=word) | Q(title_en__icontains=word))
        there = Booking.objects.filter(event__in=titled.values("pk")).values("pk")
        rows = rows.filter(pk__in=here.union(there))
    return rows


def text() -> Upper:
    """The very expression that the index of the migration holds; PostgreSQL only then uses it."""
    return Upper(Joined("name", "email", "employer"))
