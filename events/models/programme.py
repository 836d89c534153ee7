"""What is on: events and what a seat costs whom."""

import uuid
from datetime import datetime
from typing import Any

from django.core.validators import FileExtensionValidator, MinValueValidator
from django.db import models
from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords
from translated_fields import TranslatedField

from billing.models import Product
from billing.money import MoneyField
from events import pictures


class EventQuerySet(models.QuerySet["Event"]):
    def published(self, now: datetime) -> "EventQuerySet":
        return self.filter(published_at__lte=now)

    def coming(self, now: datetime) -> "EventQuerySet":
        return self.filter(ends_at__gte=now).order_by("starts_at", "pk")

    def past(self, now: datetime) -> "EventQuerySet":
        return self.filter(ends_at__lt=now).order_by("-starts_at", "-pk")

    def not_called_off(self) -> "EventQuerySet":
        return self.filter(cancelled_at__isnull=True)

    def attendance_open(self, now: datetime) -> "EventQuerySet":
        """Over, and nobody has said yet that everyone who came is checked in."""
        return self.not_called_off().filter(ends_at__lt=now, attendance_noted_at__isnull=True)

    def missing(self, language: str) -> "EventQuerySet":
        """Something of them is written in the other language only. See: missing_language()."""
        other = "en" if language == "sv" else "sv"
        lacks = Q(pk__in=[])
        for name in ("title", "summary", "description", "picture_alt"):
            lacks |= Q(**{f"{name}_{language}": "", f"{name}_{other}__gt": ""})
        return self.filter(lacks)

    def with_fill(self, now: datetime) -> "EventQuerySet":
        """Annotates `taken_on_site`, `taken_online` and `waiting`: how full it is at `now`.

        Seats whose time has run out count as free, whether or not the sweep has been there.
        """
        seated = Q(bookings__state__in=["confirmed", "attended"]) | Q(
            bookings__state__in=["held", "offered"], bookings__held_until__gt=now
        )
        return self.annotate(
            taken_on_site=Count("bookings", filter=seated & Q(bookings__mode="on_site")),
            taken_online=Count("bookings", filter=seated & Q(bookings__mode="online")),
            waiting=Count("bookings", filter=Q(bookings__state="waiting")),
        )


