"""Links that need no account: whoever holds one holds the booking. Nobody can guess one.

Whoever booked for somebody else has a link of another kind: to what they arranged, not to what the
other has told us or gets from us.
"""

import uuid

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils import translation

from events.models import Booking, Certificate


def _signer(kind: str) -> Signer:
    return Signer(salt=f"events.{kind}", sep=".")


def token_of_booking(booking: Booking) -> str:
    return _signer("booking").sign(booking.public_id.hex)


def token_for_booker(booking: Booking) -> str:
    return _signer("booked-for").sign(booking.public_id.hex)


def booking_id(token: str) -> uuid.UUID | None:
    """The `public_id` in a token of either kind; None when it is not ours."""
    return own_booking_id(token) or _opened("booked-for", token)


def own_booking_id(token: str) -> uuid.UUID | None:
    """The same, only of the token of whoever the seat is for."""
    return _opened("booking", token)


def token_of_cart(cart: uuid.UUID) -> str:
    return _signer("cart").sign(cart.hex)


def cart_id(token: str) -> uuid.UUID | None:
    return _opened("cart", token)


def _opened(kind: str, token: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(_signer(kind).unsign(token))
    except (BadSignature, ValueError):
        return None


def booking_path(booking: Booking) -> str:
    """On a page in the reader's language."""
    return reverse("events:booking", args=[token_of_booking(booking)])


def booked_for_path(booking: Booking) -> str:
    """The same page for whoever booked the seat for somebody else."""
    return reverse("events:booking", args=[token_for_booker(booking)])


def booking_url(booking: Booking, language: str) -> str:
    """With the host, for mails."""
    with translation.override(language):
        return f"{settings.SITE_URL}{booking_path(booking)}"


def release_url(booking: Booking) -> str:
    """Where the seat is given back by one click."""
    with translation.override(booking.user.language if booking.user else booking.language):
        return f"{settings.SITE_URL}{reverse('events:cancel', args=[token_of_booking(booking)])}"


def verify_url(certificate: Certificate, language: str) -> str:
    """The public page of a certificate."""
    with translation.override(language):
        path = reverse("events:certificate", args=[certificate.code])
    return f"{settings.SITE_URL}{path}"


def verify_form_url(language: str) -> str:
    with translation.override(language):
        return f"{settings.SITE_URL}{reverse('events:verify')}"
