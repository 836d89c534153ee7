"""What the register does not know yet. A gap fails the tests and `check --deploy`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.fields import GenericForeignKey
from django.core.exceptions import FieldDoesNotExist, FieldError
from django.db.models import Field, Model

from privacy.declarations import Actor, Declaration, Link
from privacy.periods import annotated
from privacy.purposes import Basis
from privacy.register import Register, register

Models = list[type[Model]]


@dataclass(frozen=True)
class Gap:
    """One thing to declare or to put right. `what` is a table or `table.column`."""

    what: str
    problem: str

    def __str__(self) -> str:
        return f"{self.what} {self.problem}"


def all_models() -> Models:
    return [m for m in apps.get_models(include_auto_created=True) if not m._meta.proxy]


def undeclared(
    known: Register = register, models: Iterable[type[Model]] | None = None
) -> list[Gap]:
    """Everything the register misses, over all tables of the site or over those given."""
    tables = all_models() if models is None else list(models)
    people: set[type[Model]] = {get_user_model()}
    gaps = [gap for model in tables for gap in _gaps_of(model, known, people)]
    return gaps if models is not None else gaps + list(_unknown_labels(known))


def _unknown_labels(known: Register) -> Iterator[Gap]:
    labels = {model._meta.label_lower for model in all_models()}
    for declared in known:
        if declared.label.lower() not in labels:
            yield Gap(declared.label, "is declared, but there is no such table.")


def _gaps_of(model: type[Model], known: Register, people: set[type[Model]]) -> Iterator[Gap]:
    if model._meta.auto_created:
        yield from _hidden_table(model, known)
        return
    declared = known.of(model)
    if declared is None:
        yield Gap(model._meta.label, "is declared nowhere.")
        return
    yield from _columns(model, declared)
    yield from _people_named(model, declared, people)
    if declared.holds_person:
        yield from _rules(model, declared, known, people)
    else:
        yield from _reached(model, declared, known, people)


def _hidden_table(model: type[Model], known: Register) -> Iterator[Gap]:
    """The table of a many-to-many field follows from the field."""
    owner: type[Model] = model._meta.auto_created  # type: ignore[assignment]
    declared = known.of(owner)
    names = [f.name for f in owner._meta.local_many_to_many if f.remote_field.through is model]
    if declared is None or not any(name in declared.fields for name in names):
        field = f"{owner._meta.label}.{names[0] if names else '?'}"
        yield Gap(model._meta.label, f"is declared nowhere: declare {field}.")


def _own_fields(model: type[Model]) -> list[Field]:
    return [*model._meta.local_concrete_fields, *model._meta.local_many_to_many]


def _goes_without_saying(field: Field) -> bool:
    """A number the database gives, or the link to the parent table of an inherited model."""
    if not field.primary_key:
        return False
    parent = field.remote_field and getattr(field.remote_field, "parent_link", False)
    return bool(parent) or field.get_internal_type().endswith("AutoField")


def _columns(model: type[Model], declared: Declaration) -> Iterator[Gap]:
    fields = {field.name: field for field in _own_fields(model)}
    for name, field in fields.items():
        if name not in declared.fields and not _goes_without_saying(field):
            yield Gap(f"{model._meta.label}.{name}", "is declared nowhere.")
    if not (declared.history_of or declared.shared):
        # A link may lead there from the other side, without a column of its own.
        named = {name for name, held in declared.fields.items() if not isinstance(held, Link)}
        for name in sorted(named - fields.keys()):
            yield Gap(f"{model._meta.label}.{name}", "is declared, but there is no such column.")


def _people_named(
    model: type[Model], declared: Declaration, people: set[type[Model]]
) -> Iterator[Gap]:
    for field in _own_fields(model):
        held = declared.fields.get(field.name)
        points = field.is_relation and field.related_model in people
        if points and held is not None and not isinstance(held, Link | Actor):
            yield Gap(
                f"{model._meta.label}.{field.name}",
                "names a person: put it into `person` or `actors`.",
            )
        if isinstance(held, Actor) and not points and not declared.history_of:
            yield Gap(f"{model._meta.label}.{field.name}", "is an actor, but names no person.")


def _rules(
    model: type[Model], declared: Declaration, known: Register, people: set[type[Model]]
) -> Iterator[Gap]:
    label = model._meta.label
    for path in declared.person:
        if path != "self" and not declared.history_of and _target(model, path) not in people:
            yield Gap(label, f"reaches no person by the path {path!r}.")
    if not (declared.person or declared.person_email or declared.found_by):
        yield Gap(label, "does not say in `person` (or `person_email`) whose data it holds.")
    if declared.person_email and not _leads_to_column(model, declared.person_email):
        yield Gap(label, f"has no column {declared.person_email!r}.")
    if declared.kept_from is None and not declared.kept_with:
        yield Gap(label, "says in neither `kept_from` nor `kept_with` how long a row is kept.")
    yield from _ways_of_others(model, declared, known, people)
    yield from _periods(model, declared)
    yield from _special(model, declared)


def _ways_of_others(
    model: type[Model], declared: Declaration, known: Register, people: set[type[Model]]
) -> Iterator[Gap]:
    for way in known.ways(declared)[1:]:
        for path in way.person:
            if _target(model, path) not in people:
                yield Gap(model._meta.label, f"reaches no person by the path {path!r}.")
        if way.email and not _leads_to_column(model, way.email):
            yield Gap(model._meta.label, f"has no column {way.email!r}.")


def _periods(model: type[Model], declared: Declaration) -> Iterator[Gap]:
    """Every point in time that a period is counted from can be asked of the database."""
    starts = [declared.kept_from, *(s.kept_from for s in declared.sooner)]
    starts += [held.kept_from for _name, held in declared.personal()]
    for start in starts:
        try:
            if start is not None:
                annotated(model._base_manager.all(), start=start)
        except (FieldError, FieldDoesNotExist) as error:
            yield Gap(model._meta.label, f"cannot count from {start!r}: {error}")
    if declared.kept_with and not _has_field(model, declared.kept_with):
        yield Gap(model._meta.label, f"has no column {declared.kept_with!r} to be kept with.")
    for name, held in declared.personal():
        own = held.purpose not in (None, declared.purpose)
        if own and held.kept_from is None and not declared.history_of:
            yield Gap(
                f"{model._meta.label}.{name}",
                "has a purpose of its own: say in `kept_from` what its period is counted from.",
            )


def _special(model: type[Model], declared: Declaration) -> Iterator[Gap]:
    for name, held in declared.personal():
        basis = declared.purpose_of(held).basis
        if held.category.is_special and basis is not Basis.EXPLICIT_CONSENT:
            yield Gap(
                f"{model._meta.label}.{name}", "is a special category: it wants explicit consent."
            )


def _reached(
    model: type[Model], declared: Declaration, known: Register, people: set[type[Model]]
) -> Iterator[Gap]:
    """A table that claims to hold no person does not hang on one."""
    for field in _own_fields(model):
        target = field.related_model if field.is_relation else None
        if not isinstance(target, type) or target in people:
            continue
        other = known.of(target)
        if other and other.holds_person and not isinstance(declared.fields.get(field.name), Actor):
            yield Gap(
                f"{model._meta.label}.{field.name}",
                f"leads to {other.label}, which holds personal data: declare the person.",
            )
    for generic in model._meta.private_fields:
        if isinstance(generic, GenericForeignKey):
            yield Gap(f"{model._meta.label}.{generic.name}", "can point at anything, people too.")


def _target(model: type[Model], path: str) -> type[Model] | None:
    """The model at the end of a path of relations."""
    current: type[Model] | None = model
    for name in path.split("__"):
        if current is None or not _has_field(current, name):
            return None
        field = current._meta.get_field(name)
        related = field.related_model if field.is_relation else None
        current = related if isinstance(related, type) else None
    return current


def _leads_to_column(model: type[Model], path: str) -> bool:
    way, _step, name = path.rpartition("__")
    last = _target(model, way) if way else model
    return last is not None and _has_field(last, name)


def _has_field(model: type[Model], name: str) -> bool:
    try:
        model._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return True
