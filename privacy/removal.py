"""Taking personal data out of a table: whole rows with what hangs on them, or columns only."""

import uuid
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.contrib.admin.models import LogEntry
from django.db.models import EmailField, Field, FileField, Model

from privacy import gaps
from privacy.declarations import Data, Declaration, base_of_history, column
from privacy.register import Register, register

MASKED = "█"


def delete_rows(model: type[Model], pks: Collection[Any], known: Register = register) -> int:
    """The rows, those that are kept with them, their earlier versions and their files."""
    if not pks:
        return 0
    for declared, path in _kept_with(model, known):
        dependants = declared.model._base_manager.filter(**{f"{path}__in": pks})
        delete_rows(declared.model, list(dependants.values_list("pk", flat=True)), known)
    _delete_files(model, pks, _file_fields(model))
    model._base_manager.filter(pk__in=pks).delete()
    forget_versions(model, pks)
    return len(pks)


def blank_rows(
    declared: Declaration,
    model: type[Model],
    pks: Collection[Any],
    names: Collection[str] | None = None,
) -> int:
    """Empty the personal columns, or those named; the rows stay and their earlier versions go."""
    if not pks:
        return 0
    held = [
        (column(model, name), data)
        for name, data in declared.personal()
        if (names is None or name in names) and data.on_erasure.kind != "keep"
    ]
    _delete_files(model, pks, [field for field, _data in held if isinstance(field, FileField)])
    rows = model._base_manager.filter(pk__in=pks)
    rows.update(
        **{f.name: cleared(f) for f, data in held if not f.many_to_many and not _masks(data)}
    )
    masks = [field for field, data in held if _masks(data)]
    for pk in pks if masks else ():
        model._base_manager.filter(pk=pk).update(**{field.name: _mask(field) for field in masks})
    for field, _data in held:
        if field.many_to_many:
            _clear_links(field, pks)
    forget_versions(model, pks)
    return len(pks)


def forget_versions(model: type[Model], pks: Collection[Any]) -> None:
    """Delete what the history keeps of these rows: it would tell all that has just gone."""
    for history in gaps.all_models():
        if base_of_history(history) is model:
            pk = model._meta.pk.name
            history._base_manager.filter(**{f"{pk}__in": pks}).delete()
    forget_log(model, pks)


def forget_log(model: type[Model], pks: Collection[Any]) -> None:
    """The admin's log repeats the name of the row that was changed."""
    LogEntry.objects.filter(
        content_type__app_label=model._meta.app_label,
        content_type__model=model._meta.model_name,
        object_id__in=[str(pk) for pk in pks],
    ).update(object_repr=MASKED, change_message="")


def cleared(field: Field) -> Any:
    """What stands in an emptied column."""
    if field.null:
        return None
    if field.has_default():
        return field.get_default()
    return ""


def _masks(data: Data) -> bool:
    return data.on_erasure.kind == "mask"


def _mask(field: Field) -> str:
    """Says nothing, and fits a column that must be filled and unique."""
    return f"{uuid.uuid4().hex}@erased.invalid" if isinstance(field, EmailField) else MASKED


def _clear_links(field: Any, pks: Collection[Any]) -> None:
    through, name = field.remote_field.through, field.m2m_field_name()
    through._base_manager.filter(**{f"{name}__in": pks}).delete()


def _kept_with(model: type[Model], known: Register) -> Iterator[tuple[Declaration, str]]:
    for declared in known:
        path = declared.kept_with if declared.holds_person else ""
        if path and column(declared.model, path).related_model is model:
            yield declared, path


def _file_fields(model: type[Model]) -> list[FileField]:
    return [field for field in model._meta.concrete_fields if isinstance(field, FileField)]


def _delete_files(model: type[Model], pks: Collection[Any], fields: Iterable[FileField]) -> None:
    for field in fields:
        rows = model._base_manager.filter(pk__in=pks)
        for name in rows.values_list(field.name, flat=True):
            if name:
                field.storage.delete(name)
