"""What should be gone by now: every rule of the register, and the rows that have outlived it."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Field, Q, QuerySet

from privacy.declarations import Declaration, KeptFrom, column
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


def _rules_of_rows(declared: Declaration) -> Iterator[Rule]:
    rows = declared.model._base_manager.all()
    for sooner in declared.sooner:
        yield Rule(declared, sooner.kept_from, sooner.keep, rows.filter(sooner.rows))
    if declared.kept_from is not None:
        yield Rule(declared, declared.kept_from, declared.period, rows)


def _rules_of_columns(declared: Declaration) -> Iterator[Rule]:
    """Columns with a purpose of their own go by its period; an empty one has gone already."""
    for purpose in declared.purposes():
        start = declared.start(purpose)
        if purpose is declared.purpose or start is None:
            continue
        names = [name for name, held in declared.personal() if held.purpose is purpose]
        filled = Q()
        for name in names:
            filled |= ~_is_empty(column(declared.model, name))
        rows = declared.model._base_manager.filter(filled)
        yield Rule(declared, start, purpose.keep, rows, tuple(names))


def _is_empty(field: Field) -> Q:
    empty = Q(**{f"{field.name}__isnull": True})
    if field.empty_strings_allowed and not field.is_relation:
        empty |= Q(**{field.name: ""})
    return empty
