"""Two accounts of one person become one, with nothing lost.

Every row of every room that points at the account that goes is pointed at the one that stays; that
needs no word from the room. A room says here only what must be done otherwise, and what stands in
the way.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from billing.operations.accounts import change_account
from members.models import BillingDetails, User

Obstacle = Callable[[User, User], Iterator[str]]
Mover = Callable[[User, User], None]

# What belongs to logging in to the account that goes.
LEFT_BEHIND = frozenset(
    {
        "account.EmailAddress",
        "mfa.Authenticator",
        "usersessions.UserSession",
        "members.DistinctPeople",
    }
)
_obstacles: list[Obstacle] = []
_movers: dict[str, Mover] = {}


def stands_in_the_way(find: Obstacle) -> Obstacle:
    """Register a function that is given who stays and who goes, and yields sentences."""
    _obstacles.append(find)
    return find


def moved_by(*labels: str) -> Callable[[Mover], Mover]:
    """Register a function for models whose rows cannot just be pointed elsewhere."""

    def register(move: Mover) -> Mover:
        _movers.update(dict.fromkeys(labels, move))
        return move

    return register


def obstacles(kept: User, gone: User) -> list[str]:
    """Why these two cannot be merged as they are; to be put right first."""
    return [words for find in _obstacles for words in find(kept, gone)]


@dataclass(frozen=True)
class Pointer:
    """A column of some room that points at people."""

    model: type[models.Model]
    field: str

    def rows(self, person: User) -> Any:
        """Past the model's own manager, which may hide rows or refuse changes."""
        return models.QuerySet(self.model).filter(**{self.field: person})


def pointers() -> list[Pointer]:
    """Every column that points at people, histories included."""
    return [
        Pointer(model, field.name)
        for model in apps.get_models()
        if model._meta.label not in LEFT_BEHIND and model._meta.managed
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model is User
    ]


def move_all(kept: User, gone: User) -> None:
    """Point everything at who stays. Raises IntegrityError where the database forbids it."""
    done: set[Mover] = set()
    for pointer in pointers():
        mover = _movers.get(pointer.model._meta.label)
        if mover is None:
            pointer.rows(gone).update(**{pointer.field: kept})
        elif mover not in done:
            mover(kept, gone)
            done.add(mover)
    User.history.filter(id=gone.pk).update(id=kept.pk)


def held_by(person: User) -> list[tuple[str, int]]:
    """What the rooms hold of a person, in words, with how many of each."""
    found = []
    for pointer in pointers():
        if pointer.field in {"user", "person", "buyer"} and not _is_history(pointer.model):
            count = pointer.rows(person).count()
            if count:
                found.append((capfirst(str(pointer.model._meta.verbose_name_plural)), count))
    return found


def _is_history(model: type[models.Model]) -> bool:
    return hasattr(model, "instance_type")


# --- This room's own, and billing's, which knows nobody above it ----------------------------------


@moved_by("billing.Invoice", "billing.Payment")
def _invoices(kept: User, gone: User) -> None:
    change_account(before=gone, after=kept)


@moved_by("members.BillingDetails")
def _payer(kept: User, gone: User) -> None:
    """Who stays keeps their payer; the other's is taken where there is none."""
    theirs = BillingDetails.objects.filter(user=gone)
    if BillingDetails.objects.filter(user=kept).exists():
        theirs.delete()
    else:
        theirs.update(user=kept)


@stands_in_the_way
def _overlapping(kept: User, gone: User) -> Iterator[str]:
    own = [row for row in kept.memberships.all() if row.last_day_on >= row.starts_on]
    for row in gone.memberships.all():
        for other in own:
            if row.starts_on <= other.last_day_on and other.starts_on <= row.last_day_on:
                yield _("Both are members between %(first)s and %(last)s. End one of the two.") % {
                    "first": max(row.starts_on, other.starts_on),
                    "last": min(row.last_day_on, other.last_day_on),
                }


@stands_in_the_way
def _both_in_review(kept: User, gone: User) -> Iterator[str]:
    if all(person.applications.to_review().exists() for person in (kept, gone)):
        yield _("Both have an application to review. Decide on one of them.")


@stands_in_the_way
def _staff_and_erased(kept: User, gone: User) -> Iterator[str]:
    if kept == gone:
        yield _("These are one and the same account.")
    if gone.is_staff:
        yield _("The account that goes is one of staff. Take its rights away first.")
    if kept.erased_at or gone.erased_at:
        yield _("One of them has been erased.")
