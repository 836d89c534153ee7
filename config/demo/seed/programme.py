"""The programme of three years: what was on and what is coming, told from today."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from billing.models import Product
from config.demo.seed.clock import DAY, Clock, moment
from config.demo.seed.programme_texts import TEXTS, Text
from config.demo.seed.rows import add
from events.models import Event, Price

Kind, Audience = Event.Kind, Price.Audience


@dataclass(frozen=True)
class Plan:
    """`day`: so many days from today, moved to a working day. `share`: how full it is."""

    name: str
    day: int
    kind: str = Kind.SEMINAR
    seats: int | None = 60
    online: int | None = None
    from_hour: int = 13
    hours: int = 3
    share: float = 0.6
    prices: str = "seminar"
    days: int = 1
    called_off: int | None = None
    """So many days from today it was called off."""
    opens: int | None = None
    """Booking opens so many days from today; else a month and a half before."""
    is_draft: bool = False

    @property
    def text(self) -> Text:
        return TEXTS[self.name]


# Who pays what. A price with a number of days holds until so many days before the event.
PRICES: dict[str, list[tuple[str, int, int | None]]] = {
    "seminar": [(Audience.MEMBER, 0, None), (Audience.PUBLIC, 950, None)],
    "free": [(Audience.PUBLIC, 0, None)],
    "members": [(Audience.MEMBER, 0, None)],
    "arena": [
        (Audience.MEMBER, 3900, 45),
        (Audience.MEMBER, 4400, None),
        (Audience.STUDENT, 900, None),
        (Audience.PUBLIC, 5200, 45),
        (Audience.PUBLIC, 5900, None),
    ],
}


def _breakfast(day: int, **more: Any) -> Plan:
    online: dict[str, Any] = {"seats": None, "online": 120, "from_hour": 8, "hours": 1}
    return Plan("breakfast", day, Kind.MEETING, prices="members", **online, **more)


def _arena(day: int, **more: Any) -> Plan:
    two_days: dict[str, Any] = {"from_hour": 9, "hours": 8, "days": 2}
    return Plan("arena", day, Kind.CONFERENCE, prices="arena", **two_days, **more)


PLANS = [
    Plan("processors", -1010),
    Plan("municipal-network", -945, Kind.MEETING, seats=40, prices="members"),
    Plan("deletion", -872),
    _arena(-780, seats=320),
    Plan("schools", -690),
    _breakfast(-622),
    Plan("logs", -548),
    Plan("cameras", -470),
    _arena(-390, seats=340),
    Plan("ai-act", -320, online=200),
    _breakfast(-255),
    Plan("health-data", -205),
    Plan("transfers", -148, online=150, share=0.7),
    Plan("access-requests", -105, share=0.55),
    Plan("summer-network", -76, Kind.MEETING, seats=40, prices="members", share=0.8),
    Plan("ransom", -48, called_off=-55, share=0.4),
    Plan("first-hour", -27, online=120, share=0.75),
    Plan("procurement", -6, online=100, share=0.7),
    Plan("recruitment", 9, online=150, share=0.3),
    _breakfast(14, share=0.25),
    Plan("workshop", 18, seats=24, share=1.0),
    Plan("open-evening", 24, seats=None, online=300, from_hour=17, prices="free", share=0.1),
    Plan("research", 32, called_off=-3, share=0.3),
    Plan("agencies", 40, online=200, share=0.25),
    Plan("drafting", 58, opens=20),
    _arena(80, seats=360, online=200, share=0.22),
    Plan("annual-lecture", 110, is_draft=True),
]


class Programme:
    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.products = {product.code: product for product in Product.objects.all()}

    def write(self) -> dict[Plan, Event]:
        events = dict(zip(PLANS, add([self._event(plan) for plan in PLANS]), strict=True))
        add([price for plan, event in events.items() for price in self._prices(plan, event)])
        return events

    def _event(self, plan: Plan) -> Event:
        first_day = working_day(self.clock.ahead(plan.day), earlier=plan.day < 0)
        starts_at = moment(first_day, plan.from_hour)
        last_day = first_day + DAY * (plan.days - 1)
        text = plan.text
        return Event(
            slug=f"{text.slug}-{first_day:%Y-%m}",
            kind=plan.kind,
            title_sv=_titled(text.title_sv, plan, first_day),
            title_en=_titled(text.title_en, plan, first_day),
            summary_sv=text.summary_sv,
            summary_en=text.summary_en,
            description_sv=text.description_sv,
            description_en=text.description_en,
            place=text.place if plan.seats else "",
            address=text.address if plan.seats else "",
            online_url=f"https://moten.example/{text.slug}" if plan.online else "",
            starts_at=starts_at,
            ends_at=moment(last_day, plan.from_hour + plan.hours),
            capacity=plan.seats,
            online_capacity=plan.online,
            education_hours=Decimal(plan.hours * plan.days) if plan.kind != Kind.MEETING else 0,
            booking_opens_at=self._opens_at(plan, first_day),
            cancel_until=moment(first_day - 7 * DAY, 23, 59) if plan.prices == "arena" else None,
            product=self.products["conference" if plan.kind == Kind.CONFERENCE else "seminar"],
            published_at=None if plan.is_draft else self._published_at(first_day),
            **self._called_off(plan),
        )

    def _opens_at(self, plan: Plan, first_day: date) -> datetime | None:
        return moment(self.clock.ahead(plan.opens), 9) if plan.opens else None

    def _published_at(self, first_day: date) -> datetime:
        return self.clock.at(min(first_day - 60 * DAY, self.clock.ago(60)), 8)

    def _called_off(self, plan: Plan) -> dict[str, object]:
        if plan.called_off is None:
            return {}
        return {
            "cancelled_at": self.clock.at(self.clock.ahead(plan.called_off), 15),
            "cancelled_reason": "Föreläsaren har blivit sjuk. Vi återkommer med ett nytt datum.",
        }

    def _prices(self, plan: Plan, event: Event) -> Iterable[Price]:
        for audience, amount, days_before in PRICES[plan.prices]:
            until = event.starts_at.date() - timedelta(days=days_before) if days_before else None
            yield Price(event=event, audience=audience, amount=Decimal(amount), until=until)


def working_day(day: date, *, earlier: bool) -> date:
    """A Tuesday, Wednesday or Thursday nearby, not at Christmas and not in the summer holiday."""
    step = -DAY if earlier else DAY
    while day.weekday() not in (1, 2, 3) or _is_holiday(day):
        day += step
    return day


def _is_holiday(day: date) -> bool:
    in_the_year = (day.month, day.day)
    return in_the_year >= (12, 19) or in_the_year <= (1, 8) or day.month == 7


def _titled(title: str, plan: Plan, day: date) -> str:
    return f"{title} {day.year}" if plan.prices == "arena" else title
