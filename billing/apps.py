from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BillingConfig(AppConfig):
    name = "billing"
    verbose_name = _("Billing")

    def ready(self) -> None:
        # Registers what queued mails may ask for; importing is the whole effect.
        from billing import emails  # noqa: F401, PLC0415
