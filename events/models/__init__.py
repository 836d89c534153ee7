from events.models.attending import Certificate, Needs
from events.models.bookings import Booking
from events.models.details import CalendarFeed, Document, Message, Session, Speaker, SurveyAnswer
from events.models.programme import Event, EventQuerySet, Price
from events.models.terms import BookingTerms

__all__ = [
    "Booking",
    "BookingTerms",
    "CalendarFeed",
    "Certificate",
    "Document",
    "Event",
    "EventQuerySet",
    "Message",
    "Needs",
    "Price",
    "Session",
    "Speaker",
    "SurveyAnswer",
]
