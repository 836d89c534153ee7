"""System checks of our own. They refuse a production that would be dangerous."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security)
def demo_stays_at_home(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The demo logs anybody in as anybody: it must not exist where real people are."""
    if not settings.PRODUCTION or "config.demo" not in settings.INSTALLED_APPS:
        return []
    return [Error("The demo is installed in production.", id="config.E001")]
