"""What the privacy officer's desk holds: companies, requests, a breach, last night's evidence."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from config.demo.people import PEOPLE
from config.demo.seed.clock import Clock
from members.models import User
from privacy.models import AccessLog, Incident, Processor, Protection, Request
from privacy.operations import clear_expired
from privacy.operations.requesting import due_on

COMPANIES = (
    ("hosting", "Fjällbäck Drift AB", "SE", "processor", "inside", ""),
    ("mail", "Duvslag Post AB", "SE", "processor", "inside", "smtp.duvslag.example"),
    ("card", "Stripe Payments Europe Ltd", "IE", "controller", "clauses", "api.stripe.com"),
    ("bank", "Ekinge Sparbank", "SE", "controller", "inside", ""),
    ("auditor", "Revisorerna vid Torget AB", "SE", "controller", "inside", ""),
    ("google", "Google LLC", "US", "processor", "adequacy", "www.recaptcha.net"),
)


class Desk:
    """Written last: the night clears what the years before have left behind."""

    def __init__(self, clock: Clock, staff: Mapping[str, User]) -> None:
        self.clock, self.staff = clock, staff

    def write(self) -> None:
        self._companies()
        self._looks()
        self._requests()
        self._breach()
        self._protections()
        self._nights()

    def _companies(self) -> None:
        signed = date(self.clock.today.year - 2, 5, 20)
        for recipient, name, country, role, safeguard, host in COMPANIES:
            Processor.objects.create(
                recipient=recipient,
                name=name,
                country=country,
                role=role,
                safeguard=safeguard,
                host=host,
                contract_on=signed if role == "processor" else None,
            )

    def _looks(self) -> None:
        """Ingrid can see who looked: the treasurer, and the secretary twice."""
        looks = (("treasurer", 40, "bookkeeping"), ("secretary", 12, "membership"))
        for key, days, purpose in (*looks, ("secretary", 3, "Ingrid ringde om sin faktura")):
            self._look(key, "member", self.clock.at(self.clock.ago(days), 10, 20), purpose)

    def _look(self, actor: str, person: str, at: datetime, purpose: str) -> None:
        AccessLog.objects.create(
            actor=self.staff[actor],
            role=PEOPLE[actor].group,
            person=_person(person),
            purpose=purpose,
            what="members.User",
            view="admin:members_user_change",
            at=at,
        )

    def _requests(self) -> None:
        self._asked("late", Request.Kind.ERASURE, days=2, identity="inloggning, bekräftad")
        self._asked(
            "guest", Request.Kind.ACCESS, days=25, message="Vad har ni sparat om mig och varför?"
        )
        done = self._asked("newcomer", Request.Kind.RECTIFICATION, days=8, identity="inloggning")
        done.state, done.answer = Request.State.GRANTED, "Vi har rättat din titel."
        done.answered_at = self.clock.at(self.clock.ago(6), 9, 5)
        done.answered_by = self.staff["privacy-officer"]
        done.save()

    def _asked(
        self, key: str, kind: str, *, days: int, message: str = "", identity: str = ""
    ) -> Request:
        person, day = _person(key), self.clock.ago(days)
        return Request.objects.create(
            person=person,
            name=person.name,
            email=person.email,
            language=person.language,
            kind=kind,
            message=message,
            identity=identity,
            received_at=self.clock.at(day, 14, 30),
            due_on=due_on(day),
        )

    def _breach(self) -> None:
        """The treasurer's log-in lay open, and meanwhile two people were looked at."""
        at = self.clock.at(self.clock.ago(1), 15, 10)
        for key in ("member", "late"):
            self._look("treasurer", key, at - timedelta(hours=3), "bookkeeping")
        Incident.objects.create(
            title="Bortglömd dator på tåget",
            kind=Incident.Kind.CONFIDENTIALITY,
            discovered_at=at,
            began_at=at - timedelta(hours=4),
            ended_at=at - timedelta(hours=2),
            actor=self.staff["treasurer"],
            happened="En olåst dator var inloggad i kansliet i två timmar.",
            consequences="Någon kan ha sett namn och fakturor.",
            measures="Sessionen avslutades och lösenordet byttes. Datorn är återlämnad.",
            risk=Incident.Risk.RISK,
        )

    def _protections(self) -> None:
        Protection.objects.create(
            person=_person("lapsed"),
            kind=Protection.Kind.HOLD,
            reason="Tvist om en obetald avgift",
            decided_by=self.staff["privacy-officer"],
        )

    def _nights(self) -> None:
        """As if the site had cleared every night of all these years."""
        clear_expired(today=self.clock.today, cap=1_000_000)


def _person(key: str) -> User:
    return User.objects.get(email=PEOPLE[key].email)
