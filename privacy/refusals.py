"""Why something is not done with somebody's data. The message is for the person at the screen."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """Nothing has been changed."""

    default: str | Promise = ""

    def __str__(self) -> str:
        return str(self.default)


class OnHold(Refused):
    default = _("There is a legal hold on this person's data, or their use is restricted: lift it.")


class WorksHere(Refused):
    default = _("This account belongs to staff. Take away the role first.")


class NotOpen(Refused):
    default = _("This request has been answered.")


class IdentityUnknown(Refused):
    default = _("Write down first how we know that it is the right person.")


class ReasonMissing(Refused):
    default = _("Write a reason: the person is told.")


class AskedAlready(Refused):
    default = _("You have asked for this, and we are on it.")
