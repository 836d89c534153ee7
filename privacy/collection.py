"""Everything that is stored of one person, found along the paths the register declares."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.db.models import Model, Q, QuerySet

from privacy import gaps
from privacy.declarations import Data, Declaration, Subject, Way, base_of_history, column
from privacy.periods import annotated, until
from privacy.purposes import Purpose
from privacy.register import Register, register


def subject_of(pk: Any) -> Subject:
    """The account and the addresses that it has proven to own; an unproven one shows nothing."""
    number = get_user_model()._default_manager.values_list("public_id", flat=True).get(pk=pk)
    addresses = EmailAddress.objects.filter(user_id=pk, verified=True)
    return Subject(pk, frozenset(addresses.values_list("email", flat=True)), number)


def guest(email: str) -> Subject:
    """Somebody without an account, by an address that they have shown to be theirs.

    No address finds nobody: rows in which it was left out are not all of one person.
    """
    return Subject(emails=frozenset({email.strip().lower()} - {""}))


def rows_of(declared: Declaration, model: type[Model], subject: Subject) -> QuerySet[Any]:
    """The rows of one table that tell of the person.

    Each way to them is a question of its own, put together by UNION: with OR over many tables
    PostgreSQL reads all of them, and for minutes when it has no statistics yet.
    """
    found = [condition for way in register.ways(declared) for condition in _by(way, subject)]
    if declared.found_by:
        found.append(declared.found_by(subject))
    rows = model._base_manager.all()
    if not found:
        return rows.none()
    first, *others = (model._base_manager.filter(one).order_by().values("pk") for one in found)
    keys = first.union(*others) if others else first
    return rows.filter(pk__in=keys).order_by("pk")


def _by(way: Way, subject: Subject) -> Iterator[Q]:
    if subject.pk is not None:
        for path in way.links:
            yield Q(**{path: subject.pk})
    if way.email:
        # A row that hangs on somebody else's account is theirs, whatever address stands in it.
        unclaimed = Q(**{f"{path}__isnull": True for path in way.links})
        for email in subject.emails:
            yield unclaimed & Q(**{f"{way.email}__iexact": email})


def guest_addresses() -> set[str]:
    """Every address that a row without an account is known by."""
    found: set[str] = set()
    for declared, model in tables():
        if not declared.history_of:
            found |= addresses_in(model, register.ways(declared))
    return found


def addresses_in(model: type[Model], ways: Iterable[Way]) -> set[str]:
    """Those in the rows of one table that hang on no account."""
    found: set[str] = set()
    for way in ways:
        if way.email:
            unclaimed = model._base_manager.filter(
                **{f"{path}__isnull": True for path in way.links}
            )
            values = unclaimed.values_list(way.email, flat=True).distinct()
            found.update(value.lower() for value in values if value)
    return found


@dataclass(frozen=True)
class Row:
    """One row of the person, and until when each purpose keeps its part of it."""

    instance: Any
    kept_until: dict[str, dt.datetime | None]


@dataclass(frozen=True)
class Table:
    """What one table holds of the person."""

    declared: Declaration
    model: type[Model]
    rows: list[Row]

    def personal(self) -> list[tuple[str, Data]]:
        """The declared columns that this table has; history leaves some out."""
        names = {field.name for field in self.model._meta.get_fields()}
        return [(name, held) for name, held in self.declared.personal() if name in names]

    def fields_for(self, purpose: Purpose) -> list[tuple[str, Data]]:
        """The columns that serve the purpose."""
        return [
            (name, held)
            for name, held in self.personal()
            if self.declared.purpose_of(held) is purpose
        ]


def tables(known: Register = register) -> Iterator[tuple[Declaration, type[Model]]]:
    """Every table with personal data, histories last. Hidden tables go with their column."""
    for model in sorted(gaps.all_models(), key=lambda model: base_of_history(model) is not None):
        declared = None if model._meta.auto_created else known.of(model)
        if declared is not None and declared.holds_person:
            yield declared, model


def collect(subject: Subject, known: Register = register) -> list[Table]:
    """All of the person's rows, one query a table (and one for each many-to-many column)."""
    collected = [_table(declared, model, subject) for declared, model in tables(known)]
    return _with_parents([table for table in collected if table.rows])


def _table(declared: Declaration, model: type[Model], subject: Subject) -> Table:
    rows = rows_of(declared, model, subject)
    if relations := _related(declared, model, "many_to_one", "one_to_one"):
        rows = rows.select_related(*relations)
    rows = rows.prefetch_related(*_related(declared, model, "many_to_many"))
    starts = {
        purpose.key: start for purpose in declared.purposes() if (start := declared.start(purpose))
    }
    for number, start in enumerate(starts.values()):
        rows = annotated(rows, start=start, name=f"counted_from_{number}")
    return Table(declared, model, [_row(declared, row, list(starts)) for row in rows])


def _row(declared: Declaration, instance: Any, keys: list[str]) -> Row:
    starts = {key: getattr(instance, f"counted_from_{n}") for n, key in enumerate(keys)}
    kept = {p.key: until(declared.keep_of(p), starts.get(p.key)) for p in declared.purposes()}
    return Row(instance, kept)


def _related(declared: Declaration, model: type[Model], *kinds: str) -> list[str]:
    fields = {field.name: field for field in model._meta.get_fields()}
    named = [fields[name] for name, _held in declared.personal() if name in fields]
    return [field.name for field in named if any(getattr(field, kind) for kind in kinds)]


def _with_parents(collected: list[Table]) -> list[Table]:
    """A row that is kept with another one is kept until that one goes."""
    until_of: dict[tuple[Any, Any], dt.datetime | None] = {
        (table.model, row.instance.pk): row.kept_until.get(table.declared.main.key)
        for table in collected
        for row in table.rows
    }
    for table in collected:
        if table.declared.kept_with:
            for row in table.rows:
                row.kept_until[table.declared.main.key] = until_of.get(_parent(table, row))
    return collected


def _parent(table: Table, row: Row) -> tuple[Any, Any]:
    """The table and the primary key of the row that this one is kept with."""
    field = column(table.model, table.declared.kept_with)
    value = getattr(row.instance, field.attname)
    return base_of_history(table.model) or field.related_model, value
