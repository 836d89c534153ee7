from events.models.bookings import Booking, Certificate
from events.models.programme import Event, Price

__all__ = ["Booking", "Certificate", "Event", "Price"]
