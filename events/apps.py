from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = _("Events")

    def ready(self) -> None:
        # Registers what queued mails may ask for, and what keeps accounts apart; importing is the
        # whole effect.
        from events import emails, merging  # noqa: F401, PLC0415
