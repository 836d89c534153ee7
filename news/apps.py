from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsConfig(AppConfig):
    name = "news"
    verbose_name = _("News")

    def ready(self) -> None:
        # Registers what queued mails may ask for; importing is the whole effect.
        from news import emails  # noqa: F401, PLC0415
