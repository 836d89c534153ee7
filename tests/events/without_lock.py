"""The site with the lock taken out of it, for a test that shows what the lock is for."""

from config.wsgi import application
from events import allocation
from events.models import Event

allocation.locked = lambda event_id: Event.objects.get(pk=event_id)

__all__ = ["application"]
