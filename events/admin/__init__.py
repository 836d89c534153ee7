"""The staff's pages of the programme, its seats and what is proven afterwards."""

from events.admin import bookings, papers, programme

__all__ = ["bookings", "papers", "programme"]
