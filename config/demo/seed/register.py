"""The members' register: people, who pays for them, their applications, years and consents."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from config.demo.people import STAFF
from config.demo.seed import names
from config.demo.seed.clock import Clock, moment
from config.demo.seed.crowd import HISTORY, Person
from config.demo.seed.lives import Applied
from config.demo.seed.rows import add
from members import consent_chain
from members.fingerprints import fingerprint
from members.models import (
    Application,
    BillingDetails,
    Consent,
    ConsentText,
    FeeExemption,
    FreeYear,
    Membership,
    User,
)


def write_staff(clock: Clock) -> dict[str, User]:
    """By their key. They are no members."""
    created_at = clock.at(clock.ago(HISTORY), 9)
    users = [
        User(
            email=person.email,
            name=person.name,
            password=make_password(None),
            is_staff=True,
            is_superuser=person.is_administrator,
            created_at=created_at,
            details_confirmed_on=clock.ago(100),
        )
        for person in STAFF
    ]
    staff = dict(zip((person.key for person in STAFF), add(users), strict=True))
    for person in STAFF:
        staff[person.key].groups.set(Group.objects.filter(name=person.group))
    add([_address(user) for user in users])
    return staff


class Register:
    """Writes the people in the order in which they came."""

    def __init__(self, random: Random, clock: Clock, people: Sequence[Person], by: User) -> None:
        self.random, self.clock, self.by = random, clock, by
        came = [person for person in people if person.life.joined_on]
        self.people = sorted(came, key=lambda person: (person.life.joined_on, person.email))
        self.applicants = [person for person in people if person.life.applications]
        self.texts = {(text.purpose, text.language): text for text in ConsentText.objects.offered()}

    def write(self) -> None:
        for person in self.people:
            person.user = self._user(person)
        add([person.user for person in self.people if person.user])
        add([_address(person.user) for person in self.people if person.user])
        for person in self.people:
            person.details = self._details(person)
        add([person.details for person in self.people if person.details])
        self._write_years()
        self._write_exemptions()
        add([row for person in self.applicants for row in self._applications(person)])
        add([row for person in self.people for row in self._consents(person)])
        consent_chain.seal()

    # --- People -----------------------------------------------------------------------------------

    def _user(self, person: Person) -> User:
        joined_on = person.life.joined_on
        assert joined_on is not None  # noqa: S101  only such people are here
        confirmed_on = joined_on + timedelta(days=self.random.randint(0, 900))
        return User(
            email=person.email,
            name=person.name,
            password=make_password(None),
            phone=person.phone,
            employer=person.employer.name if person.employer else "",
            title=person.title,
            language=person.language,
            created_at=self._during(joined_on),
            details_confirmed_on=min(confirmed_on, self.clock.ago(1)),
            email_bounced_at=self.clock.at(self.clock.ago(4), 9, 12) if person.bounces else None,
        )

    def _details(self, person: Person) -> BillingDetails:
        user, employer = person.user, person.employer
        if employer is None or not person.employer_pays:
            return BillingDetails(user=user, name=person.name, **self._home(person))
        return BillingDetails(
            user=user,
            payer=BillingDetails.Payer.EMPLOYER,
            name=employer.name,
            organisation_number=employer.organisation_number,
            street=employer.street,
            postcode=employer.postcode,
            city=employer.city,
            email=f"faktura@{employer.domain}",
            reference=f"{self.random.randint(10000, 99999)}" if employer.is_public else person.name,
            order_number=f"IO-{self.random.randint(1000, 9999)}" if self._chance(0.15) else "",
            cost_centre=f"{self.random.randint(100, 989)}" if self._chance(0.25) else "",
            peppol_id=employer.peppol_id if employer.is_public else "",
        )

    def _home(self, person: Person) -> dict[str, str]:
        """Those who pay themselves need not give an address; most do."""
        if person.school or not self._chance(0.8):
            return {}
        city, postcode = self.random.choice(names.TOWNS)
        return {"street": names.street(self.random), "postcode": postcode, "city": city}

    def _chance(self, likely: float) -> bool:
        return self.random.random() < likely

    def _during(self, day: date) -> datetime:
        """At some time of that day when people are awake."""
        return self.clock.at(day, self.random.randint(7, 21), self.random.randint(0, 59))

    # --- Years ------------------------------------------------------------------------------------

    def _write_years(self) -> None:
        for person in self.people:
            for year in person.life.years:
                at = self.clock.night if year.is_by_night else self._during
                year.row = Membership(
                    user=person.user,
                    kind=year.kind,
                    starts_on=year.period.first,
                    ends_on=year.period.last,
                    exempt_reason=year.exempt_reason,
                    ended_on=year.ended_on,
                    ended_why=year.ended_why,
                    created_at=at(year.issued_on),
                )
        add([year.row for person in self.people for year in person.life.years if year.row])
        self._write_free_years()

    def _write_free_years(self) -> None:
        given = {
            fingerprint(mark): person.life.years[0].period.first
            for person in self.people
            if person.life.years and person.life.years[0].kind.first_year_free
            for mark in (person.email, person.mecenat_number)
        }
        add([FreeYear(fingerprint=mark, given_on=day) for mark, day in given.items()])

    def _write_exemptions(self) -> None:
        add(
            [
                FeeExemption(
                    user=person.user,
                    reason=person.life.exempt_reason,
                    starts_on=person.life.years[0].period.first,
                    decided_by=self.by,
                )
                for person in self.people
                if person.life.exempt_reason
            ]
        )

    # --- Applications -----------------------------------------------------------------------------

    def _applications(self, person: Person) -> list[Application]:
        return [self._application(person, applied) for applied in person.life.applications]

    def _application(self, person: Person, applied: Applied) -> Application:
        created_at = self._during(applied.on)
        by_staff = applied.kind.needs_review and applied.decided_on is not None
        return Application(
            form_token=uuid.uuid4(),
            kind=applied.kind,
            state=applied.state,
            user=person.user,
            created_at=created_at,
            confirmed_at=created_at + timedelta(minutes=4) if applied.confirmed_on else None,
            decided_at=self._decided_at(applied, created_at),
            decided_by=self.by if by_staff else None,
            decision_reason=applied.reason,
            question=applied.question,
            asked_at=moment(applied.asked_on, 10, 20) if applied.asked_on else None,
            consents=self._ticked(person, applied),
            **self._answers(person, applied),
        )

    def _decided_at(self, applied: Applied, created_at: datetime) -> datetime | None:
        if applied.decided_on is None:
            return None
        if applied.kind.needs_review:
            return self.clock.at(applied.decided_on, 9, 40)
        return created_at + timedelta(minutes=4)

    def _answers(self, person: Person, applied: Applied) -> dict[str, object]:
        employer = person.employer
        answers: dict[str, object] = {
            "email": person.email,
            "name": person.name,
            "phone": person.phone,
            "employer": employer.name if employer else "",
            "title": person.title,
            "language": person.language,
        }
        if person.school:
            answers["school"], answers["mecenat_number"] = person.school, person.mecenat_number
            answers["is_employed"] = applied.is_employed
            answers["studies_end_on"] = applied.on + timedelta(days=400)
        if person.details:
            answers |= _payer(person.details)
        return answers

    def _ticked(self, person: Person, applied: Applied) -> list[int]:
        return [
            self.texts[purpose, person.language].pk
            for purpose, _action, on, how in person.consents
            if how == "application" and on == applied.decided_on
        ]

    # --- Consents ---------------------------------------------------------------------------------

    def _consents(self, person: Person) -> list[Consent]:
        return [
            Consent(
                user=person.user,
                text=self.texts[purpose, person.language],
                action=action,
                at=self._during(on),
                channel=how,
            )
            for purpose, action, on, how in person.consents
        ]


def _address(user: User) -> EmailAddress:
    return EmailAddress(user=user, email=user.email, verified=True, primary=True)


def _payer(details: BillingDetails) -> dict[str, object]:
    return {
        "payer": details.payer,
        "payer_name": details.name,
        "organisation_number": details.organisation_number,
        "street": details.street,
        "postcode": details.postcode,
        "city": details.city,
        "invoice_email": details.email,
        "reference": details.reference,
        "order_number": details.order_number,
        "cost_centre": details.cost_centre,
        "peppol_id": details.peppol_id,
    }
