from events.models.bookings import Booking, Certificate
from events.models.programme import Event, EventQuerySet, Price
from events.models.terms import BookingTerms

__all__ = ["Booking", "BookingTerms", "Certificate", "Event", "EventQuerySet", "Price"]
