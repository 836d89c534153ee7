"""Why something about a seat is not done. The message is for the person at the screen."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class BookingRefused(Exception):
    """Nothing has been changed."""

    default: str | Promise = ""

    def __init__(self, message: str | Promise = "") -> None:
        self.message = message or self.default
        super().__init__(self.message)

    def __str__(self) -> str:
        return str(self.message)


class EventFull(BookingRefused):
    default = _("There is no seat left.")


class NotBookable(BookingRefused):
    default = _("This event cannot be booked now.")


class NotHeldThere(BookingRefused):
    default = _("The event is not held in that way.")


class NoPriceForYou(BookingRefused):
    default = _("This event is for members. Log in to book, or become a member.")


class NotFree(BookingRefused):
    default = _("This seat has a price. Put it into the cart.")


class AlreadyBooked(BookingRefused):
    default = _("You already have a seat at this event.")


class NoSuchAccount(BookingRefused):
    default = _("Nobody has an account with that address.")


class AlreadyInLine(BookingRefused):
    default = _("You are already on the waiting list.")


class SeatsAreLeft(BookingRefused):
    default = _("There are seats left: no need to wait.")


class TooManySeats(BookingRefused):
    default = _("So many seats cannot be held in one cart. Write to us, and we will help.")


class TooManyFromHere(BookingRefused):
    default = _(
        "Many seats of this event were just put into carts from your network. Log in, or try again "
        "in half an hour."
    )


class OthersAreWaiting(BookingRefused):
    default = _("Others are waiting for these seats, so they cannot be held for longer.")


class CartIsEmpty(BookingRefused):
    default = _("There is nothing in the cart.")


class CartChanged(BookingRefused):
    default = _("The cart has changed since you opened this page. Please look it over once more.")


class SeatLapsed(BookingRefused):
    default = _("The time was up, and a seat in your cart is no longer held.")


class PriceChanged(BookingRefused):
    default = _("A price has changed since you opened this page. Please look it over once more.")


class SameAddressTwice(BookingRefused):
    default = _("Two seats at one event have the same e-mail address. Everyone needs their own.")


class PayerMissing(BookingRefused):
    default = _("Tell us who pays.")


class TermsNotAccepted(BookingRefused):
    default = _("You need to accept the terms to book.")


class OfferWaits(BookingRefused):
    default = _("A seat is being held for you. Answer the offer in our mail or on my pages.")


class OfferIsOver(BookingRefused):
    default = _("The time to answer this offer is over.")


class TooLateToCancel(BookingRefused):
    default = _("It is too late to cancel this booking here. Write to us instead.")


class NotYours(BookingRefused):
    default = _("This booking belongs to somebody else.")


class WrongState(BookingRefused):
    default = _("That cannot be done with this booking as it is now.")


class ReasonMissing(BookingRefused):
    default = _("Write a reason.")


class TooEarly(BookingRefused):
    default = _("Check-in opens on the day of the event.")


class NotOverYet(BookingRefused):
    default = _("The event is not over yet.")


class ConsentMissing(BookingRefused):
    default = _("We may only keep this if you say yes to it.")


class NotThere(BookingRefused):
    default = _("The survey is for those who were there.")


class AnsweredAlready(BookingRefused):
    default = _("You have answered already. Thank you!")


class SentAlready(BookingRefused):
    default = _("The message has been sent and cannot be changed.")


class NobodyToWriteTo(BookingRefused):
    default = _("There is nobody to send it to.")


class MembersSeat(BookingRefused):
    default = _(
        "This seat has the members' price, which is yours alone. Give it back instead, and let "
        "your colleague book."
    )


class OtherPrice(BookingRefused):
    default = _("Your price is another there. Cancel this booking instead, and book anew.")


class NoDifference(BookingRefused):
    default = _("There is nothing to pay for this seat.")