class Event(models.Model):
    """A seminar, a network meeting or a conference, on site, online or both."""

    class Kind(models.TextChoices):
        SEMINAR = "seminar", pgettext_lazy("event", "Seminar")
        MEETING = "meeting", pgettext_lazy("event", "Network meeting")
        CONFERENCE = "conference", pgettext_lazy("event", "Conference")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(_("address on the site"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    title = TranslatedField(
        models.CharField(_("title"), max_length=150, blank=True), {"sv": {"blank": False}}
    )
    title_sv: str
    summary = TranslatedField(models.CharField(_("in short"), max_length=300, blank=True))
    description = TranslatedField(models.TextField(_("description"), blank=True))

    picture = models.ImageField(
        _("picture"),
        upload_to=pictures.path,
        blank=True,
        validators=[FileExtensionValidator(pictures.EXTENSIONS)],
        help_text=_("JPEG, PNG or WebP, 5 MB at most. What the camera noted in it is removed."),
    )
    picture_width = models.PositiveIntegerField(null=True, editable=False)
    picture_height = models.PositiveIntegerField(null=True, editable=False)
    picture_alt = TranslatedField(
        models.CharField(
            _("what the picture shows"),
            max_length=300,
            blank=True,
            help_text=_("Read aloud to those who do not see it. Required with a picture."),
        )
    )

    place = models.CharField(_("place"), max_length=120, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    map_url = models.URLField(_("link to a map"), blank=True)
    online_url = models.URLField(
        _("online link"), blank=True, help_text=_("Shown to those who have a seat online.")
    )
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    capacity = models.PositiveIntegerField(
        _("seats on site"), null=True, blank=True, help_text=_("Empty: not held on site.")
    )
    online_capacity = models.PositiveIntegerField(
        _("seats online"), null=True, blank=True, help_text=_("Empty: not held online.")
    )
    education_hours = models.DecimalField(
        _("hours of education"),
        max_digits=5,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0)],
    )
    booking_opens_at = models.DateTimeField(_("booking opens"), null=True, blank=True)
    booking_closes_at = models.DateTimeField(_("booking closes"), null=True, blank=True)
    cancel_until = models.DateTimeField(_("can be cancelled until"), null=True, blank=True)
    product = models.ForeignKey(
        Product, verbose_name=_("product in the books"), on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(_("published from"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("called off at"), null=True, blank=True)
    cancelled_reason = models.CharField(_("why it was called off"), max_length=250, blank=True)
    asks_needs = models.BooleanField(
        _("asks for diet and access needs"),
        default=False,
        help_text=_("Only where there is food or a room to prepare."),
    )
    attendance_noted_at = models.DateTimeField(
        _("attendance noted at"),
        null=True,
        blank=True,
        help_text=_("Whoever has a seat and is not checked in by then did not come."),
    )
    history = HistoricalRecords()
    _history_user: Any

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [
            models.CheckConstraint(
                name="event_ends_after_start",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("The end must be after the beginning."),
            ),
            models.CheckConstraint(
                name="event_picture_is_described",
                condition=Q(picture="") | Q(picture_alt_sv__gt=""),
                violation_error_message=_("Say in Swedish what the picture shows."),
            ),
            models.CheckConstraint(
                name="event_is_held_somewhere",
                condition=Q(capacity__isnull=False) | Q(online_capacity__isnull=False),
            ),
        ]
        indexes = [models.Index(name="event_by_start", fields=["starts_at"])]

    def __str__(self) -> str:
        return self.title_sv

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._measure_picture()
        super().save(*args, **kwargs)

    def _measure_picture(self) -> None:
        """So that the page keeps its place free, and no reading of a row opens the file."""
        if not self.picture:
            self.picture_width = self.picture_height = None
        elif not self.picture._committed:  # type: ignore[attr-defined]
            self.picture_width, self.picture_height = self.picture.width, self.picture.height

    def is_published(self, now: datetime) -> bool:
        return self.published_at is not None and self.published_at <= now

    @property
    def modes(self) -> list[str]:
        """Where it is held, on site first."""
        capacities = {"on_site": self.capacity, "online": self.online_capacity}
        return [mode for mode, capacity in capacities.items() if capacity is not None]

    def capacity_of(self, mode: str) -> int:
        return (self.online_capacity if mode == "online" else self.capacity) or 0

    def seats_free(self, mode: str) -> int:
        """Of a row fetched with `with_fill()`. What counts is counted anew under the lock."""
        return max(0, self.capacity_of(mode) - int(getattr(self, f"taken_{mode}")))

    def is_bookable(self, now: datetime) -> bool:
        """Published, not called off, within the booking window; says nothing about free seats."""
        opens = self.booking_opens_at or self.published_at
        closes = self.booking_closes_at or self.starts_at
        return (
            self.is_published(now)
            and self.cancelled_at is None
            and opens is not None
            and opens <= now < closes
        )

    def can_cancel(self, now: datetime) -> bool:
        """Whether a booking can be given back by the person."""
        return now < (self.cancel_until or self.starts_at)


class Price(models.Model):
    """What a seat costs an audience, in SEK including VAT, perhaps until a day."""

    class Audience(models.TextChoices):
        MEMBER = "member", pgettext_lazy("audience", "Members")
        STUDENT = "student", pgettext_lazy("audience", "Student members")
        PUBLIC = "public", pgettext_lazy("audience", "Everyone")

    event = models.ForeignKey(
        Event, verbose_name=_("event"), on_delete=models.CASCADE, related_name="prices"
    )
    audience = models.CharField(_("audience"), max_length=10, choices=Audience.choices)
    amount = MoneyField(_("price including VAT"), validators=[MinValueValidator(0)])
    until = models.DateField(
        _("until and including"), null=True, blank=True, help_text=_("Early bird. Empty: always.")
    )
    demands_paid_fee = models.BooleanField(_("only when the membership fee is paid"), default=False)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        constraints = [
            models.UniqueConstraint(
                name="price_once_until_a_day", fields=["event", "audience", "until"]
            ),
            models.UniqueConstraint(
                name="price_once_for_good",
                fields=["event", "audience"],
                condition=Q(until__isnull=True),
            ),
            models.CheckConstraint(name="price_not_negative", condition=Q(amount__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.get_audience_display()} {self.amount}"
