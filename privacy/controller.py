"""Who answers for the data. The facts belong to another room, so settings name a function."""

from dataclasses import dataclass
from email.utils import parseaddr

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from privacy.purposes import Text


@dataclass(frozen=True)
class Controller:
    """The association as Art. 13.1.a wants it named."""

    name: str
    email: str
    organisation_number: str = ""
    address: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Authority:
    """Where one complains (Art. 77)."""

    name: Text
    url: str
    email: str


AUTHORITY = Authority(
    name=_("The Swedish Authority for Privacy Protection (IMY)"),
    url="https://www.imy.se/",
    email="imy@imy.se",
)


def controller() -> Controller:
    """What `PRIVACY_CONTROLLER` (path of a function) says; without it, whoever sends our mail."""
    path = getattr(settings, "PRIVACY_CONTROLLER", "")
    if path:
        found: Controller = import_string(path)()
        return found
    name, email = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return Controller(name=name, email=email)
