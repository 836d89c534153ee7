"""Whose data a page of the staff has read, found where rows are read: no page can forget it.

While a request is answered, every row of a declared table that is loaded is remembered; when the
page was one of the staff's, each person behind those rows gets a row in the log. This listens to
Django's `post_init` and changes nothing by it.
"""

from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.db.models.signals import post_init
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from privacy.collection import tables
from privacy.declarations import Declaration
from privacy.fingerprints import fingerprint
from privacy.operations.looking import note_look
from privacy.register import register

Next = Callable[[HttpRequest], HttpResponse]
Seen = dict[type[Model], dict[Any, Model]]

_seen: ContextVar[Seen | None] = ContextVar("rows_read_for_this_request", default=None)


def listen() -> None:
    """Called once at start, when every table is known."""
    for _declared, model in tables():
        post_init.connect(_remember, sender=model, dispatch_uid=f"looks:{model._meta.label}")


def _remember(sender: type[Model], instance: Model, **_kwargs: Any) -> None:
    seen = _seen.get()
    if seen is not None and instance.pk is not None:
        seen.setdefault(sender, {})[instance.pk] = instance


def note_looks(get_response: Next) -> Next:
    """Middleware: what the answer has read is written down before it leaves."""

    def middleware(request: HttpRequest) -> HttpResponse:
        seen: Seen = {}
        before = _seen.set(seen)
        try:
            response = get_response(request)
        finally:
            _seen.reset(before)
        if seen and _is_for_staff(request):
            _write(request, seen)
        return response

    return middleware


def _is_for_staff(request: HttpRequest) -> bool:
    """By the decorator on the view, or a page of the admin."""
    match = request.resolver_match
    if match is None or not (request.user.is_authenticated and request.user.is_staff):
        return False
    access = getattr(match.func, "access", None)
    return match.app_name == "admin" or (access is not None and access.who == "staff")


def _write(request: HttpRequest, seen: Seen) -> None:
    accounts, guests = whose(seen)
    declared = _page_table(request) or next(
        found for model in seen if (found := register.of(model)) is not None
    )
    match = request.resolver_match
    assert match is not None  # noqa: S101  a page of the staff has an address
    number = match.kwargs.get("object_id") or match.kwargs.get("pk") or ""
    note_look(
        by=request.user,  # type: ignore[arg-type]
        persons=accounts,
        guests=guests,
        purpose=declared.main.key,
        what=f"{declared.label} {number}".strip(),
        view=match.view_name + (" (search)" if request.GET.get("q") else ""),
        at=timezone.now(),
    )


def _page_table(request: HttpRequest) -> Declaration | None:
    """The table that a page of the admin is about."""
    name = request.resolver_match.url_name if request.resolver_match else ""
    for model in admin.site._registry:
        if (name or "").startswith(f"{model._meta.app_label}_{model._meta.model_name}_"):
            declared = register.of(model)
            return declared if declared and declared.holds_person else None
    return None


# --- From rows to people ------------------------------------------------------------------------


def whose(seen: Seen) -> tuple[set[Any], set[str]]:
    """The accounts behind the rows, and guests by the fingerprint of their address."""
    accounts: set[Any] = set()
    guests: set[str] = set()
    for model, rows in seen.items():
        declared = register.of(model)
        for owners, email in _owners(declared, model, rows) if declared else ():
            accounts.update(owners)
            if email and not owners:
                guests.add(fingerprint(email.lower()))
    return accounts, guests


def _owners(
    declared: Declaration, model: type[Model], rows: dict[Any, Model]
) -> Iterator[tuple[set[Any], str]]:
    """Of each row, by each way: the accounts, and the address it is known by."""
    ways = register.ways(declared)
    wanted = [path for way in ways for path in (*way.links, *filter(None, [way.email]))]
    for values in _values(model, rows, wanted) if wanted else ():
        by_path = dict(zip(wanted, values, strict=True))
        for way in ways:
            owners = {by_path[path] for path in way.links} - {None}
            yield owners, by_path.get(way.email, "")


def _values(
    model: type[Model], rows: dict[Any, Model], wanted: list[str]
) -> Iterable[tuple[Any, ...]]:
    """Off the rows themselves where that is possible, or with one query."""
    names = [_attname(model, path) for path in wanted]
    if all(name and name in row.__dict__ for name in names for row in rows.values()):
        return [tuple(row.__dict__[name] for name in names if name) for row in rows.values()]
    return model._base_manager.filter(pk__in=rows).values_list(*wanted)


def _attname(model: type[Model], path: str) -> str | None:
    if path == "pk":
        return model._meta.pk.attname
    return None if "__" in path else model._meta.get_field(path).attname  # type: ignore[union-attr]
