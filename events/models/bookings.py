"""Seats: held, waited for, confirmed, used, given back."""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from billing.models import InvoiceLine
from billing.money import MoneyField
from events.models.programme import Event, Price
from events.models.terms import BookingTerms
from members.models import Application


class BookingQuerySet(models.QuerySet["Booking"]):
    def seated(self) -> "BookingQuerySet":
        """Has a seat, for good or for a while."""
        return self.filter(state__in=Booking.SEATED)

    def lapsed(self, now: datetime) -> "BookingQuerySet":
        """Held or offered until a moment that has passed: the seat is free for the next."""
        return self.filter(state__in=Booking.FOR_A_WHILE, held_until__lte=now)

    def live(self) -> "BookingQuerySet":
        """Has a seat or a place in line."""
        return self.filter(state__in=Booking.LIVE)

    def in_cart(self, cart: uuid.UUID | None, user: Any) -> "BookingQuerySet":
        """Held by one browser (`cart`) or one person (`user`), whose several browsers are one."""
        mine = Q(pk__in=[])
        if cart is not None:
            mine |= Q(cart=cart)
        if user is not None:
            mine |= Q(booked_by=user)
        return self.filter(mine, state=Booking.State.HELD)

    def of_person(self, user: Any) -> "BookingQuerySet":
        """The person's own seats, also those that somebody booked for their (proven) address."""
        return self.filter(Q(user=user) | Q(user__isnull=True, email__iexact=user.email))

    def waiting(self) -> "BookingQuerySet":
        """The waiting list in its order. A place in line is this ordering and nothing else."""
        return self.filter(state=Booking.State.WAITING).order_by("-priority", "created_at", "pk")

    def unsettled(self, now: datetime) -> "BookingQuerySet":
        """Whom the clock or a free seat may move."""
        return self.lapsed(now) | self.filter(state=Booking.State.WAITING)

    def coming_to(self) -> "BookingQuerySet":
        return self.filter(state__in=Booking.COMING)


