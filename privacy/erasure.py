"""What erasing somebody does, table by table: planned and shown first, then done and receipted."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Model

from privacy.collection import Table, collect
from privacy.declarations import Declaration, RowRule, Subject, base_of_history
from privacy.purposes import Keep, Text
from privacy.register import Register, register
from privacy.removal import blank_rows, delete_rows

DELETED, BLANKED, KEPT = "deleted", "blanked", "kept"
_DID = {"delete": DELETED, "blank": BLANKED, "keep": KEPT, "function": BLANKED}


@dataclass(frozen=True)
class Step:
    """What happens to the rows that one table holds of the person."""

    declared: Declaration
    model: type[Model]
    pks: list[Any]
    rule: RowRule
    until: dt.datetime | None = None

    @property
    def did(self) -> str:
        return _DID[self.rule.kind]


def plan(subject: Subject, known: Register = register) -> list[Step]:
    """Every table that holds something of the person, in the order of the rooms."""
    return [_step(table) for table in collect(subject, known)]


def _step(table: Table) -> Step:
    rule = table.declared.on_erasure
    if base_of_history(table.model) and rule.kind != "keep":
        rule = RowRule("delete")
    return Step(
        table.declared, table.model, [row.instance.pk for row in table.rows], rule, _last(table)
    )


def _last(table: Table) -> dt.datetime | None:
    """When the last of the rows goes, where that can be told already."""
    ends = [row.kept_until.get(table.declared.main.key) for row in table.rows]
    return None if None in ends else max((end for end in ends if end), default=None)


def carry_out(steps: Iterable[Step], known: Register = register) -> None:
    """Do it. What points at other rows goes before them."""
    todo = [step for step in steps if step.did != KEPT]
    for step in _leaves_first([step for step in todo if step.did == DELETED]):
        delete_rows(step.model, step.pks, known)
    for step in todo:
        if step.rule.kind == "blank":
            blank_rows(step.declared, step.model, step.pks)
        elif step.rule.kind == "function" and step.rule.function:
            step.rule.function(step.model._base_manager.filter(pk__in=step.pks))


def _leaves_first(steps: list[Step]) -> Iterator[Step]:
    """Histories last: deleting a row writes a last version of it."""
    left = sorted(steps, key=lambda step: base_of_history(step.model) is not None)
    while left:
        free = next((step for step in left if not _is_pointed_at(step, left)), left[0])
        left.remove(free)
        yield free


def _is_pointed_at(step: Step, others: Iterable[Step]) -> bool:
    return any(
        field.related_model is step.model
        for other in others
        if other is not step
        for field in other.model._meta.concrete_fields
        if field.is_relation
    )


# --- The receipt ------------------------------------------------------------------------------


def receipt(went: Iterable[Step], stays: Iterable[Step]) -> list[dict[str, Any]]:
    """Counts by table, as it is stored: nothing in it says whose they were."""
    return [_entry(step) for step in [*went, *stays]]


def _entry(step: Step) -> dict[str, Any]:
    return {
        "table": step.model._meta.label,
        "did": step.did,
        "rows": len(step.pks),
        "until": step.until.isoformat() if step.did == KEPT and step.until else None,
    }


@dataclass(frozen=True)
class Told:
    """One line of a plan or a receipt, in the reader's language."""

    title: str
    did: str
    rows: int
    reason: Text = ""
    until: dt.datetime | None = None
    keep: Keep | None = None


def told(entries: Iterable[dict[str, Any]], known: Register = register) -> list[Told]:
    """The lines of a receipt; a table that no longer exists is named as it was stored."""
    return [_line(entry, known) for entry in entries]


def _line(entry: dict[str, Any], known: Register) -> Told:
    until = dt.datetime.fromisoformat(entry["until"]) if entry.get("until") else None
    try:
        declared = known.of(apps.get_model(entry["table"]))
    except LookupError:
        declared = None
    if declared is None:
        return Told(entry["table"], entry["did"], entry["rows"], until=until)
    kept = entry["did"] == KEPT
    return Told(
        title=declared.heading,
        did=entry["did"],
        rows=entry["rows"],
        reason=declared.on_erasure.reason if kept else "",
        until=until,
        keep=declared.period if kept else None,
    )
