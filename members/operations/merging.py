"""Somebody is in the register twice: the two accounts become one."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from members import merging
from members.models import DistinctPeople, User
from members.operations.histories import note_actor
from members.operations.refusals import CannotMerge
from members.operations.rights import demand

_FILLED_IN = ("phone", "employer", "title")


@transaction.atomic
def merge_people(*, kept: User, gone: User, reason: str, by: User) -> User:
    """Everything of `gone` belongs to `kept` afterwards, and its account is no more.

    What `kept` says of itself stays; what is empty is filled in. Raises CannotMerge, with every
    reason, and then nothing has happened.
    """
    demand(by, "members.change_user", "members.change_membership")
    people = {person.pk: person for person in _locked(kept, gone)}
    if len(people) != 2:
        raise CannotMerge
    kept, gone = people[kept.pk], people[gone.pk]
    if kept.is_staff and not by.is_superuser:
        raise CannotMerge(_("Only an administrator changes accounts of staff."))
    found = merging.obstacles(kept, gone)
    if found:
        raise CannotMerge(" ".join(found))
    story = _("Merged with %(name)s, %(email)s: %(reason)s")
    words = {"name": gone.name, "email": gone.email, "reason": reason}
    try:
        with transaction.atomic():
            merging.move_all(kept, gone)
    except IntegrityError as error:
        raise CannotMerge from error
    _fill_in(kept, gone)
    note_actor(kept, by, story % words)
    kept.save()
    _remove(gone, kept, by)
    return kept


def _locked(*people: User) -> list[User]:
    """In one order, so that two who merge at once cannot wait for each other."""
    keys = [person.pk for person in people]
    return list(User.objects.select_for_update().filter(pk__in=keys).order_by("pk"))


def _fill_in(kept: User, gone: User) -> None:
    for name in _FILLED_IN:
        setattr(kept, name, getattr(kept, name) or getattr(gone, name))
    kept.created_at = min(kept.created_at, gone.created_at)


def _remove(gone: User, kept: User, by: User) -> None:
    """Its last version joins the history of who stays."""
    key = gone.pk
    note_actor(gone, by, _("Merged into %(email)s") % {"email": kept.email})
    gone.delete()
    User.history.filter(id=key).update(id=kept.pk)


def say_distinct(*, one: User, other: User, by: User) -> DistinctPeople:
    """They only seem to be one person, and are shown together no more."""
    demand(by, "members.change_user")
    first, second = sorted([one, other], key=lambda person: person.pk)
    row, _created = DistinctPeople.objects.get_or_create(
        one=first, other=second, defaults={"decided_by": by}
    )
    return row
