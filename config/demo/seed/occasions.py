"""What belongs to events beside their seats: speakers, hours, papers, certificates, answers."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from random import Random

from config.demo.seed.clock import DAY, Clock
from config.demo.seed.rows import add
from config.demo.seed.seats import House
from events.models import (
    Booking,
    Certificate,
    Document,
    Event,
    Needs,
    Session,
    Speaker,
    SurveyAnswer,
)
from events.models.attending import LETTERS
from members.models import User

State = Booking.State
SPEAKERS = [
    ("Signe Fyr", "Advokat, Fyr & Fyr", "Lawyer, Fyr & Fyr"),
    ("Anders Lykta", "Dataskyddsombud, Lyktstad", "Data protection officer, Lyktstad"),
    ("Mette Havn", "Forskare, Havnby universitet", "Researcher, University of Havnby"),
    ("Jussi Koivu", "Säkerhetschef, Koivulan", "Head of security, Koivulan"),
]
# Day, hour, minutes, title in both languages, room, and which of the speakers.
SESSIONS = [
    (0, 0, 60, "Året som gick: tillsyn och domar", "The year in supervision and case law", 0),
    (0, 2, 60, "När ombudet säger nej", "When the officer says no", 1),
    (0, 4, 90, "Samtal: gemensamt ansvar i praktiken", "Panel: joint control in practice", 2),
    (1, 0, 60, "Loggar som håller", "Logs that hold", 3),
    (1, 2, 60, "Forskning och samtycke", "Research and consent", 2),
]
ANSWERS = [
    (5, "Exemplen från verkliga ärenden.", ""),
    (4, "Checklistan.", "Längre tid för frågor."),
    (5, "", ""),
    (3, "", "Svårt att höra längst bak."),
    (4, "Att få jämföra med andra.", "Bilderna i förväg."),
]
TOLD = [
    (Needs.Diet.VEGETARIAN, "", "", True),
    (Needs.Diet.VEGAN, "", "", False),
    (Needs.Diet.OTHER, "Nötter", "", True),
    (Needs.Diet.NONE, "", "Hörslinga", True),
    (Needs.Diet.VEGETARIAN, "Gluten", "", False),
]
TO_BE_NOTED = "procurement"
"""The last event that was: its attendance waits for staff."""


class Occasions:
    def __init__(self, random: Random, clock: Clock, by: User, houses: Sequence[House]) -> None:
        self.random, self.clock, self.by = random, clock, by
        self.houses = {house.plan.name: house for house in houses}
        self.all = houses

    def write(self) -> None:
        for house in self.all:
            if house.event.ends_at < self.clock.now and house.plan.name != TO_BE_NOTED:
                self._note(house.event)
        self._write_conference(self.houses["arena"].event)
        self._write_papers()
        self._write_answers(self.houses["first-hour"].event)
        for name in ("arena", "workshop"):
            self._ask_needs(self.houses[name].event)

    def _note(self, event: Event) -> None:
        """Those who came have a certificate, the day after."""
        if event.cancelled_at is not None:
            return
        noted_at = event.ends_at + timedelta(hours=18)
        Event.objects.filter(pk=event.pk).update(attendance_noted_at=noted_at)
        came = Booking.objects.filter(event=event, state=State.ATTENDED).order_by("pk")
        if event.education_hours:
            add([self._certificate(booking, event) for booking in came])
            Certificate.objects.filter(booking__event=event).update(issued_at=noted_at)

    def _certificate(self, booking: Booking, event: Event) -> Certificate:
        signs = "".join(self.random.choice(LETTERS) for _n in range(12))
        return Certificate(
            booking=booking,
            code=f"{signs[:4]}-{signs[4:8]}-{signs[8:]}",
            name=booking.name,
            hours=event.education_hours,
            issued_at=event.ends_at,
            issued_by=self.by,
        )

    def _write_conference(self, event: Event) -> None:
        speakers = add(
            [
                Speaker(event=event, name=name, role_sv=role_sv, role_en=role_en)
                for name, role_sv, role_en in SPEAKERS
            ]
        )
        for day, hour, minutes, title_sv, title_en, number in SESSIONS:
            starts_at = event.starts_at + day * DAY + timedelta(hours=hour)
            session = Session.objects.create(
                event=event,
                title_sv=title_sv,
                title_en=title_en,
                starts_at=starts_at,
                ends_at=starts_at + timedelta(minutes=minutes),
                room="Stora salen",
            )
            session.speakers.add(speakers[number])

    def _write_papers(self) -> None:
        papers = [
            ("first-hour", "Bilder från seminariet", "Slides", Document.Readers.BOOKED),
            ("first-hour", "Inspelning", "Recording", Document.Readers.ATTENDED),
            ("transfers", "Mall för överföringsbedömning", "Template", Document.Readers.MEMBERS),
        ]
        add(
            [
                Document(
                    event=self.houses[name].event,
                    title_sv=title_sv,
                    title_en=title_en,
                    url=f"https://papper.example/{name}/{number}",
                    readers=readers,
                )
                for number, (name, title_sv, title_en, readers) in enumerate(papers)
            ]
        )

    def _write_answers(self, event: Event) -> None:
        add(
            [
                SurveyAnswer(
                    id=uuid.UUID(int=self.random.getrandbits(128), version=4),
                    event=event,
                    rating=rating,
                    useful=useful,
                    better=better,
                )
                for rating, useful, better in ANSWERS
            ]
        )

    def _ask_needs(self, event: Event) -> None:
        Event.objects.filter(pk=event.pk).update(asks_needs=True)
        coming = Booking.objects.filter(event=event, mode=Booking.Mode.ON_SITE).coming_to()
        add(
            [
                Needs(
                    booking=booking,
                    diet=diet,
                    allergies=allergies,
                    access=access,
                    may_be_named=may_be_named,
                    consented_at=booking.confirmed_at or self.clock.now,
                )
                for booking, (diet, allergies, access, may_be_named) in zip(
                    coming.order_by("pk"), TOLD, strict=False
                )
            ]
        )
