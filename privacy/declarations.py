"""One table as a room declares it: whose data, which columns, why, how long, what erasure does."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, Model, Q, QuerySet
from django.db.models.expressions import Combinable
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from privacy.fingerprints import all_fingerprints, fingerprint
from privacy.purposes import Category, Keep, Purpose, Text

KeptFrom = str | Combinable


@dataclass(frozen=True)
class Subject:
    """The person in question: an account, addresses proven to be theirs, or both."""

    pk: Any = None
    emails: frozenset[str] = frozenset()
    number: Any = None
    """The public number of the account: random, and the same in every backup."""

    def mark(self) -> str:
        """The fingerprint that an erasure is remembered by."""
        return fingerprint(self._known_as)

    def marks(self) -> list[str]:
        """The same under every key that is still known."""
        return all_fingerprints(self._known_as)

    @property
    def _known_as(self) -> str:
        return (
            f"account:{self.number}" if self.number else f"address:{min(self.emails, default='')}"
        )


FoundBy = Callable[[Subject], Q]
# What a room does before somebody is erased: `closing(subject, by=…, now=…)`.
Closing = Callable[..., None]
# The documents that a room keeps of somebody: names and contents, for the copy.
Papers = Callable[[Subject], Iterator[tuple[str, bytes]]]


@dataclass(frozen=True)
class RowRule:
    """What becomes of a row: `delete`, `blank`, `keep` for a reason, or a function of the room."""

    kind: str
    reason: Text = ""
    function: Callable[[QuerySet], int] | None = None
    left: Q | None = None
    """Rows that the function has not been over yet, where the rows themselves stay."""


@dataclass(frozen=True)
class FieldRule:
    """What erasure does to one field of a row that stays."""

    kind: str
    reason: Text = ""


DELETE = RowRule("delete")
BLANK = RowRule("blank")
CLEAR = FieldRule("clear")
MASK = FieldRule("mask")


def keep_row(reason: Text) -> RowRule:
    """Erasure leaves the row until its period is over, and tells the person why."""
    return RowRule("keep", reason)


def by_function(
    function: Callable[[QuerySet], int], *, reason: Text, left: Q | None = None
) -> RowRule:
    """The room does it itself, as issued invoices refuse change. Returns how many rows it did."""
    return RowRule("function", reason, function, left)


def keep_field(reason: Text) -> FieldRule:
    return FieldRule("keep", reason)


@dataclass(frozen=True)
class NotExported:
    """Why a field is left out of the person's own copy."""

    reason: Text


def not_exported(reason: Text) -> NotExported:
    return NotExported(reason)


@dataclass(frozen=True)
class Data:
    """What one field holds of a person.

    `provided`: the person gave it, so it is part of the portable copy (Art. 20).
    """

    category: Category
    purpose: Purpose | None = None
    kept_from: KeptFrom | None = None
    on_erasure: FieldRule = CLEAR
    exported: NotExported | None = None
    provided: bool = True
    sensitive: bool = False
    """Hidden from staff until they ask for it (special categories always are)."""


@dataclass(frozen=True)
class Technical:
    """Holds the tables together and tells nothing about the person by itself."""


@dataclass(frozen=True)
class Link:
    """The column through which a row hangs on its person."""


@dataclass(frozen=True)
class Actor:
    """Names somebody who acted for the association, under the purpose of accountability."""


Held = Data | Technical | Link | Actor


def technical() -> Technical:
    return Technical()


HISTORY_FIELDS: dict[str, Held] = {
    "history_id": Technical(),
    "history_date": Data(Category.ACTIVITY, provided=False),
    "history_change_reason": Data(Category.ACTIVITY, provided=False),
    "history_type": Technical(),
    "history_user": Actor(),
}
HISTORY_LABELS: dict[str, Text] = {
    "history_date": _("changed"),
    "history_change_reason": _("why it was changed"),
}
HISTORY_FIELDS_OF_NOBODY: dict[str, Held] = {
    **dict.fromkeys(HISTORY_FIELDS, Technical()),
    "history_user": Actor(),
}


def column(model: type[Model], name: str) -> Field:
    """An own column or many-to-many field, which is all that can be declared."""
    found = model._meta.get_field(name)
    if not isinstance(found, Field):
        raise FieldDoesNotExist(f"{model._meta.label}.{name} is no column.")
    return found


