"""What should be gone by now: every rule of the register, and the rows that have outlived it."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Field, Model, Q, QuerySet

from privacy.declarations import Data, Declaration, KeptFrom, column
from privacy.periods import overdue
from privacy.purposes import Keep
from privacy.register import Register, register


@dataclass(frozen=True)
class Rule:
    """One period of one table: of whole rows, of some rows sooner, or of some columns only."""

    declared: Declaration
    start: KeptFrom
    keep: Keep
    rows: QuerySet[Any]
    columns: tuple[str, ...] = ()
    number: int = 0
    """Which of the rules for some rows sooner than the rest; 0 for the rest."""

    @property
    def key(self) -> str:
        """The same in every language, as the evidence of a night names it."""
        sooner = f"#{self.number}" if self.number else ""
        columns = f" ({', '.join(self.columns)})" if self.columns else ""
        return f"{self.declared.label}{sooner}{columns}"[:200]

    @property
    def title(self) -> str:
        """What people call that which goes by it: the table, and the columns if it is some only."""
        names = ", ".join(self.declared.label_of(name) for name in self.columns)
        return f"{self.declared.heading} ({names})" if names else self.declared.heading

    def __str__(self) -> str:
        what = f"{self.declared.label} ({', '.join(self.columns)})" if self.columns else ""
        return f"{what or self.declared.label}: {self.keep}"

    def overdue(self, now: dt.datetime) -> list[Any]:
        """Primary keys of the rows that should be gone at `now`."""
        return list(overdue(self.rows, start=self.start, keep=self.keep, now=now))


def rules(known: Register = register) -> Iterator[Rule]:
    """Every rule of the site. What is kept with another row goes with it and has no rule."""
    for declared in known:
        if declared.holds_person:
            yield from _rules_of_rows(declared)
            yield from _rules_of_columns(declared)


def rule_of(key: str, known: Register = register) -> Rule:
    """The rule by the name that the evidence knows it by. Raises LookupError."""
    found = next((rule for rule in rules(known) if rule.key == key), None)
    if found is None:
        raise LookupError(key)
    return found


def _rules_of_rows(declared: Declaration) -> Iterator[Rule]:
    rows = declared.model._base_manager.all()
    rows = rows.filter(_to_do(declared))
    for number, sooner in enumerate(declared.sooner, start=1):
        yield Rule(declared, sooner.kept_from, sooner.keep, rows.filter(sooner.rows), number=number)
    if declared.kept_from is not None:
        yield Rule(declared, declared.kept_from, declared.period, rows)


def _to_do(declared: Declaration) -> Q:
    """Rows that stay when their time is over are done when they are empty."""
    if declared.at_end.kind == "blank":
        return _filled(declared.model, (n for n, held in declared.personal() if _empties(held)))
    return declared.at_end.left or Q()


def _empties(held: Data) -> bool:
    return held.on_erasure.kind == "clear"


def _filled(model: type[Model], names: Iterable[str]) -> Q:
    """Something personal stands in at least one of these columns."""
    filled = Q(pk__in=[])
    for name in names:
        field = column(model, name)
        if not (field.many_to_many or field.has_default()):
            filled |= ~_is_empty(field)
    return filled


def _rules_of_columns(declared: Declaration) -> Iterator[Rule]:
    """Columns with a purpose of their own go by its period; an empty one has gone already."""
    for purpose in declared.purposes():
        start = declared.start(purpose)
        if purpose is declared.purpose or start is None:
            continue
        names = [name for name, held in declared.personal() if held.purpose is purpose]
        rows = declared.model._base_manager.filter(_filled(declared.model, names))
        yield Rule(declared, start, purpose.keep, rows, tuple(names))


def _is_empty(field: Field) -> Q:
    empty = Q(**{f"{field.name}__isnull": True})
    if field.empty_strings_allowed and not field.is_relation:
        empty |= Q(**{field.name: ""})
    return empty
