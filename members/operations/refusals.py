"""Why something is not done. The message is for the person at the screen."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """Nothing has been changed."""

    default: str | Promise = ""

    def __init__(self, message: str | Promise = "") -> None:
        self.message = message or self.default
        super().__init__(self.message)

    def __str__(self) -> str:
        return str(self.message)


class AlreadyMember(Refused):
    default = _("You are a member already.")


class AlreadyInReview(Refused):
    default = _("You have an application that we are looking at already.")


class NotToReview(Refused):
    default = _("This application is not waiting for a decision.")


class ReasonMissing(Refused):
    default = _("Write a reason: it is mailed to the applicant.")


class DayBeforeFirst(Refused):
    default = _("The last day comes before the first.")


class NotMember(Refused):
    default = _("There is no membership running.")


class HasLeft(NotMember):
    default = _("You have left the association.")


class NothingToRegret(Refused):
    default = _("There is no leaving to take back.")


class NoStudent(Refused):
    default = _("Only a student membership can be changed to an ordinary one.")


class NothingToMove(Refused):
    default = _("There is no unpaid invoice to move.")


class MovedAlready(Refused):
    default = _("This invoice has been moved once already. Write to us and we will help.")


class CannotMerge(Refused):
    default = _("These two accounts cannot be merged as they are.")


class NotOneInvoice(Refused):
    default = _("These fees cannot be put on one invoice.")


class NotYourOwn(Refused):
    default = _("Somebody else has to decide on your own application.")


class AddressTaken(Refused):
    default = _("Somebody else uses this address by now. Write to us and we will help.")