def base_of_history(model: type[Model]) -> type[Model] | None:
    """The model whose changes a django-simple-history table keeps."""
    return getattr(model, "instance_type", None) if hasattr(model, "history_object") else None


@dataclass(frozen=True)
class Sooner:
    """Rows that go before the rest of their table."""

    rows: Q
    kept_from: KeptFrom
    keep: Keep


@dataclass(frozen=True)
class Way:
    """From a row to its person: columns that lead to an account, or else to an address."""

    person: tuple[str, ...] = ()
    email: str = ""

    @property
    def links(self) -> list[str]:
        """The same as the ORM's paths to the primary key of the account."""
        return ["pk" if path == "self" else path for path in self.person]


@dataclass(frozen=True)
class Declaration:
    """All that is declared of one table. Without `purpose` it holds no person, for `reason`."""

    label: str
    fields: dict[str, Held]
    purpose: Purpose | None = None
    reason: Text = ""
    person: tuple[str, ...] = ()
    person_email: str = ""
    found_by: FoundBy | None = None
    kept_from: KeptFrom | None = None
    kept_with: str = ""
    keep: Keep | None = None
    on_erasure: RowRule = DELETE
    at_end: RowRule = DELETE
    sooner: tuple[Sooner, ...] = ()
    title: Text = ""
    """What people call the table, where its model has no name of its own."""
    labels: dict[str, Text] = field(default_factory=dict)
    """The same for columns."""
    history_of: str = ""
    """The label of the table whose changes this one keeps: its rows go when that row goes."""
    shared: bool = False
    """Declared together with others: it need not have every column named."""

    @property
    def holds_person(self) -> bool:
        return self.purpose is not None

    @property
    def way(self) -> Way:
        return Way(self.person, self.person_email)

    @property
    def names_actors(self) -> bool:
        return any(isinstance(held, Actor) for held in self.fields.values())

    @property
    def model(self) -> type[Model]:
        return apps.get_model(self.label)

    @property
    def heading(self) -> str:
        """What people call the table."""
        base = base_of_history(self.model)
        what = capfirst(str(self.title or (base or self.model)._meta.verbose_name_plural))
        return gettext("%(what)s: earlier versions") % {"what": what} if base else what

    def label_of(self, name: str) -> str:
        """What people call the column."""
        return str(self.labels.get(name) or column(self.model, name).verbose_name)

    @property
    def main(self) -> Purpose:
        """The purpose of the row and of every column that names no other."""
        if self.purpose is None:
            raise LookupError(f"{self.label} is declared to hold no person.")
        return self.purpose

    @property
    def period(self) -> Keep:
        return self.keep or self.main.keep

    def purpose_of(self, data: Data) -> Purpose:
        return data.purpose or self.main

    def keep_of(self, purpose: Purpose) -> Keep:
        """How long this table keeps what serves the purpose."""
        return self.period if purpose is self.purpose else purpose.keep

    def start(self, purpose: Purpose) -> KeptFrom | None:
        """What the period of the purpose is counted from in this table."""
        if purpose is self.purpose:
            return self.kept_from
        own = (held.kept_from for _n, held in self.personal() if held.purpose is purpose)
        return next((start for start in own if start is not None), None)

    def personal(self) -> Iterator[tuple[str, Data]]:
        """The fields that tell something of the person, as declared."""
        return ((name, held) for name, held in self.fields.items() if isinstance(held, Data))

    def of_history(self, model: type[Model], base: type[Model]) -> "Declaration":
        """The declaration of django-simple-history's table of this one."""
        pk = base._meta.pk.name
        extra = HISTORY_FIELDS if self.holds_person else HISTORY_FIELDS_OF_NOBODY
        return replace(
            self,
            label=model._meta.label,
            fields={pk: Technical(), **self.fields, **extra},
            person=tuple(pk if path == "self" else path for path in self.person),
            kept_from=None,
            kept_with=pk,
            sooner=(),
            labels={**self.labels, **HISTORY_LABELS},
            history_of=base._meta.label,
        )

    def purposes(self) -> list[Purpose]:
        own = [self.purpose] if self.purpose else []
        return list(dict.fromkeys([*own, *(self.purpose_of(held) for _n, held in self.personal())]))


@dataclass(frozen=True)
class Store:
    """A place outside the tables, in words: what lies there and when it goes."""

    title: Text
    holds: Text
    purpose: Purpose
    kept: Text
    on_erasure: Text