class Booking(models.Model):
    """One person's seat, or place in line, at one event."""

    class State(models.TextChoices):
        HELD = "held", pgettext_lazy("booking", "in the cart")
        WAITING = "waiting", pgettext_lazy("booking", "on the waiting list")
        OFFERED = "offered", pgettext_lazy("booking", "offered a seat")
        CONFIRMED = "confirmed", pgettext_lazy("booking", "confirmed")
        ATTENDED = "attended", pgettext_lazy("booking", "attended")
        CANCELLED = "cancelled", pgettext_lazy("booking", "cancelled")
        LAPSED = "lapsed", pgettext_lazy("booking", "lapsed")

    class Mode(models.TextChoices):
        ON_SITE = "on_site", pgettext_lazy("seat", "on site")
        ONLINE = "online", pgettext_lazy("seat", "online")

    class Badge(models.TextChoices):
        NAME = "name", pgettext_lazy("badge", "my name")
        EMPLOYER = "employer", pgettext_lazy("badge", "my name and employer")
        NOTHING = "nothing", pgettext_lazy("badge", "nothing: I write it myself")

    SEATED = frozenset({State.HELD, State.OFFERED, State.CONFIRMED, State.ATTENDED})
    FOR_A_WHILE = frozenset({State.HELD, State.OFFERED})
    COMING = frozenset({State.CONFIRMED, State.ATTENDED})
    LIVE = frozenset({*SEATED, State.WAITING})
    MOVES: dict[str, frozenset[State]] = {
        State.HELD: frozenset({State.CONFIRMED, State.LAPSED}),
        State.WAITING: frozenset({State.OFFERED, State.CANCELLED}),
        State.OFFERED: frozenset({State.HELD, State.CONFIRMED, State.CANCELLED, State.LAPSED}),
        State.CONFIRMED: frozenset({State.ATTENDED, State.CANCELLED}),
        State.ATTENDED: frozenset({State.CONFIRMED}),
        State.CANCELLED: frozenset(),
        State.LAPSED: frozenset({State.HELD}),
    }

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event = models.ForeignKey(
        Event, verbose_name=_("event"), on_delete=models.PROTECT, related_name="bookings"
    )
    mode = models.CharField(_("where"), max_length=7, choices=Mode.choices, default=Mode.ON_SITE)
    state = models.CharField(_("state"), max_length=9, choices=State.choices)
    seat = models.PositiveIntegerField(
        _("seat"),
        null=True,
        blank=True,
        help_text=_("Number among the seats of its kind; two bookings can never share one."),
    )
    held_until = models.DateTimeField(_("held until"), null=True, blank=True)
    priority = models.SmallIntegerField(_("priority in line"), default=0)
    priority_reason = models.CharField(_("why it goes first"), max_length=200, blank=True)

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="bookings",
        help_text=_("None for a guest without an account."),
    )
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    employer = models.CharField(_("employer"), max_length=120, blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=settings.LANGUAGES, default="sv"
    )
    booked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("booked by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="bookings_made",
    )
    cart = models.UUIDField(
        _("cart"),
        null=True,
        blank=True,
        db_index=True,
        help_text=_("Seats that are checked out together; a cart is checked out once."),
    )

    amount = MoneyField(_("price including VAT"), default=0)
    audience = models.CharField(
        _("audience"),
        max_length=10,
        choices=Price.Audience.choices,
        default=Price.Audience.PUBLIC,
        help_text=_("Whose price it is; decided when booked and frozen then."),
    )
    invoice_line = models.OneToOneField(
        InvoiceLine,
        verbose_name=_("invoice line"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="booking",
    )
    difference_line = models.OneToOneField(
        InvoiceLine,
        verbose_name=_("invoice line of the difference"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="booking_of_difference",
        help_text=_("What was added when the members' price turned out not to be theirs."),
    )
    application = models.ForeignKey(
        Application,
        verbose_name=_("application for membership"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="bookings",
        help_text=_("Joined and booked at once, at the members' price."),
    )
    badge = models.CharField(
        _("on the badge"), max_length=8, choices=Badge.choices, default=Badge.NAME
    )
    has_answered_survey = models.BooleanField(
        _("has answered the survey"), default=False, help_text=_("Not what was answered.")
    )
    is_walk_in = models.BooleanField(_("came without a booking"), default=False)
    terms = models.ForeignKey(
        BookingTerms,
        verbose_name=_("terms that were accepted"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="bookings",
    )
    created_at = models.DateTimeField(_("booked at"), default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    attended_at = models.DateTimeField(_("checked in at"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)
    history = HistoricalRecords()
    _history_user: Any

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        constraints = [
            # Behind the lock: a seat has a number, and a number is taken once. Without the lock
            # two bookings could only collide here, never oversell.
            models.UniqueConstraint(
                name="booking_seat_once",
                fields=["event", "mode", "seat"],
                condition=Q(seat__isnull=False),
            ),
            models.CheckConstraint(
                name="booking_seated_has_seat",
                condition=Q(
                    state__in=["held", "offered", "confirmed", "attended"], seat__isnull=False
                )
                | Q(state__in=["waiting", "cancelled", "lapsed"], seat__isnull=True),
            ),
            models.CheckConstraint(
                name="booking_for_a_while_has_end",
                condition=Q(state__in=["held", "offered"], held_until__isnull=False)
                | (~Q(state__in=["held", "offered"]) & Q(held_until__isnull=True)),
            ),
            models.CheckConstraint(
                name="booking_attended_has_time",
                condition=Q(state="attended", attended_at__isnull=False)
                | (~Q(state="attended") & Q(attended_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="booking_cancelled_has_time",
                condition=Q(state="cancelled", cancelled_at__isnull=False)
                | (~Q(state="cancelled") & Q(cancelled_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="booking_confirmed_has_person",
                condition=~Q(state__in=["confirmed", "attended", "waiting", "offered"])
                | (~Q(name="") & ~Q(email="")),
            ),
            models.UniqueConstraint(
                name="booking_once_an_account",
                fields=["event", "user"],
                condition=Q(
                    user__isnull=False,
                    state__in=["held", "waiting", "offered", "confirmed", "attended"],
                ),
            ),
            # Not once an address for everybody: a refusal would tell strangers who is coming.
            models.UniqueConstraint(
                "event",
                "cart",
                Lower("email"),
                name="booking_once_an_address_in_a_cart",
                condition=~Q(email="")
                & Q(
                    cart__isnull=False,
                    state__in=["held", "waiting", "offered", "confirmed", "attended"],
                ),
            ),
        ]
        indexes = [
            models.Index(
                name="booking_for_a_while",
                fields=["held_until"],
                condition=Q(state__in=["held", "offered"]),
            ),
            models.Index(name="booking_line", fields=["event", "state", "created_at"]),
            models.Index(Lower("email"), name="booking_by_email"),
        ]

    def __str__(self) -> str:
        return f"{self.name or self.email or self.public_id}, {self.event}"

    def has_lapsed(self, now: datetime) -> bool:
        """See also: BookingQuerySet.lapsed."""
        return self.held_until is not None and self.held_until <= now

    @property
    def is_live(self) -> bool:
        return self.state in self.LIVE
