"""One purpose with all that the register says of it: the stuff of notice, data page and record."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from privacy.controller import AUTHORITY, Controller, controller
from privacy.declarations import Data, Declaration, Store
from privacy.models import Processor
from privacy.purposes import Basis, Category, Keep, Purpose, Recipient, Text
from privacy.register import Register, register

NO_AUTOMATION = _("No decision about you is made by a machine alone, and nobody is profiled.")
NO_INTEREST = _("Does not apply: the basis is another one.")


@dataclass(frozen=True)
class Period:
    """How long, and what it goes for where tables differ."""

    of: str
    keep: Keep


@dataclass(frozen=True)
class Receiver:
    """A kind of recipient with the companies behind it today."""

    recipient: Recipient
    companies: list[Processor]


@dataclass(frozen=True)
class Processing:
    """What is done for one purpose. Each property answers one item of Art. 13, 14 or 30."""

    purpose: Purpose
    tables: list[tuple[Declaration, list[tuple[str, Data]]]]
    stores: list[Store]
    receivers: list[Receiver]
    controller: Controller

    @cached_property
    def categories(self) -> list[tuple[Category, list[str]]]:
        """Kinds of data with the names of their columns as people see them."""
        named: dict[Category, dict[str, None]] = defaultdict(dict)
        for declared, fields in self.tables:
            for name, held in fields:
                named[held.category][declared.label_of(name)] = None
        return [(category, list(labels)) for category, labels in named.items()]

    @cached_property
    def periods(self) -> list[Period]:
        """The periods, each once, in the words of the tables they go for."""
        periods = {}
        for declared, _fields in self.tables:
            keeps = [declared.keep_of(self.purpose)]
            if self.purpose is declared.purpose:
                keeps += [sooner.keep for sooner in declared.sooner]
            for keep in keeps:
                periods[declared.heading, str(keep)] = Period(declared.heading, keep)
        return list(periods.values())

    @property
    def interest(self) -> Text:
        return self.purpose.because or NO_INTEREST

    @property
    def transfers(self) -> list[Processor]:
        """Companies outside the EU/EEA."""
        inside = Processor.Safeguard.INSIDE
        return [c for r in self.receivers for c in r.companies if c.safeguard != inside]

    @property
    def no_transfers(self) -> str:
        """What is said when no company outside is known."""
        if self.unnamed:
            return gettext("Ask us: not every company is named here yet.")
        return gettext("None outside the EU/EEA.")

    @property
    def unnamed(self) -> list[Recipient]:
        """Recipients behind whom no company is entered."""
        return [r.recipient for r in self.receivers if not r.companies]

    @property
    def rights(self) -> list[str]:
        return rights(self.purpose.basis)

    def items(self) -> dict[str, object]:
        """The twelve items of Art. 13, by its paragraphs. None may be empty."""
        return {
            "13.1.a controller": self.controller.name,
            "13.1.b contact": self.controller.email,
            "13.1.c purpose": self.purpose.why,
            "13.1.c basis": self.purpose.basis.title,
            "13.1.d interest": self.interest,
            "13.1.e recipients": self.receivers,
            "13.1.f transfers": self.transfers or self.no_transfers,
            "13.2.a period": self.periods or [store.kept for store in self.stores],
            "13.2.b-c rights": self.rights,
            "13.2.d complaint": AUTHORITY.name,
            "13.2.e needed": self.purpose.needed,
            "13.2.f automated decisions": NO_AUTOMATION,
        }


def rights(basis: Basis) -> list[str]:
    """What the person may ask for. It depends on the basis, so it is worked out from it."""
    may = [
        gettext("see your data and get a copy (Art. 15)"),
        gettext("have wrong data put right (Art. 16)"),
        gettext("have the use of your data restricted while we look into it (Art. 18)"),
    ]
    if basis is Basis.LEGAL_OBLIGATION:
        may.append(gettext("have your data erased when the law no longer makes us keep them"))
    else:
        may.append(gettext("have your data erased (Art. 17)"))
    if basis is Basis.CONTRACT or basis.rests_on_consent:
        may.append(gettext("take along what you gave us in a common format (Art. 20)"))
    if basis is Basis.LEGITIMATE_INTEREST:
        may.append(gettext("object (Art. 21): we stop unless we have compelling reasons"))
    if basis.rests_on_consent:
        may.append(gettext("take back your consent at any time (Art. 7.3)"))
    return may


def all_processing(known: Register = register) -> list[Processing]:
    """Every purpose of the site. One query, for the companies."""
    companies: dict[str, list[Processor]] = defaultdict(list)
    for company in Processor.objects.filter(ended_on=None):
        companies[company.recipient].append(company)
    who = controller()
    return [
        Processing(
            purpose=purpose,
            tables=list(_tables(known, purpose)),
            stores=[store for store in known.stores if store.purpose is purpose],
            receivers=[Receiver(r, companies[r.key]) for r in purpose.recipients],
            controller=who,
        )
        for purpose in known.purposes()
    ]


def _tables(known: Register, purpose: Purpose) -> list[tuple[Declaration, list[tuple[str, Data]]]]:
    found = []
    for declared in known:
        if declared.holds_person:
            fields = [
                (n, held) for n, held in declared.personal() if serves(declared, held, purpose)
            ]
            if fields:
                found.append((declared, fields))
    return found


def serves(declared: Declaration, held: Data, purpose: Purpose) -> bool:
    return declared.purpose_of(held) is purpose
