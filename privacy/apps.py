from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    name = "privacy"
    verbose_name = _("Privacy")

    def ready(self) -> None:
        # Importing is the whole effect: declarations fill the register, checks register themselves.
        # The rooms come first, because the notice tells the purposes in this order.
        autodiscover_modules("privacy")
        from privacy import checks, libraries, looks, stores  # noqa: F401, PLC0415

        looks.listen()
