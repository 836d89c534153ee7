"""The page on which a member sees everything that is stored of them."""

import datetime as dt
from dataclasses import dataclass

from django.utils.text import capfirst

from privacy.collection import Row, Table
from privacy.declarations import Data, column
from privacy.processing import Processing, all_processing
from privacy.purposes import Keep, Purpose
from privacy.values import shown

LONG = 300
MANY, NARROW = 3, 4


@dataclass(frozen=True)
class Fact:
    """One column of one row."""

    label: str
    value: str

    @property
    def is_long(self) -> bool:
        """Folded up on the page."""
        return len(self.value) > LONG


@dataclass(frozen=True)
class Entry:
    """One row: its facts, and until when they are kept (a moment, or as yet only the rule)."""

    facts: list[Fact]
    until: dt.datetime | None


@dataclass(frozen=True)
class Block:
    """One table, as far as it serves the purpose. The newest entry comes first."""

    title: str
    keep: Keep
    entries: list[Entry]
    is_history: bool
    withheld: list[tuple[str, str]]

    @property
    def headings(self) -> list[str]:
        """Of many short entries, such as looks: they are shown as one table. Empty for others."""
        labels = [fact.label for fact in self.entries[0].facts]
        return labels if len(self.entries) > MANY and len(labels) <= NARROW else []


@dataclass(frozen=True)
class Section:
    """One purpose with everything stored for it."""

    processing: Processing
    blocks: list[Block]


def sections(tables: list[Table]) -> list[Section]:
    """Purposes for which something is stored of the person."""
    found = [Section(one, _blocks(one, tables)) for one in all_processing()]
    return [section for section in found if section.blocks]


def _blocks(processing: Processing, tables: list[Table]) -> list[Block]:
    purpose = processing.purpose
    return [
        Block(
            title=table.declared.heading,
            keep=table.declared.keep_of(purpose),
            entries=[_entry(table, row, fields, purpose) for row in reversed(table.rows)],
            is_history=bool(table.declared.history_of),
            withheld=_withheld(table, fields),
        )
        for table in tables
        if (fields := table.fields_for(purpose))
    ]


def _entry(table: Table, row: Row, fields: list[tuple[str, Data]], purpose: Purpose) -> Entry:
    facts = [
        Fact(
            capfirst(table.declared.label_of(name)), shown(row.instance, column(table.model, name))
        )
        for name, held in fields
        if held.exported is None
    ]
    return Entry(facts, row.kept_until.get(purpose.key))


def _withheld(table: Table, fields: list[tuple[str, Data]]) -> list[tuple[str, str]]:
    """What is stored but not shown, and why."""
    return [
        (capfirst(table.declared.label_of(name)), str(held.exported.reason))
        for name, held in fields
        if held.exported is not None
    ]
